"""Names and values written in cases, checked against the pack and typed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screening.errors import Problem, did_you_mean
from screening.quantity import Quantity, parse_quantity
from screening.result.contract import MISSING_REASONS, NOT_APPLICABLE, PLACE_GRADES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from screening.catalog import Column
    from screening.rulebook.case_file import Expect
    from screening.rulebook.model import Fact, RulePack
    from screening.strict_yaml import Document

Place = tuple[str | int, ...]

MISSING = "missing"
DEFAULT_REASON = "not_disclosed"
IN_DIRECTION = "in_direction"
"""A column that a case may give to a row of `patents`, instead of a title to read."""

_INVALID = object()


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact as a case states it: a value, or the ends between which it lies and the reason why it is not known."""

    value: object = None
    low: object = None
    high: object = None
    reason: str | None = None

    @property
    def is_known(self) -> bool:
        """True when there is one value."""
        return self.reason is None


class Names:
    """Checks that what a case names is in the pack; collects the problems of one file."""

    def __init__(self, document: Document, pack: RulePack) -> None:
        self.document, self.pack = document, pack
        self.problems: list[Problem] = []
        self.criteria = {c for _, _, c, _ in pack.criteria_of()} | set(pack.deductions.items if pack.deductions else ())
        self.pillars = {p for half in pack.criteria.values() for p in half.pillars}

    def problem(self, code: str, message: str, path: Place, remedy: str = "", *, key: bool = False) -> None:
        """Keep a problem with its place."""
        self.problems.append(self.document.problem(code, message, path, remedy=remedy, key=key))

    def unknown(self, what: str, name: str, known: Collection[str], path: Place) -> None:
        """Say that the pack has no such thing."""
        shown = ", ".join(sorted(known)[:8])
        self.problem(
            "case/unknown-name",
            f"the pack has no {what} '{name}'",
            path,
            did_you_mean(name, known) or (f"it has: {shown}" if shown else ""),
            key=True,
        )

    def known(self, what: str, name: str, known: Collection[str], path: Place) -> bool:
        """Return whether `name` is known; say so when it is not."""
        if name not in known:
            self.unknown(what, name, known, path)
        return name in known

    def lacking(self, stated: Sequence[str], path: Place) -> Iterator[str]:
        """Yield tables and `table.column` that a case takes away."""
        for number, name in enumerate(stated):
            table, _, column = name.partition(".")
            if self.known("table", table, self.pack.tables, (*path, number)) and (
                not column or self.known("column", column, self.pack.tables[table].columns, (*path, number))
            ):
                yield name

    def check_class(self, domain: str, direction: str, path: Place) -> None:
        """Check the ids of a class."""
        if domain:
            self.known("domain", domain, self.pack.domains, (*path, "domain"))
        if direction:
            self.known("direction", direction, {d for _, d, _ in self.pack.directions()}, (*path, "direction"))

    def check_expect(self, expect: Expect, path: Place, key_at: Place | None = None) -> None:
        """Check every name that an expectation uses."""
        if expect.classified is not None:
            self.check_class(expect.classified.domain or "", expect.classified.direction or "", (*path, "class"))
        for section, what, known in (
            ("gates", "gate", self.pack.gates),
            ("points", "criterion or deduction", self.criteria),
            ("pillars", "pillar", self.pillars),
            ("measures", "measure", self.pack.measures),
            ("facts", "fact", self.pack.facts),
            ("stage", "stage axis", self.pack.stages),
        ):
            for name in getattr(expect, section):
                self.known(what, name, known, key_at or (*path, section, name))
        for axis, wanted in expect.stage.items():
            values = self.pack.stages[axis].values if axis in self.pack.stages else ()
            for value in (wanted,) if isinstance(wanted, str) else wanted:
                if values:
                    self.known(f"value of {axis}", value, values, (*path, "stage", axis))
        if expect.place_grade is not None:
            self.known("place grade", expect.place_grade, PLACE_GRADES, (*path, "place_grade"))
        if expect.route not in (None, "none"):
            self.known("route", str(expect.route), self.pack.verdict.routes, (*path, "route"))


class Values:
    """Types what a case writes in cells and facts."""

    def __init__(self, pack: RulePack, names: Names) -> None:
        self.pack, self.names = pack, names

    def rows(self, table: str, rows: Sequence[Mapping[str, Any]], path: Place) -> tuple[Mapping[str, object], ...]:
        """Type the rows of a child table."""
        if not self.names.known("table", table, self.pack.tables, path):
            return ()
        return tuple(self.row(table, row, (*path, number)) for number, row in enumerate(rows))

    def row(self, table: str, row: Mapping[str, Any], path: Place) -> dict[str, object]:
        """Type one row; a column that is not written is missing."""
        columns = self.pack.tables[table].columns
        typed: dict[str, object] = {}
        for name, written in row.items():
            if table == "patents" and name == IN_DIRECTION:
                typed[name] = written if isinstance(written, bool) else None
                continue
            if not self.names.known(f"column of {table}", name, columns, (*path, name)):
                continue
            value = None if written is None else self._cell(columns[name], written, (*path, name), name)
            typed[name] = None if value is _INVALID else value
        return typed

    def _cell(self, column: Column, written: object, path: Place, name: str) -> object:
        kind = "text" if column.type == "code" else column.type
        return self._value(kind, column.unit, column.values, written, path, name)

    def facts(
        self, written: Mapping[str, Any], path: Place, varied: tuple[str, Place, Place] | None = None
    ) -> dict[str, FactValue]:
        """Type facts; `varied` gives the fact of an edge and where its value and its name stand."""
        typed: dict[str, FactValue] = {}
        for fact_id, value in written.items():
            at, name_at = (
                (varied[1], varied[2]) if varied and fact_id == varied[0] else ((*path, fact_id), (*path, fact_id))
            )
            if self.names.known("fact", fact_id, self.pack.facts, name_at):
                found = self._fact(self.pack.facts[fact_id], value, at, fact_id)
                if found is not None:
                    typed[fact_id] = found
        return typed

    def _fact(self, fact: Fact, written: Any, path: Place, name: str) -> FactValue | None:
        bottom, top = fact.range or (None, None)
        if written == MISSING and MISSING not in fact.values:
            return FactValue(None, bottom, top, DEFAULT_REASON)
        if written == NOT_APPLICABLE and NOT_APPLICABLE not in fact.values:
            return FactValue(None, bottom, top, NOT_APPLICABLE)
        if isinstance(written, dict):
            reason = written.get(MISSING)
            if set(written) != {MISSING} or reason not in MISSING_REASONS:
                self.names.problem(
                    "case/value",
                    f"'{name}' needs a value, [low, high] or {{missing: reason}}",
                    path,
                    f"reasons: {', '.join(MISSING_REASONS)}",
                )
                return None
            return FactValue(None, bottom, top, reason)
        if isinstance(written, list | tuple):
            ends = [self._value(fact.type, fact.unit, fact.values, end, path, name) for end in written]
            if len(ends) != 2 or _INVALID in ends or fact.type not in ("decimal", "integer"):
                self.names.problem("case/value", f"'{name}' needs [low, high]", path, "write two numbers, lower first")
                return None
            return FactValue(None, ends[0], ends[1], DEFAULT_REASON)
        value = self._value(fact.type, fact.unit, fact.values, written, path, name)
        return None if value is _INVALID else FactValue(value, value, value)

    def _value(self, kind: str, unit: str, allowed: Collection[str], written: object, path: Place, name: str) -> object:
        """Return the typed value, `_INVALID` after saying what is wrong."""
        if kind in ("decimal", "integer"):
            return self._number(kind, unit, written, path, name)
        if kind == "boolean":
            return written if isinstance(written, bool) else self._wrong(name, "true or false", written, path)
        if kind == "date":
            try:
                return datetime.date.fromisoformat(str(written))
            except ValueError:
                return self._wrong(name, "a date like 2024-09-14", written, path)
        if not isinstance(written, str):
            return self._wrong(name, f'text in quotes, such as "{written}"', written, path)
        if kind == "category" and written not in allowed:
            self.names.problem(
                "case/value",
                f"'{written}' is not a value of '{name}'",
                path,
                did_you_mean(written, allowed) or f"values: {', '.join(allowed)}",
            )
            return _INVALID
        return written

    def _number(self, kind: str, unit: str, written: object, path: Place, name: str) -> object:
        quantity: Quantity | None = parse_quantity(written)
        if quantity is None:
            return self._wrong(name, "a number, such as 5%, 500万元 or 12", written, path)
        if quantity.unit not in (None, unit) and unit != "none":
            self.names.problem(
                "unit/mismatch",
                f"'{written}' is in {quantity.unit}, but '{name}' is in {unit}",
                path,
                f"write it in {unit}",
            )
            return _INVALID
        if kind == "integer" and quantity.value != int(quantity.value):
            return self._wrong(name, "a whole number", written, path)
        return quantity.value

    def _wrong(self, name: str, needed: str, written: object, path: Place) -> object:
        self.names.problem("case/value", f"'{name}' must be {needed}, not {written!r}", path, f"write {needed}")
        return _INVALID
