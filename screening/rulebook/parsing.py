"""Every expression of a pack read against the names it may use, at one date."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from screening.errors import Problem, did_you_mean
from screening.expression import Literal as Literal_
from screening.expression import Name, Node, names, parse, substitute, unit_of
from screening.quantity import Quantity
from screening.rulebook.edges import program_of
from screening.rulebook.functions import Expect, Function, Relative
from screening.rulebook.scope import (
    AS_OF,
    CLASSIFIED,
    IN_DIRECTION,
    PLACED,
    TOTALS,
    ParsedPack,
    Path_,
    bounds,
    fact_name,
    function_expressions,
    functions,
    table_scope,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.rulebook.ground import Number
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.model import Fact, Parameter

MAX_FACT_DEPTH = 40
"""Facts that may stand on top of each other; the plan's own pack has 6."""


def parse_pack(loaded: LoadedPack, as_of: datetime.date) -> ParsedPack:
    """Return the pack with every expression read, at one date. Problems are collected, not raised.

    A pack is read once: asked for the same date again, it is the same object; for another date, only the values in force are
    put in.
    """
    if as_of not in loaded.parsed:
        known = next(iter(loaded.parsed.values())).trees if loaded.parsed else {}
        loaded.parsed[as_of] = _Parser(loaded, as_of, known).run()
    found: ParsedPack = loaded.parsed[as_of]
    return found


class _Parser:
    """Walks the pack once; one method per section."""

    def __init__(self, loaded: LoadedPack, as_of: datetime.date, known: Mapping[Path_, Node]) -> None:
        self.loaded, self.pack, self.document, self.as_of = loaded, loaded.pack, loaded.document, as_of
        self.known = known
        self.trees: dict[Path_, Node] = {}
        self.nodes: dict[Path_, Node] = {}
        self.named: dict[Path_, frozenset[str]] = {}
        self.problems: list[Problem] = []
        self.numbers: dict[str, Quantity] = {}
        self.texts: dict[str, str] = {}
        self.constants: dict[str, Node] = {AS_OF.id: Literal_.of(as_of)}
        self.parameter_names: dict[str, Name] = {AS_OF.id: AS_OF}

    def run(self) -> ParsedPack:
        self._parameters()
        self._facts()
        order = self._fact_order()
        self._rows_read_rows(order)
        base = self._facts_scope()
        axes: dict[str, Name] = {}
        for axis_id, axis in self.pack.stages.items():
            for value_id, value in axis.values.items():
                if value.when is not None:
                    self._parse(("stages", axis_id, "values", value_id, "when"), value.when, base | axes, "boolean")
            axes[axis_id] = Name(axis_id, "category", values=tuple(axis.values))
        judged = {**base, **axes, **PLACED}
        for gate_id, gate in self.pack.gates.items():
            self._parse(("gates", gate_id, "fails_when"), gate.fails_when, judged, "boolean")
            self._optional(("gates", gate_id, "applies_when"), gate.applies_when, judged)
            self._quantity(("gates", gate_id, "valid_for"), gate.valid_for, ("months", "days", "years"))
        for half_id, pillar_id, criterion_id, criterion in self.pack.criteria_of():
            path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
            self._function(criterion.score, (*path, "score"), judged)
            self._optional((*path, "applies_when"), criterion.applies_when, judged)
        if self.pack.deductions is not None:
            for item_id, item in self.pack.deductions.items.items():
                self._function(item.score, ("deductions", "items", item_id, "score"), judged)
        self._verdict(judged)
        for section in ("measures", "ladder"):
            for rule_id, rule in getattr(self.pack, section).items():
                self._optional((section, rule_id, "when"), rule.when, judged)
        return ParsedPack(
            loaded=self.loaded,
            as_of=self.as_of,
            nodes=self.nodes,
            numbers=self.numbers,
            texts=self.texts,
            fact_order=order,
            problems=tuple(self.problems),
            named=self.named,
            trees=self.trees,
            made=program_of,
        )

    # -- names

    def _parameters(self) -> None:
        for parameter_id, parameter in self.pack.parameters.items():
            if parameter.text is not None:
                self.texts[parameter_id] = parameter.text
                self.constants[parameter_id] = Literal_.of(parameter.text)
                self.parameter_names[parameter_id] = Name(parameter_id, "text")
                continue
            quantity = self._value_at(parameter_id, parameter) or Quantity(1, parameter.unit)
            if quantity.unit and parameter.unit not in ("none", quantity.unit):
                self._problem(
                    "unit/mismatch",
                    f"'{quantity}' is in {quantity.unit}, the parameter in {parameter.unit}",
                    ("parameters", parameter_id, "value"),
                    f"write the value in {parameter.unit}",
                )
            self.numbers[parameter_id] = replace(quantity, unit=parameter.unit)
            self.constants[parameter_id] = Literal_.of(quantity.value, parameter.unit)
            self.parameter_names[parameter_id] = Name(parameter_id, "decimal", parameter.unit)

    def _value_at(self, parameter_id: str, parameter: Parameter) -> Quantity | None:
        """Return the value in force; before the first one, the first (the run says so)."""
        path: Path_ = ("parameters", parameter_id)
        if parameter.value is not None:
            return self._plain(parameter.value, (*path, "value"))
        if not parameter.values:
            self._problem("schema/missing-key", f"parameter '{parameter_id}' has no value", path, "add `value:`")
            return None
        dated = sorted(parameter.values, key=lambda v: v.valid_from or datetime.date.min)
        held = [v for v in dated if v.valid_from is None or v.valid_from <= self.as_of]
        chosen = held[-1] if held else dated[0]
        return self._plain(chosen.value, (*path, "values", parameter.values.index(chosen), "value"))

    def _plain(self, value: Number, path: Path_) -> Quantity | None:
        if isinstance(value, Quantity):
            return value
        self._problem("schema/wrong-type", f"'{value}' is not a number", path, "write a number, 5%, or 500万元")
        return None

    def _facts_scope(self) -> dict[str, Name]:
        facts = {fact_id: fact_name(fact_id, fact) for fact_id, fact in self.pack.facts.items()}
        kind = self.pack.tables["companies"].columns.get("entity_kind") if "companies" in self.pack.tables else None
        entity = {"entity_kind": Name("entity_kind", "category", values=kind.values)} if kind else {}
        return {**CLASSIFIED, **entity, **self.parameter_names, **facts}

    def _facts(self) -> None:
        base = self._facts_scope()
        main = table_scope(self.pack.tables["companies"]) if "companies" in self.pack.tables else {}
        for fact_id, fact in self.pack.facts.items():
            path: Path_ = ("facts", fact_id)
            if fact.table:
                self._child_fact(path, fact)
            else:
                # In its own expression a fact's name means the column of that name, elsewhere the fact.
                scope = main | base
                if fact_id in main:
                    scope[fact_id] = main[fact_id]
                expect: Expect = {"decimal": "number", "integer": "number", "boolean": "boolean", "date": "date"}.get(
                    fact.type, "text"
                )  # type: ignore[assignment]
                if fact.expr is not None:
                    self._parse((*path, "expr"), fact.expr, scope, expect)
                if fact.interval is not None:
                    for end in ("low", "high"):
                        self._parse((*path, "interval", end), getattr(fact.interval, end), scope, "number")
            self._optional((*path, "not_applicable_when"), fact.not_applicable_when, base)
            self._quantity((*path, "valid_for"), fact.valid_for, ("months", "days", "years"))
            for key, given in (("if_none", fact.if_none), ("on_base", fact.on_base)):
                self._name((*path, key), frozenset([given] if isinstance(given, str) else []))
            if fact.type in ("decimal", "integer") and fact.range is None:
                self._problem(
                    "fact/no-range",
                    f"the numeric fact '{fact_id}' has no range",
                    path,
                    "add `range: [lowest, highest]`; a missing value lies anywhere inside it",
                )

    def _child_fact(self, path: Path_, fact: Fact) -> None:
        table = self.pack.tables.get(fact.table)
        if table is None:
            self._problem(
                "fact/unknown-table",
                f"there is no table '{fact.table}'",
                (*path, "from"),
                did_you_mean(fact.table, self.pack.tables),
            )
            return
        # A column hides a fact of its name; facts over rows cannot be read row by row, see `_rows_read_rows`.
        facts = {f: fact_name(f, other) for f, other in self.pack.facts.items() if not other.table}
        scope = {**self.parameter_names, **facts, **table_scope(table)}
        if fact.table == "patents":
            scope[IN_DIRECTION.id] = IN_DIRECTION
        if fact.where is not None:
            self._parse((*path, "where"), fact.where, scope, "boolean", row_level=True)
        if fact.of is not None:
            expect: Expect = "boolean" if fact.take in ("any", "every") else "any"
            self._parse((*path, "of"), fact.of, scope, expect, row_level=True)
        elif fact.take not in ("count", "any"):
            self._problem(
                "fact/no-of", f"`take: {fact.take}` needs `of:` (what to aggregate)", (*path, "take"), "add `of:`"
            )
        window = fact.window
        for column_id in () if window is None else (*([window.on] if window.on else []), *window.valid_between):
            if column_id not in table.columns:
                self._problem(
                    "fact/unknown-column",
                    f"table '{fact.table}' has no column '{column_id}'",
                    (*path, "window"),
                    did_you_mean(column_id, table.columns),
                )
            elif table.columns[column_id].type != "date":
                self._problem(
                    "fact/not-a-date", f"'{column_id}' is not a date column", (*path, "window"), "name a date column"
                )

    def _fact_order(self) -> tuple[str, ...]:
        """Return the facts so that each comes after those it reads; circles and endless chains are problems.

        A fact that cannot be placed is left out, and its expressions with it.
        """
        reads = self._fact_reads()
        level: dict[str, int] = {}
        waiting = dict(reads)
        while waiting:
            ready = [f for f, needed in waiting.items() if needed <= level.keys()]
            if not ready:
                self._circle({f: needed - level.keys() for f, needed in waiting.items()})
                break
            for fact_id in ready:
                level[fact_id] = 1 + max((level[n] for n in reads[fact_id]), default=0)
                del waiting[fact_id]
            if max(level.values()) > MAX_FACT_DEPTH:
                deep = max(level, key=level.__getitem__)
                self._problem(
                    "fact/too-deep",
                    f"'{deep}' rests on facts that rest on facts, {MAX_FACT_DEPTH} times over and more",
                    ("facts", deep),
                    "say it with fewer steps in between",
                )
                waiting[deep] = level.pop(deep)  # type: ignore[assignment]
                break
        for path in [p for p in self.nodes if p[0] == "facts" and p[1] in waiting]:
            del self.nodes[path]
        return tuple(level)

    def _fact_reads(self) -> dict[str, frozenset[str]]:
        """Return the facts that each fact is worked out from.

        In a fact's own expression its name means the column of that name, if any; in a filter of rows their columns hide facts.
        """
        facts = self.pack.facts.keys()
        main = self.pack.tables["companies"].columns if "companies" in self.pack.tables else {}
        found: dict[str, set[str]] = {fact_id: set() for fact_id in facts}
        for path, node in self.nodes.items():
            if path[0] != "facts":
                continue
            fact_id = str(path[1])
            table = self.pack.tables.get(self.pack.facts[fact_id].table)
            hidden: set[str] = set()
            if table is not None and path[2] in ("where", "of"):
                hidden = set(table.columns)
            elif path[2] != "not_applicable_when" and fact_id in main:
                hidden = {fact_id}
            found[fact_id] |= (names(node) & facts) - hidden
        return {fact_id: frozenset(named) for fact_id, named in found.items()}

    def _circle(self, left: Mapping[str, frozenset[str]]) -> None:
        """Report one circle among facts that wait for each other, at the first of its facts in written order."""
        seen: list[str] = []
        fact_id = next(iter(left))
        while fact_id not in seen:
            seen.append(fact_id)
            fact_id = min(left[fact_id], key=list(left).index)
        circle = seen[seen.index(fact_id) :]
        first = min(circle, key=list(left).index)
        turned = [*circle[circle.index(first) :], *circle[: circle.index(first)], first]
        path: Path_ = next(p for p in self.nodes if p[:2] == ("facts", first) and names(self.nodes[p]) & set(circle))
        shown = " → ".join(turned if len(turned) <= 8 else [*turned[:7], "…", first])
        self._problem(
            "fact/circle",
            f"the fact '{first}' refers to itself"
            if len(circle) == 1
            else f"facts refer to each other in a circle: {shown}",
            path,
            "break the circle",
        )

    def _rows_read_rows(self, order: tuple[str, ...]) -> None:
        """A filter of rows may read what is known of the company itself, not what other rows yield."""
        resting: set[str] = set()
        reads = self._fact_reads()
        for fact_id in order:
            fact = self.pack.facts[fact_id]
            filtered = [self.nodes.get(("facts", fact_id, key)) for key in ("where", "of")]
            named = frozenset[str]().union(*(names(node) for node in filtered if node is not None))
            taken = sorted(reads[fact_id] & resting & named)
            if fact.table and taken:
                self._problem(
                    "fact/rows-read-rows",
                    f"the filter of '{fact_id}' reads '{taken[0]}', which rests on rows itself",
                    ("facts", fact_id),
                    "a filter reads columns of its rows and facts of the company that rest on no child table",
                )
            if fact.table or reads[fact_id] & resting:
                resting.add(fact_id)

    # -- sections

    def _verdict(self, judged: Mapping[str, Name]) -> None:
        pillars = {
            pillar_id: Name(pillar_id, "decimal", "points", range=(0, 100))
            for half in self.pack.criteria.values()
            for pillar_id in half.pillars
        }
        scored = {c: Name(c, "decimal", "points", range=(-1000, 1000)) for _, _, c, _ in self.pack.criteria_of()}
        totals = {n: self._open(name) for n, name in TOTALS.items()}
        scope = {**judged, **scored, **{n: self._open(name) for n, name in pillars.items()}, **totals}
        self._parse(("verdict", "shortlist_when"), self.pack.verdict.shortlist_when, scope, "boolean")
        holding = self.pack.verdict.version_at(self.as_of)
        for place, version in enumerate(self.pack.verdict.versions):
            # Every version is read and checked; the one that holds on the day takes the place of what stands above.
            if version.shortlist_when is not None:
                at: Path_ = ("verdict", "versions", place, "shortlist_when")
                self._parse(at, version.shortlist_when, scope, "boolean")
                node = self.nodes.pop(at, None)
                if place == holding and node is not None:
                    self.nodes["verdict", "shortlist_when"] = node
        for route_id, route in self.pack.verdict.routes.items():
            self._parse(("verdict", "routes", route_id, "when"), route.when, scope, "boolean")

    def _open(self, name: Name) -> Name:
        """A total of plain points may be above 100: a table of 125 has its floors there."""
        plain = any(half.scale == "points" for half in self.pack.criteria.values())
        return replace(name, range=None) if plain and name.unit == "points" else name

    def _function(self, function: Function, path: Path_, scope: Mapping[str, Name]) -> None:
        for inner_path, inner in functions(function, path):
            unit = None
            for expression_path, text, expect in function_expressions(inner, inner_path):
                node = self._parse(expression_path, text, scope, expect)
                unit = unit_of(node) if node is not None else None
            for bound_path, bound in bounds(inner, inner_path):
                if isinstance(inner, Relative):
                    self._name(bound_path, frozenset([bound] if isinstance(bound, str) else []))
                    continue
                self._bound(bound, bound_path, unit)

    def _name(self, path: Path_, found: frozenset[str]) -> None:
        named = found & self.pack.parameters.keys()
        if named:
            self.named[path] = named

    def _bound(self, bound: Number, path: Path_, unit: str | None) -> None:
        self._name(path, frozenset([bound] if isinstance(bound, str) else []))
        quantity = bound if isinstance(bound, Quantity) else self.numbers.get(bound)
        if quantity is None:
            self._problem(
                "expression/unknown-name",
                f"'{bound}' is neither a number nor a parameter",
                path,
                did_you_mean(str(bound), self.numbers) or "write a number, 5%, 500万元, or a parameter's id",
            )
        elif quantity.unit not in (None, "none") and unit not in (None, "none") and quantity.unit != unit:
            self._problem(
                "unit/mismatch",
                f"'{bound}' is in {quantity.unit}, but the value is in {unit}",
                path,
                f"write the bound in {unit}",
            )

    def _quantity(self, path: Path_, value: Number | None, units: tuple[str, ...]) -> None:
        if value is None:
            return
        self._name(path, frozenset([value] if isinstance(value, str) else []))
        quantity = value if isinstance(value, Quantity) else self.numbers.get(value)
        if quantity is None or quantity.unit not in units:
            self._problem("unit/mismatch", f"'{value}' is not a time span", path, "write it like 6个月 or 1年")

    def _optional(self, path: Path_, text: str | None, scope: Mapping[str, Name]) -> None:
        if text is not None:
            self._parse(path, text, scope, "boolean")

    def _parse(
        self, path: Path_, text: str, scope: Mapping[str, Name], expect: Expect, *, row_level: bool = False
    ) -> Node | None:
        node = self.known.get(path)
        if node is None:
            position = self.document.position(path)
            node, problems = parse(
                text,
                scope,
                expect=expect,
                position=position,
                line_text=self.document.line(position),
                catalogues=self.pack.catalogues,
                row_level=row_level,
            )
            self.problems.extend(
                self._column_meant(p, scope) if path[0] != "facts" else _column_wanted(p) for p in problems
            )
        if node is not None:
            self.trees[path] = node
            # A column or fact of the same name hides a parameter.
            meant = {k: v for k, v in self.constants.items() if scope.get(k) is self.parameter_names.get(k)}
            self._name(path, names(node) & meant.keys())
            node = substitute(node, meant)
            self.nodes[path] = node
        return node

    def _column_meant(self, problem: Problem, scope: Mapping[str, Name]) -> Problem:
        """Rules read facts; of a company's column that stands in a rule, say how it becomes one."""
        table = self.pack.tables.get("companies")
        if problem.code != "expression/unknown-name" or table is None:
            return problem
        meant = next((c for c in table.columns if c not in scope and f"'{c}'" in problem.message), None)
        return (
            problem
            if meant is None
            else replace(problem, remedy=f"rules read facts, not columns: define a fact with `expr: {meant}`")
        )

    def _problem(self, code: str, message: str, path: Path_, remedy: str = "") -> None:
        self.problems.append(self.document.problem(code, message, path, remedy=remedy))


def _column_wanted(problem: Problem) -> Problem:
    """A fact that reads what no table has: say where a column of the analyst's own is declared."""
    if problem.code != "expression/unknown-name" or problem.remedy:
        return problem
    return replace(problem, remedy="a column of your own is declared first, under `tables: {companies: {columns: …}}`")
