"""What can still be checked in a pack that the models refuse: the rules that they do not refuse."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening.rulebook.loader import LoadedPack
from screening.rulebook.messages import faults, is_unread
from screening.rulebook.model import RulePack
from screening.rulebook.parsing import parse_pack

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from screening.errors import Problem
    from screening.rulebook.loader import MergedPack
    from screening.rulebook.scope import ParsedPack, Path_

_QUOTED = re.compile(r"'([^']+)'")

ROUNDS = 12
"""Each round takes out what was refused; taking a rule out can make another one refused."""

_HEAD = {"id": "unnamed", "version": "0", "label": {"zh": "-"}}
_VERDICT = {"label": {"zh": "-"}, "weights": {}, "shortlist_when": "true", "set_by": "fund"}
_RULE_DEPTH = {
    "criteria": 6,
    "deductions": 3,
    "domains": 4,
    "places": 1,
    "classification": 1,
    "stages": 2,
    "tables": 4,
    "weights": 1,
}
"""How deep the single rule stands in a section; 2 elsewhere (`gates.x`)."""


def check_rest(
    layers: MergedPack, as_of: datetime.date, checks: Sequence[Callable[[ParsedPack], Iterator[Problem]]]
) -> list[Problem]:
    """Return the problems of the rules that are sound in form.

    Nothing is said about a file that could not be read, nor of anything that names a rule which was taken out.
    """
    if is_unread(layers.document):
        return []
    pack, lost = _sound_part(layers.document.data)
    if pack is None:
        return []
    parsed = parse_pack(
        LoadedPack(pack, layers.document, "", layers.read.path, layers.read.folders, layers.catalogues), as_of
    )
    found = [*parsed.problems, *(problem for check in checks for problem in check(parsed))]
    return [p for p in found if p.is_error and lost.isdisjoint(_QUOTED.findall(p.message))]


def _sound_part(data: dict[str, Any]) -> tuple[RulePack | None, set[str]]:
    """Return the pack without what is refused, and the ids of the rules taken out."""
    data, lost = copy.deepcopy(data), set[str]()
    for _ in range(ROUNDS):
        try:
            return RulePack.model_validate(data), lost
        except ValidationError as error:
            for path, is_key in faults(error):
                if is_key:
                    _drop(data, path)
                else:
                    lost.update(_take_out(data, path))
    return None, lost


def _take_out(data: dict[str, Any], path: Path_) -> Iterator[str]:
    """Take out the rule that `path` is in, and give its id; the head and the verdict are replaced, for a pack needs them."""
    section = str(path[0])
    if section in ("pack", "verdict"):
        data[section] = dict(_HEAD if section == "pack" else _VERDICT)
        return
    depth = min(_RULE_DEPTH.get(section, 2), len(path))
    if depth:
        _drop(data, path[:depth])
        yield str(path[depth - 1])


def _drop(data: Any, path: Path_) -> None:
    for part in path[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict):
        data.pop(path[-1], None)
