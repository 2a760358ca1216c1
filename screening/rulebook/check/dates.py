"""Dates: values in force one after the other, rules that end after they begin."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING

from screening.rulebook.ground import Rule, parts
from screening.rulebook.model import DatedValue, Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack, Path_

_DAY = datetime.timedelta(days=1)
DATED: tuple[Path_, ...] = (("pack",), ("gates",), ("criteria",), ("deductions",), ("verdict", "routes"), ("measures",))
"""Where the engine obeys `effective_from:` and `effective_to:`."""


def check_dates(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield dated values that overlap or leave gaps, and spans that end before they begin."""
    document, pack = parsed.loaded.document, parsed.pack
    for path, start, end in _spans(pack):
        for key, day in (("effective_from", start), ("effective_to", end)):
            if (
                day is not None
                and (*path, key) in document.values
                and not any(path[: len(place)] == place for place in DATED)
            ):
                yield document.problem(
                    "dates/not-dated-here",
                    f"`{key}:` has no effect here: '{path[-1]}' would count on every day",
                    (*path, key),
                    key=True,
                    remedy="use dated `values:`"
                    if path[0] == "parameters"
                    else "put the days on the rule that reads it",
                )
        if start is not None and end is not None and start > end:
            yield document.problem(
                "dates/inverted",
                f"it ends on {end}, before it begins on {start}",
                path,
                key=True,
                remedy="swap the two dates, or correct one",
            )
    for parameter_id, parameter in pack.parameters.items():
        here: Path_ = ("parameters", parameter_id)
        given = [k for k in ("value", "values", "text") if getattr(parameter, k) not in (None, ())]
        if len(given) > 1:
            yield document.problem(
                "dates/two-values",
                f"the parameter has both `{given[0]}:` and `{given[1]}:`",
                (*here, given[1]),
                key=True,
                remedy="keep one; `values:` is for values that change with time",
            )
        yield from _succession(parsed, parameter.values, (*here, "values"))
    yield from _in_force(parsed)


def _spans(pack: RulePack) -> Iterator[tuple[Path_, datetime.date | None, datetime.date | None]]:
    for path, part in parts(pack):
        if isinstance(part, Rule | Head):
            yield path, part.effective_from, part.effective_to
        elif isinstance(part, DatedValue):
            yield path, part.valid_from, part.valid_to


def _succession(parsed: ParsedPack, values: tuple[DatedValue, ...], path: Path_) -> Iterator[Problem]:
    """Each value holds until its last day, or until the next begins."""
    document = parsed.loaded.document
    dated = sorted(enumerate(values), key=lambda v: v[1].valid_from or datetime.date.min)
    for (_, before), (number, after) in itertools.pairwise(dated):
        start = after.valid_from or datetime.date.min
        place: Path_ = (*path, number, "from")
        if start == (before.valid_from or datetime.date.min):
            yield document.problem(
                "dates/overlap", "two values begin on the same day", (*path, number), remedy="keep one of them"
            )
        elif before.valid_to is not None and start <= before.valid_to:
            yield document.problem(
                "dates/overlap",
                f"this value begins on {start}, while the one before holds until {before.valid_to}",
                place,
                remedy=f"let the earlier one end on {start - _DAY}",
            )
        elif before.valid_to is not None and start > before.valid_to + _DAY:
            yield document.problem(
                "dates/gap",
                f"no value is stated from {before.valid_to + _DAY} to {start - _DAY}: the earlier one goes on",
                place,
                severity="warning",
                remedy="close the gap, or leave `to:` out",
            )


def _in_force(parsed: ParsedPack) -> Iterator[Problem]:
    document, head, as_of = parsed.loaded.document, parsed.pack.pack, parsed.as_of
    if head.effective_from is not None and as_of < head.effective_from:
        yield document.problem(
            "dates/before-pack",
            f"on {as_of} the pack is not yet in force",
            ("pack", "effective_from"),
            severity="notice",
            remedy="older data are screened with its first valid values",
            details=(("as_of", as_of.isoformat()), ("start", head.effective_from.isoformat())),
        )
    if head.effective_to is not None and as_of > head.effective_to:
        yield document.problem(
            "dates/after-pack",
            f"the pack ended on {head.effective_to}",
            ("pack", "effective_to"),
            severity="warning",
            remedy="use the pack that follows it, or give --as-of",
            details=(("end", head.effective_to.isoformat()),),
        )
    for section in ("gates", "measures"):
        for rule_id, rule in getattr(parsed.pack, section).items():
            yield from _idle(parsed, rule, (section, rule_id))
    for half_id, pillar_id, criterion_id, rule in parsed.pack.criteria_of():
        yield from _idle(parsed, rule, ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id))


def _idle(parsed: ParsedPack, rule: Rule, path: Path_) -> Iterator[Problem]:
    if not parsed.in_force(rule):
        yield parsed.loaded.document.problem(
            "dates/not-in-force",
            f"'{path[-1]}' is not in force on {parsed.as_of}, so it plays no part",
            path,
            key=True,
            severity="notice",
            remedy="see its effective_from and effective_to",
            details=(("rules", str(path[-1])), ("as_of", parsed.as_of.isoformat())),
        )
