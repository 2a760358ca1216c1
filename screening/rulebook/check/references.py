"""Every id that a rule refers to stands somewhere: clauses, directions, tracks, tiers, values, columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from screening.errors import did_you_mean
from screening.expression import Ref
from screening.rulebook.check.rules import all_functions
from screening.rulebook.functions import Lookup, Relative, Switch
from screening.rulebook.scope import CLASSIFIED, PLACED, Path_
from screening.rulebook.sources import sources

if TYPE_CHECKING:
    from screening.errors import Problem
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack

TRACK = "track"
LISTS = ("shortlist", "long_list")


def check_references(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield every reference to an id that the pack does not have."""
    for code, what, name, path, known, key in _references(parsed.pack):
        if name not in known:
            yield parsed.loaded.document.problem(
                code, f"there is no {what} '{name}'", path, key=key, remedy=_remedy(name, known)
            )
    yield from _values(parsed)


def _remedy(name: str, known: Collection[str]) -> str:
    if not known:
        return "the pack has none"
    return did_you_mean(name, known) or f"known: {', '.join(list(known)[:8])}{', …' if len(known) > 8 else ''}"


_Reference = tuple[str, str, str, Path_, Collection[str], bool]
"""Code, what is referred to, the id, where it stands, the ids there are, and whether it stands as a key."""


def _references(pack: RulePack) -> Iterator[_Reference]:
    yield from _clauses(pack)
    yield from _directions(pack)
    yield from _places(pack)
    yield from _tracks(pack)
    yield from _verdict(pack)
    yield from _tables(pack)
    yield from _stages(pack)
    numbers = [f for f, fact in pack.facts.items() if fact.type in ("decimal", "integer")]
    for fact_id in pack.peers.facts if pack.peers is not None else ():
        yield "reference/unknown-fact", "fact of a number", fact_id, ("peers", "facts", fact_id), numbers, True
    for target_id, target in pack.targets.items():
        if target.indicator is not None:
            rungs = [r for r, rung in pack.ladder.items() if rung.when is not None]
            yield (
                "reference/unknown-rung",
                "rung with a condition",
                target.indicator,
                ("targets", target_id, "indicator"),
                rungs,
                False,
            )
    rules = (
        {criterion_id for _, _, criterion_id, _ in pack.criteria_of()}
        | set(pack.gates)
        | set(pack.deductions.items if pack.deductions else ())
    )
    for number, lift in enumerate(pack.pack.lifts):
        yield "reference/unknown-rule", "rule", lift.rule, ("pack", "lifts", number, "rule"), rules, False


def _clauses(pack: RulePack) -> Iterator[_Reference]:
    for path, source in sources(pack):
        if source.clause and not source.document:
            yield "source/unknown-clause", "clause", source.clause, (*path, "clause"), pack.clauses, False


def _directions(pack: RulePack) -> Iterator[_Reference]:
    directions = {direction_id for _, direction_id, _ in pack.directions()}
    either = [*pack.domains, *(d for _, d, _ in pack.directions())]
    what = "domain or direction"
    for entry_id in pack.lexicon:
        yield "reference/unknown-direction", what, entry_id, ("lexicon", entry_id), either, True
    for entry_id, words in pack.lexicon.items():
        own = pack.domains[entry_id].directions if entry_id in pack.domains else ()
        for name in words.nearest:
            yield (
                "reference/unknown-direction",
                "direction of the domain",
                name,
                ("lexicon", entry_id, "nearest", name),
                own,
                True,
            )
    yield from _each(
        "reference/unknown-direction", what, pack.classification.precedence, ("classification", "precedence"), either
    )
    for combo_id, combo in pack.combos.items():
        for key in ("directions", "with_directions"):
            yield from _each(
                "reference/unknown-direction", "direction", getattr(combo, key), ("combos", combo_id, key), directions
            )
    for entry_id, entry in (pack.places.entries if pack.places else {}).items():
        path: Path_ = ("places", "entries", entry_id)
        yield from _each("reference/unknown-direction", "domain", entry.domains, (*path, "domains"), pack.domains)
        for number, sub in enumerate(entry.sub_industries):
            yield (
                "reference/unknown-direction",
                "direction",
                sub.direction,
                (*path, "sub_industries", number, "direction"),
                directions,
                False,
            )


def _each(code: str, what: str, ids: Iterable[str], path: Path_, known: Collection[str]) -> Iterator[_Reference]:
    for number, name in enumerate(ids):
        yield code, what, name, (*path, number), known, False


def _places(pack: RulePack) -> Iterator[_Reference]:
    if pack.places is None:
        return
    for entry_id, entry in pack.places.entries.items():
        path: Path_ = ("places", "entries", entry_id)
        if entry.cities:
            yield from _each("reference/unknown-city", "city", entry.cities, (*path, "cities"), pack.places.cities)
        elif not any(entry_id.endswith(city) for city in pack.places.cities):
            # The entry of one city is named after it, such as 四·广州市.
            yield "reference/unknown-city", "city", entry_id.rpartition("·")[2], path, pack.places.cities, True


def _tracks(pack: RulePack) -> Iterator[_Reference]:
    axis = pack.stages.get(TRACK)
    tracks = axis.values if axis is not None else ()
    for half_id, half in pack.criteria.items():
        for pillar_id, pillar in half.pillars.items():
            path: Path_ = ("criteria", half_id, "pillars", pillar_id)
            weighted = [
                (path, pillar.weight),
                *(((*path, "criteria", c), rule.weight) for c, rule in pillar.criteria.items()),
            ]
            for place, weight in weighted:
                for track in weight if isinstance(weight, dict) else ():
                    yield "reference/unknown-track", "track", track, (*place, "weight", track), tracks, True


def _verdict(pack: RulePack) -> Iterator[_Reference]:
    verdict = pack.verdict
    for half in verdict.weights:
        yield "reference/unknown-half", "half", half, ("verdict", "weights", half), pack.criteria, True
    for title in verdict.list_titles:
        yield "reference/unknown-list", "list", title, ("verdict", "list_titles", title), LISTS, True
    if verdict.tiers is None:
        return
    fits, merits = ([step.id for step in steps] for steps in (verdict.tiers.fit, verdict.tiers.merit))
    used = {tier for row in verdict.tiers.matrix.values() for tier in row.values()}
    path: Path_ = ("verdict", "tiers")
    for fit, row in verdict.tiers.matrix.items():
        yield "reference/unknown-step", "fit step", fit, (*path, "matrix", fit), fits, True
        for merit in row:
            yield "reference/unknown-step", "merit step", merit, (*path, "matrix", fit, merit), merits, True
    for tier in verdict.tiers.labels:
        yield "reference/unknown-tier", "tier", tier, (*path, "labels", tier), used, True


def _tables(pack: RulePack) -> Iterator[_Reference]:
    for table_id, table in pack.tables.items():
        path: Path_ = ("tables", table_id)
        yield from _each(
            "reference/unknown-column", f"column of '{table_id}' called", table.key, (*path, "key"), table.columns
        )
        if table.fiscal_year is not None:
            yield (
                "reference/unknown-column",
                f"column of '{table_id}' called",
                table.fiscal_year,
                (*path, "fiscal_year"),
                table.columns,
                False,
            )
        if table.parent is not None:
            # Rows are joined to companies once: a child of a child would stay without one.
            roots = [name for name, other in pack.tables.items() if other.parent is None]
            what = "main table" if table.parent in pack.tables else "table"
            yield "reference/unknown-table", what, table.parent, (*path, "parent"), roots, False
        for column_id, column in table.columns.items():
            if column.derived_from is not None:
                yield (
                    "reference/unknown-column",
                    f"column of '{table_id}' called",
                    column.derived_from,
                    (*path, "columns", column_id, "derived_from"),
                    table.columns,
                    False,
                )
    entity = pack.tables["companies"].columns.get("entity_kind") if "companies" in pack.tables else None
    for kind in pack.classification.entity_kinds if entity is not None else ():
        yield (
            "reference/unknown-value",
            "kind of entity",
            kind,
            ("classification", "entity_kinds", kind),
            entity.values if entity is not None else (),
            True,
        )


def _stages(pack: RulePack) -> Iterator[_Reference]:
    for axis_id, axis in pack.stages.items():
        yield from _each(
            "reference/unknown-value",
            f"value of '{axis_id}' called",
            axis.assume,
            ("stages", axis_id, "assume"),
            axis.values,
        )


def _values(parsed: ParsedPack) -> Iterator[Problem]:
    """Values of a category in `lookup:` and `to:`, the order of `best`, and the groups of peers."""
    pack, unknown = parsed.pack, "reference/unknown-value"
    groups = [*CLASSIFIED, *PLACED, *pack.stages, *pack.facts]
    stated: list[tuple[str, str, str, Path_, Collection[str], bool]] = []
    for _, path, function in all_functions(pack):
        if isinstance(function, Lookup | Switch):
            key, text_key = ("lookup", "of") if isinstance(function, Lookup) else ("to", "switch")
            node = parsed.nodes.get((*path, text_key))
            if isinstance(node, Ref) and node.name.values:
                said = f"'{node.name.id}' is never '{{}}'"
                stated += [(unknown, said, v, (*path, key, v), node.name.values, True) for v in getattr(function, key)]
        elif isinstance(function, Relative):
            code, said = "reference/unknown-group", "peers cannot be grouped by '{}'"
            stated += [
                (code, said, name, (*path, "within", n), groups, False) for n, name in enumerate(function.within)
            ]
    for fact_id, fact in pack.facts.items():
        at: Path_ = ("facts", fact_id)
        said = f"'{fact_id}' is never '{{}}'"
        stated += [(unknown, said, value, (*at, "labels", value), fact.values, True) for value in fact.labels]
        node = parsed.nodes.get((*at, "of"))
        if fact.order and isinstance(node, Ref) and node.name.values:
            said = f"'{node.name.id}' is never '{{}}'"
            stated += [(unknown, said, v, (*at, "order", n), node.name.values, False) for n, v in enumerate(fact.order)]
    for code, said, value, place, known, is_key in stated:
        if value not in known:
            remedy = _remedy(value, known)
            yield parsed.loaded.document.problem(code, said.format(value), place, key=is_key, remedy=remedy)
