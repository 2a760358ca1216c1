"""Words and sources of rules as records: what a pack says of itself, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.expression_sql.decimals import decimal_of
from screening.result.records import (
    AuthorityRecord,
    Citation,
    ClauseRecord,
    NamedLimit,
    Text,
    TierGrid,
    TierStep,
    VerdictRecord,
)
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from screening.catalog import Label
    from screening.rulebook.ground import Rule
    from screening.rulebook.model import RulePack, StageValue
    from screening.rulebook.program import Program
    from screening.rulebook.scope import ParsedPack


TOLD = "told"
"""A direction that the texts tell (or a person), against the nearest to what they tell."""


def share(number: Any) -> Decimal:
    """Return a share that a pack states as an exact decimal."""
    return decimal_of(getattr(number, "value", number))


def text(label: Label | None) -> Text:
    """Return a label of the pack as a record."""
    return Text(label.zh, label.en) if label is not None else Text("")


def names(pack: RulePack, lang: str) -> dict[str, str]:
    """Return what things of a pack are called, by id; a city by its Chinese name; a pillar also as `half.pillar`, a stage as `axis.stage`, a tier as `tier A`, a table as `table.id`."""
    known: dict[str, Label] = {
        f"{a}.{v}": value.label for a, axis in pack.stages.items() for v, value in axis.values.items()
    }
    known |= {i: domain.label for i, domain in pack.domains.items()} | {i: d.name for _, i, d in pack.directions()}
    known |= {i: rule.label for section in (pack.facts, pack.gates, pack.measures) for i, rule in section.items()}
    known |= {f"table.{i}": table.label for i, table in pack.tables.items() if table.label}
    for half_id, half in pack.criteria.items():
        known[half_id] = half.label
        for pillar_id, pillar in half.pillars.items():
            known |= {pillar_id: pillar.label, f"{half_id}.{pillar_id}": pillar.label}
    known |= {criterion_id: criterion.label for _, _, criterion_id, criterion in pack.criteria_of()}
    known |= {f"tier {tier}": label for tier, label in pack.verdict.tier_labels().items()}
    cities = pack.places.cities if pack.places is not None else {}
    return {key: label.text(lang) for key, label in known.items()} | {
        name: Text(name, city.en).text(lang) for name, city in cities.items()
    }


def citation(pack: RulePack, rule: Rule | StageValue) -> Citation:
    """Return what a rule rests on, with the line of its clause."""
    source = rule.source
    if source is None:
        return Citation(set_by=rule.set_by or "")
    clause = pack.clauses.get(source.clause)
    line = clause.line if clause is not None and not source.document else None
    return Citation(source.clause, source.quote, line, source.document, rule.set_by or "")


def domain_text(pack: RulePack, domain_id: str | None) -> Text | None:
    """Return the name of a domain."""
    domain = pack.domains.get(domain_id or "")
    return text(domain.label) if domain else None


def direction_text(
    pack: RulePack, domain_id: str | None, direction_id: str | None, basis: str | None = TOLD
) -> Text | None:
    """Return the name of a direction, marked where the texts tell the domain alone and this is the nearest."""
    domain = pack.domains.get(domain_id or "")
    direction = domain.directions.get(direction_id or "") if domain else None
    if direction is None:
        return None
    return text(direction.name) if basis == TOLD else nearest_text(text(direction.name))


def nearest_text(name: Text) -> Text:
    """Return the name of a direction marked as the nearest to what the texts tell."""
    return Text(f"{name.zh}(最接近)", f"{name.en} (nearest)")


def told_direction(row: Mapping[str, Any]) -> str | None:
    """Return the direction of a row of `ranking` that its texts tell; None where it is only the nearest, or there is none."""
    return row["direction_id"] if row["direction_basis"] == TOLD else None


def authority(pack: RulePack) -> AuthorityRecord | None:
    """Return the document that the pack encodes."""
    stated = pack.pack.authority
    if stated is None:
        return None
    note = text(stated.note) if stated.note else None
    return AuthorityRecord(
        stated.number, stated.title, stated.issuer, stated.issued_on, stated.sha256, stated.published_on, note
    )


def facts_of_axis(program: Program, axis_id: str) -> tuple[str, ...]:
    """Return the facts that decide a stage axis, itself or through the axes it looks at."""
    axes = dict.fromkeys((axis_id, *(key.id for key in program.below([Key("axis", axis_id)], ("axis",)))))
    return tuple(dict.fromkeys(f for axis in axes for f in program.facts("axis", axis)))


def verdict(parsed: ParsedPack) -> VerdictRecord:
    """Return how the pack reaches a score and a short list, with the limits its condition names."""
    pack, rule = parsed.pack, parsed.pack.verdict
    named = [p for p in pack.parameters if p in rule.shortlist_when and p in parsed.numbers]
    return VerdictRecord(
        weights=tuple(
            (half, text(pack.criteria[half].label), decimal_of(weight))
            for half, weight in rule.weights.items()
            if half in pack.criteria
        ),
        shortlist_when=rule.shortlist_when,
        neutral=decimal_of(pack.pack.neutral),
        tiers=_tiers(pack),
        limits=tuple(
            NamedLimit(text(pack.parameters[p].label), decimal_of(parsed.numbers[p].value), pack.parameters[p].unit)
            for p in named
        ),
    )


def _tiers(pack: RulePack) -> TierGrid | None:
    tiers = pack.verdict.tiers
    if tiers is None:
        return None
    return TierGrid(
        fit=tuple(TierStep(s.id, decimal_of(s.at_least)) for s in tiers.fit),
        merit=tuple(TierStep(s.id, decimal_of(s.at_least)) for s in tiers.merit),
        cells={fit: dict(row) for fit, row in tiers.matrix.items()},
        labels={tier: text(label) for tier, label in tiers.labels.items()},
    )


def clauses(pack: RulePack) -> tuple[ClauseRecord, ...]:
    """Return the clauses of the plan with the rules that cite them, in the plan's order."""
    cited: dict[str, list[str]] = {}
    for rule_id, rule in _rules(pack):
        if rule.source is not None and not rule.source.document:
            cited.setdefault(rule.source.clause, []).append(rule_id)
    return tuple(
        ClauseRecord(c, text(clause.title), clause.line, tuple(cited.get(c, ())), alias=clause.alias)
        for c, clause in pack.clauses.items()
    )


def _rules(pack: RulePack) -> Iterator[tuple[str, Rule | StageValue]]:
    for domain_id, domain in pack.domains.items():
        yield domain_id, domain
        yield from domain.directions.items()
    if pack.places is not None:
        yield from pack.places.entries.items()
    for axis_id, axis in pack.stages.items():
        yield from ((f"{axis_id}.{value_id}", value) for value_id, value in axis.values.items())
    for section in (
        pack.parameters,
        pack.facts,
        pack.gates,
        pack.measures,
        pack.actions,
        pack.targets,
        pack.combos,
        pack.ladder,
        pack.safeguards,
        pack.verdict.routes,
    ):
        yield from section.items()
    for _, _, criterion_id, criterion in pack.criteria_of():
        yield criterion_id, criterion
    if pack.deductions is not None:
        yield from pack.deductions.items.items()
