"""Never scored: forbidden inputs are traced from each criterion through facts down to columns.

An error inside `criteria` and `deductions`; gates and the verdict may use what is a matter of eligibility. An entry of
`pack.lifts` that names the rule, the input and its legal basis lifts one: in an overlay, or for a rule that an official
document prescribes (its `source: {document: …}`), for then the document itself is the basis.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screening.expression import Call, Compare, In, IsNull, Literal, Name, Node, Ref, names, walk
from screening.rulebook.check.logic import implies
from screening.rulebook.check.never_scored import (
    BY_ID,
    NAMES,
    NEVER_SCORED,
    PLACE,
    TITLE_HOLDERS,
    Forbidden,
    forms,
    named_in,
)
from screening.rulebook.check.references import TRACK
from screening.rulebook.check.rules import Scored, criteria, score_nodes, scored
from screening.rulebook.functions import Cases, Lookup, Switch
from screening.rulebook.scope import IN_DIRECTION, PLACED, Path_, column_name, functions, table_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from screening.catalog import Label
    from screening.errors import Problem
    from screening.rulebook.functions import Function
    from screening.rulebook.model import Fact, Gate, Route
    from screening.rulebook.scope import ParsedPack

CODE = "policy/forbidden-input"


@dataclass(frozen=True, slots=True)
class Trail:
    """The facts on the way down to an input, and every name the rule has been followed to: each is followed once."""

    facts: tuple[str, ...] = ()
    seen: set[str] = field(default_factory=set)

    def deeper(self, name: str) -> Trail:
        """Return the trail one name further."""
        self.seen.add(name)
        return Trail((*self.facts, name), self.seen)


@dataclass(frozen=True, slots=True)
class ForbiddenUse:
    """A forbidden input found in a rule: where, and by which facts it came."""

    entry: Forbidden
    name: str
    path: Path_
    through: Trail = field(default_factory=Trail)


def check_policy(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield every forbidden input that no lift covers, and lifts that cover nothing."""
    used: set[int] = set()
    for rule in scored(parsed.pack):
        for finding in _once(_of_rule(parsed, rule)):
            yield from _judged(parsed, rule.id, rule.rule, finding, used)
    for again, finding in _twice(parsed):
        yield from _judged(parsed, again.id, again.rule, finding, used)
    for rule_id, path, gate in _eligibility(parsed):
        for finding in _once(_of_conditions(parsed, path, getattr(gate, "label", None), rule_id)):
            decides = getattr(gate, "effect", "") != "warn" and finding.name not in NAMES
            if finding.entry.in_gates or (finding.entry.no_knock_out and decides):
                yield from _judged(parsed, rule_id, gate, finding, used)
    for number, lift in enumerate(parsed.pack.pack.lifts):
        if number not in used:
            yield parsed.loaded.document.problem(
                "policy/lift-unused",
                f"this lifts '{lift.input}' for '{lift.rule}', which does not use it",
                ("pack", "lifts", number),
                severity="warning",
                remedy=f"remove it; inputs that can be lifted: {', '.join(BY_ID)}",
            )


def _judged(parsed: ParsedPack, rule_id: str, rule: object, finding: ForbiddenUse, used: set[int]) -> Iterator[Problem]:
    document, head = parsed.loaded.document, parsed.pack.pack
    source = getattr(rule, "source", None)
    prescribed = source is not None and bool(source.document)
    by = f" (through {' → '.join(finding.through.facts)})" if finding.through.facts else ""
    said = (
        f"'{rule_id}' uses '{finding.name}'{by}: {finding.entry.what} is never scored"
        if finding.name
        else (f"'{rule_id}': {finding.entry.what} is never scored")
    )
    for number, lift in enumerate(head.lifts):
        if lift.rule == rule_id and lift.input in (finding.entry.id, finding.name):
            used.add(number)
            if head.extends or head.layers or prescribed:
                yield document.problem(
                    "policy/lifted-input",
                    f"{said}; lifted by this pack",
                    ("pack", "lifts", number),
                    severity="notice",
                    remedy=f"stated basis: {lift.legal_basis}",
                    details=(("rules", rule_id), ("basis", lift.legal_basis)),
                )
            else:
                yield document.problem(
                    "policy/lift-without-base",
                    f"only an overlay may lift '{finding.entry.id}' for a rule that no document prescribes",
                    ("pack", "lifts", number),
                    remedy="put the rule and its lift in a pack with `extends:`, or cite the document",
                )
            return
    yield document.problem(
        CODE,
        said,
        finding.path,
        remedy=f"{finding.entry.why}; with a legal basis: `lifts: [{{rule: {rule_id}, input: {finding.entry.id}, legal_basis: …}}]`",
        details=(("rules", rule_id), ("input", finding.entry.id)),
    )


def _once(findings: Iterable[ForbiddenUse]) -> Iterator[ForbiddenUse]:
    """Yield each input once; what a gate may read (a name) does not stand for what it may not."""
    seen: set[tuple[str, bool]] = set()
    for finding in findings:
        key = (finding.entry.id, finding.name in NAMES)
        if key not in seen:
            seen.add(key)
            yield finding


# --- one rule --------------------------------------------------------------------------------------------------------


def _of_rule(parsed: ParsedPack, rule: Scored) -> Iterator[ForbiddenUse]:
    yield from _worded(rule.id, rule.rule.label, rule.path, Trail())
    for path, node in score_nodes(rule, parsed):
        yield from _traced(parsed, node, path, Trail())
    condition = parsed.nodes.get((*rule.path, "applies_when"))
    if condition is not None:
        yield from _traced(parsed, condition, (*rule.path, "applies_when"), Trail())
    if _weighs_by_track(parsed, rule):
        yield from _axis(parsed, TRACK, (*rule.path, "weight"), Trail())
    for path, function in functions(rule.rule.score, rule.score_path):
        for value in _keys(function):
            yield from _told(parsed, value, path, Trail())
        chosen = parsed.nodes.get((*path, "of"))
        if (
            isinstance(function, Lookup)
            and isinstance(chosen, Ref)
            and chosen.name.id == "fit_grade"
            and function.lookup.get("name", function.otherwise) > 0
        ):
            yield ForbiddenUse(BY_ID["name_only_direction"], "name", (*path, "lookup"))


def _of_conditions(parsed: ParsedPack, path: Path_, label: Label | None, rule_id: str) -> Iterator[ForbiddenUse]:
    if label is not None:
        yield from _worded(rule_id, label, path, Trail())
    for key in ("fails_when", "applies_when", "when", "shortlist_when"):
        node = parsed.nodes.get((*path, key))
        if node is not None:
            yield from _traced(parsed, node, (*path, key), Trail())


def _eligibility(parsed: ParsedPack) -> Iterator[tuple[str, Path_, Gate | Route | None]]:
    for gate_id, gate in parsed.pack.gates.items():
        yield gate_id, ("gates", gate_id), gate
    yield "verdict", ("verdict",), None
    for route_id, route in parsed.pack.verdict.routes.items():
        yield route_id, ("verdict", "routes", route_id), route


def _traced(parsed: ParsedPack, node: Node, place: Path_, through: Trail) -> Iterator[ForbiddenUse]:
    """Follow an expression down; every finding stands at the rule's own expression."""
    # Whether a code or a name is there says nothing of the place.
    bare = {id(part.operand) for part in walk(node) if isinstance(part, IsNull)}
    for part in walk(node):
        if id(part) in bare and isinstance(part, Ref) and part.name.id in ("uscc", "company_id", *NAMES):
            continue
        if isinstance(part, Literal) and isinstance(part.value, str):
            yield from _told(parsed, part.value, place, through)
        if isinstance(part, IsNull):
            yield ForbiddenUse(BY_ID["missingness"], "is null", place, through)
        elif isinstance(part, Call) and part.function == "length":
            yield ForbiddenUse(BY_ID["keyword_strength"], "length", place, through)
        elif _names_the_name_grade(part):
            yield ForbiddenUse(BY_ID["name_only_direction"], "name", place, through)
        elif isinstance(part, Ref):
            yield from _named(parsed, part.name, place, through)


def _names_the_name_grade(part: Node) -> bool:
    """`fit_grade = 'name'`, or a list that holds it."""
    match part:
        case Compare("=", Ref(name), Literal("name")):
            return name.id == "fit_grade"
        case In(Ref(name), items):
            return name.id == "fit_grade" and any(isinstance(i, Literal) and i.value == "name" for i in items)
    return False


def _named(parsed: ParsedPack, name: Name, place: Path_, through: Trail) -> Iterator[ForbiddenUse]:
    if name.id in parsed.pack.stages and name.id not in through.seen:
        yield from _axis(parsed, name.id, place, through)
        return
    fact = parsed.pack.facts.get(name.id)
    if fact is None or name.id in through.facts:
        # In its own expression a fact's name means the column of that name. In the verdict a pillar may be called like a place.
        main = parsed.pack.tables.get("companies")
        is_column = main is not None and name.id in main.columns and column_name(name.id, main.columns[name.id]) == name
        if fact is not None or is_column or PLACED.get(name.id) == name:
            yield from _column(parsed, "companies", name.id, place, through, engine=PLACED.get(name.id) == name)
        return
    if name.id in through.seen:
        return
    deeper = through.deeper(name.id)
    yield from _worded(name.id, fact.label, place, through)
    if fact.table:
        yield from _child(parsed, name.id, fact, place, deeper)
        return
    for key in (("expr",), ("interval", "low"), ("interval", "high"), ("not_applicable_when",)):
        node = parsed.nodes.get(("facts", name.id, *key))
        if node is not None:
            yield from _traced(parsed, node, place, deeper)


def _child(parsed: ParsedPack, fact_id: str, fact: Fact, place: Path_, through: Trail) -> Iterator[ForbiddenUse]:
    where, of = (parsed.nodes.get(("facts", fact_id, key)) for key in ("where", "of"))
    if (fact.where is not None and where is None) or (fact.of is not None and of is None):
        return  # Not readable: reported already.
    table = parsed.pack.tables.get(fact.table)
    if table is not None:
        yield from _worded(fact.table, table.label, place, through)
    condition = parsed.nodes.get(("facts", fact_id, "not_applicable_when"))
    if condition is not None:
        yield from _traced(parsed, condition, place, through)
    scope = table_scope(table) if table is not None else {}
    if fact.table == "patents" and not _is_owned_and_granted(scope, where):
        yield ForbiddenUse(BY_ID["raw_patent_count"], "patents", place, through)
    if fact.table == "holders" and not _is_about_title(scope, where):
        yield ForbiddenUse(BY_ID["ownership"], "holders", place, through)
    for column_id in sorted((names(where) if where else frozenset()) | (names(of) if of else frozenset())):
        if fact.table != "holders":
            yield from _column(parsed, fact.table, column_id, place, through, engine=False)
    if fact.table == "holdings":
        yield ForbiddenUse(BY_ID["fund_affiliation"], "holdings", place, through)
    for node in (n for n in (where, of) if n is not None):
        for part in walk(node):
            if isinstance(part, Literal) and isinstance(part.value, str):
                yield from _told(parsed, part.value, place, through)
        if any(isinstance(part, Call) and part.function == "length" for part in walk(node)):
            yield ForbiddenUse(BY_ID["keyword_strength"], "length", place, through)


def _is_owned_and_granted(scope: Mapping[str, Name], where: Node | None) -> bool:
    if where is None or not {"legal_status", "origin"} <= scope.keys():
        return False
    wanted: tuple[Node, ...] = (
        Compare("=", Ref(scope["legal_status"]), Literal.of("granted")),
        Compare("=", Ref(scope["origin"]), Literal.of("own")),
        Ref(IN_DIRECTION),
    )
    return all(implies(where, each, rows=True) for each in wanted)


def _is_about_title(scope: Mapping[str, Name], where: Node | None) -> bool:
    if where is None or "holder_kind" not in scope:
        return False
    return implies(where, In(Ref(scope["holder_kind"]), tuple(Literal.of(kind) for kind in TITLE_HOLDERS)), rows=True)


def _column(
    parsed: ParsedPack, table: str, column_id: str, place: Path_, through: Trail, *, engine: bool
) -> Iterator[ForbiddenUse]:
    for entry in NEVER_SCORED:
        if (
            (engine and column_id in entry.names)
            or f"{table}.{column_id}" in entry.columns
            or f"{table}.*" in entry.columns
            or (not engine and entry is PLACE and column_id in ("company_id", "uscc"))
        ):
            yield ForbiddenUse(entry, column_id, place, through)
    declared = parsed.pack.tables[table].columns.get(column_id) if table in parsed.pack.tables else None
    if declared is not None:
        yield from _worded(column_id, declared.label, place, through, declared.headers)


def _worded(
    id_: str, label: Label | None, place: Path_, through: Trail, headers: tuple[str, ...] = ()
) -> Iterator[ForbiddenUse]:
    labels = (label.zh, label.en) if label is not None else ()
    for entry in named_in((id_, *labels, *headers)):
        yield ForbiddenUse(entry, id_, place, through)


def _told(parsed: ParsedPack, text: str, place: Path_, through: Trail) -> Iterator[ForbiddenUse]:
    """A text that a rule compares with: a place, or a word that gives a forbidden input away."""
    if _place_names(parsed).search(forms(text)[1]):
        yield ForbiddenUse(PLACE, text, place, through)
    for entry in named_in((text,)):
        yield ForbiddenUse(entry, text, place, through)


@functools.lru_cache(maxsize=2)
def _place_names(parsed: ParsedPack) -> re.Pattern[str]:
    """Return what finds the names of the pack's province, cities and districts, with and without their kind (市, 区, 县)."""
    places = parsed.pack.places
    if places is None:
        return re.compile("(?!)")
    written = [places.province, *(n for city, spec in places.cities.items() for n in (city, *spec.districts))]
    short = (re.sub(r"(?:省|市|区|县|自治县)$", "", name) for name in written)
    every = {forms(name)[1] for name in (*written, *(s for s in short if len(s) > 1))}
    return re.compile("|".join(map(re.escape, sorted(every))))


def _keys(function: Function) -> tuple[str, ...]:
    if isinstance(function, Lookup):
        return tuple(function.lookup)
    return tuple(function.to) if isinstance(function, Switch) else ()


def _weighs_by_track(parsed: ParsedPack, rule: Scored) -> bool:
    """Tell whether the weight of a rule, or of its pillar, differs by track: then what decides the track decides points."""
    pillar = parsed.pack.criteria[rule.half].pillars[rule.pillar] if rule.half else None
    return isinstance(rule.weight, dict) or (pillar is not None and isinstance(pillar.weight, dict))


def _axis(parsed: ParsedPack, axis_id: str, place: Path_, through: Trail) -> Iterator[ForbiddenUse]:
    axis = parsed.pack.stages.get(axis_id)
    if axis is None:
        return
    yield from _worded(axis_id, axis.label, place, through)
    for value_id in axis.values:
        node = parsed.nodes.get(("stages", axis_id, "values", value_id, "when"))
        if node is not None:
            yield from _traced(parsed, node, place, through.deeper(axis_id))


# --- across rules ----------------------------------------------------------------------------------------------------


def _twice(parsed: ParsedPack) -> Iterator[tuple[Scored, ForbiddenUse]]:
    """Yield facts that two criteria score by, unless both stand in one capped pillar or their days never meet.

    What only chooses a function (`switch:`, a case with its own `score:`) is not scored by. Derived facts count as what they
    are made of where they only combine conditions or rename; a ratio of two facts is a new fact.
    """
    earlier: dict[str, list[Scored]] = {}
    for rule in criteria(parsed.pack):
        for fact_id, path in _scored_by(parsed, rule).items():
            others = earlier.setdefault(fact_id, [])
            other = next((o for o in others if _count_together(o, rule)), None)
            if other is None:
                others.append(rule)
            else:
                yield rule, ForbiddenUse(BY_ID["same_fact_twice"], fact_id, path, Trail((f"also in {other.id}",)))


def _count_together(one: Scored, other: Scored) -> bool:
    """True when two criteria may add up on some day: no common cap bounds them, and their days in force meet."""
    if one.id == other.id or (one.group and one.group == other.group):
        return False
    ends = [r.effective_to for r in (one.rule, other.rule) if r.effective_to is not None]
    starts = [r.effective_from for r in (one.rule, other.rule) if r.effective_from is not None]
    return not (starts and ends) or max(starts) <= min(ends)


def _scored_by(parsed: ParsedPack, rule: Scored) -> dict[str, Path_]:
    choosing: set[Path_] = set()
    for path, function in functions(rule.rule.score, rule.score_path):
        if isinstance(function, Switch):
            choosing.add((*path, "switch"))
        elif isinstance(function, Cases):
            choosing |= {(*path, "cases", n, "when") for n, case in enumerate(function.cases) if case.score is not None}
    found: dict[str, Path_] = {}
    for path, node in score_nodes(rule, parsed):
        for fact_id in _roots(parsed, node) if path not in choosing else ():
            found.setdefault(fact_id, path)
    return found


def _roots(parsed: ParsedPack, node: Node, seen: set[str] | None = None) -> Iterator[str]:
    """Yield the facts that an expression is made of, each once: a fact is followed once, however often it is named."""
    seen = set() if seen is None else seen
    for fact_id in sorted((names(node) & parsed.pack.facts.keys()) - seen):
        if fact_id in seen:
            continue
        seen.add(fact_id)
        own = parsed.nodes.get(("facts", fact_id, "expr"))
        made_of = (names(own) & parsed.pack.facts.keys()) - {fact_id} if own is not None else frozenset()
        if own is not None and made_of and (parsed.pack.facts[fact_id].type == "boolean" or isinstance(own, Ref)):
            yield from _roots(parsed, own, seen)
        else:
            yield fact_id
