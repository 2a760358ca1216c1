"""A small sound pack, and the same pack with a change laid over it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from screening import strict_yaml
from screening.rulebook.loader import LoadedPack
from screening.rulebook.model import RulePack
from screening.rulebook.written import expanded, with_rows_by_track

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.errors import Problem

HERE = Path(__file__).parent
AS_OF = datetime.date(2026, 1, 1)


def loaded(change: str = "", replaced: Mapping[str, str] | None = None) -> LoadedPack:
    """Return the small pack with `change`, the text of an overlay, laid over it.

    An overlay merges mappings; `replaced` gives the whole new value, as YAML text, by the dotted path of the old one.
    """
    document = with_rows_by_track(strict_yaml.read(HERE / "small.yaml", "small.yaml"))
    for path in replaced or {}:
        assert strict_yaml.remove(document, tuple(path.split(".")))
    for number, text in enumerate([change, *(_nested(path, value) for path, value in (replaced or {}).items())]):
        upper = with_rows_by_track(strict_yaml.parse(text, f"change-{number}.yaml"))
        document = strict_yaml.overlay(document, upper)
    document = expanded(document)
    assert not [p for p in document.problems if p.is_error], document.problems
    return LoadedPack(RulePack.model_validate(document.data), document, "", HERE / "small.yaml", (HERE,), {})


def _nested(path: str, value: str) -> str:
    """Return `value` under its path, each key on a line of its own."""
    keys = path.split(".")
    lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(keys)]
    return "\n".join([*lines[:-1], f"{lines[-1]} {value}"])


def said(problem: Problem) -> str:
    """Return a problem in one line: severity when it is no error, code, and the text that it points at."""
    place = problem.position
    at = problem.line_text[place.column - 1 :].strip() if place is not None else ""
    return f"{'' if problem.is_error else problem.severity + ' '}{problem.code} @ {at}"
