"""The classification measured against a gold file: precision, recall and F1, a confusion table, and every error."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.rulewords import authority, text
from screening.engine.fold import folded
from screening.engine.hits import TELLING_FIELDS, vocabulary
from screening.result.contract import GRADES, IN_SCOPE
from screening.result.evaluation_records import (
    NONE,
    Confused,
    Errors,
    Evaluation,
    EvidenceSpan,
    GoldRow,
    KindTally,
    Mistake,
    Naming,
    PackNames,
    Score,
)
from screening.result.records import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack


@dataclass(frozen=True, slots=True)
class _Predicted:
    grade: str
    domain: str
    direction: str
    is_told: bool
    domains: frozenset[str]
    is_open: bool


def evaluate(run: RunData, gold: Iterable[GoldRow]) -> Evaluation:
    """Measure the classification of a run against gold rows."""
    matched, unmatched, doubled = _matched(run, gold)
    predicted = _predictions(run, list(matched))
    pairs = [(row, predicted[company_id]) for company_id, row in matched.items()]
    with_direction = [(row, p) for row, p in pairs if row.directions]
    with_grade = [(row, p) for row, p in pairs if row.grade]
    return Evaluation(
        companies=len(matched),
        overall=_overall("", pairs),
        memberships=Score(
            "",
            sum(len(row.domains & p.domains) for row, p in pairs),
            sum(len(p.domains) for _, p in pairs),
            sum(len(row.domains) for row, _ in pairs),
        ),
        second=_second(pairs),
        naming=_naming(pairs),
        errors=_errors(pairs),
        strata=_strata(pairs),
        domains=_scores([(row.domains, p.domain) for row, p in pairs], list(run.pack.domains)),
        directions=_scores(
            [(row.directions, p.direction) for row, p in with_direction],
            [direction_id for _, direction_id, _ in run.pack.directions()],
        ),
        grades=_scores([(frozenset([row.grade]), p.grade) for row, p in with_grade], list(GRADES)),
        confusion=_confusion((_first(row.domains, p.domain), p.domain) for row, p in pairs),
        grade_confusion=_confusion((row.grade, p.grade) for row, p in with_grade),
        kinds=_kinds(pairs),
        mistakes=_mistakes(run, matched, predicted),
        baseline=_baseline(run, matched),
        unmatched=unmatched,
        doubled=doubled,
    )


def names_of(pack: RulePack) -> PackNames:
    """Return what the page of an evaluation says of a pack and calls its classes and texts."""
    head, columns = pack.pack, pack.tables["companies"].columns
    called = {domain_id: domain.label for domain_id, domain in pack.domains.items()}
    called |= {direction_id: direction.name for _, direction_id, direction in pack.directions()}
    return PackNames(
        head.id,
        head.version,
        text(head.label),
        authority(pack),
        {class_id: text(label) for class_id, label in called.items()} | {NONE: Text("不属于任何领域", "in no domain")},
        {column_id: text(column.label) for column_id, column in columns.items() if column.label},
    )


def _matched(run: RunData, gold: Iterable[GoldRow]) -> tuple[dict[str, GoldRow], tuple[GoldRow, ...], int]:
    """Pair gold rows with companies by credit code, else by name; the first company in order of id stands for a code."""
    by_code: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for row in run.rows("evaluation_keys"):
        by_code.setdefault(row["uscc"] or "", row["company_id"])
        by_name.setdefault(row["name"], row["company_id"])
    matched: dict[str, GoldRow] = {}
    unmatched = []
    doubled = 0
    for gold_row in gold:
        company_id = (by_code.get(gold_row.uscc) if gold_row.uscc else None) or by_name.get(gold_row.name)
        if company_id is None:
            unmatched.append(gold_row)
        elif company_id in matched:
            doubled += 1
        else:
            matched[company_id] = gold_row
    return matched, tuple(unmatched), doubled


def _predictions(run: RunData, companies: list[str]) -> dict[str, _Predicted]:
    rows = defaultdict(list)
    for row in run.rows("evaluation_classes", companies=companies):
        rows[row["company_id"]].append(row)
    waiting = {row["company_id"] for row in run.rows("evaluation_open", companies=companies)}
    predictions = {}
    for company_id in companies:
        found = rows[company_id]
        scoped = [row for row in found if row["grade"] in IN_SCOPE]
        first = found[0] if found else None
        lead = scoped[0] if scoped and first is scoped[0] else None
        predictions[company_id] = _Predicted(
            first["grade"] if first else NONE,
            lead["domain_id"] if lead else NONE,
            (lead["direction_id"] or lead["nearest_direction_id"] or NONE) if lead else NONE,
            bool(lead and lead["direction_id"]),
            frozenset(row["domain_id"] for row in scoped),
            company_id in waiting,
        )
    return predictions


def _overall(class_id: str, pairs: Collection[tuple[GoldRow, _Predicted]]) -> Score:
    return Score(
        class_id,
        sum(p.domain in row.domains for row, p in pairs),
        sum(p.domain != NONE for _, p in pairs),
        sum(bool(row.domains) for row, _ in pairs),
    )


def _second(pairs: Collection[tuple[GoldRow, _Predicted]]) -> Score:
    """Judge the domains beyond the first, on gold rows with several: which of them were seen, and how many beyond were claimed."""
    several = [(row.domains, p.domains, p.domain) for row, p in pairs if len(row.domains) > 1]
    return Score(
        "",
        sum(len((gold & found) - {first}) for gold, found, first in several),
        sum(len(found - {first}) for _, found, first in several),
        sum(len(gold) - 1 for gold, _, _ in several),
    )


def _naming(pairs: Collection[tuple[GoldRow, _Predicted]]) -> Naming:
    scoped = [p for _, p in pairs if p.domain != NONE]
    asked = [
        (of_domain, p)
        for row, p in pairs
        if p.domain in row.domains and (of_domain := [d for d in row.directions if d.startswith(p.domain)])
    ]
    named = [(p.direction in gold, p.is_told) for gold, p in asked if p.direction != NONE]
    return Naming(
        len(scoped),
        sum(p.direction != NONE for p in scoped),
        len(asked),
        len(named),
        sum(right for right, _ in named),
        sum(not told for _, told in named),
        sum(right and not told for right, told in named),
    )


def _errors(pairs: Collection[tuple[GoldRow, _Predicted]]) -> Errors:
    missed = [(row, p) for row, p in pairs if row.domains and p.domain == NONE]
    return Errors(
        accepted=sum(p.domain != NONE and not row.domains for row, p in pairs),
        missed=len(missed),
        wrong_domain=sum(p.domain != NONE and bool(row.domains) and p.domain not in row.domains for row, p in pairs),
        to_read=sum(p.is_open for _, p in pairs),
        missed_to_read=sum(p.is_open for _, p in missed),
    )


def _strata(pairs: Collection[tuple[GoldRow, _Predicted]]) -> tuple[Score, ...]:
    kinds: defaultdict[str, list[tuple[GoldRow, _Predicted]]] = defaultdict(list)
    for row, p in pairs:
        if row.kind:
            kinds[row.kind].append((row, p))
    return tuple(_overall(kind, within) for kind, within in sorted(kinds.items()))


def _scores(pairs: Collection[tuple[frozenset[str], str]], classes: Iterable[str]) -> tuple[Score, ...]:
    return (
        tuple(
            Score(
                class_id,
                sum(class_id in gold and found == class_id for gold, found in pairs),
                sum(found == class_id for _, found in pairs),
                sum(class_id in gold for gold, _ in pairs),
            )
            for class_id in classes
        )
        if pairs
        else ()
    )


def _first(gold: frozenset[str], predicted: str) -> str:
    """Return the gold class that a confusion table shows: the predicted one where it is right."""
    return predicted if predicted in gold else min(gold, default=NONE)


def _confusion(pairs: Iterable[tuple[str, str]]) -> tuple[Confused, ...]:
    return tuple(Confused(gold, predicted, count) for (gold, predicted), count in sorted(Counter(pairs).items()))


def _kinds(pairs: Iterable[tuple[GoldRow, _Predicted]]) -> tuple[KindTally, ...]:
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, predicted in pairs:
        if row.kind and not row.domains:
            kinds[row.kind][predicted.grade] += 1
    return tuple(
        KindTally(kind, grades.total(), dict(sorted(grades.items()))) for kind, grades in sorted(kinds.items())
    )


def _mistakes(run: RunData, matched: Mapping[str, GoldRow], predicted: Mapping[str, _Predicted]) -> tuple[Mistake, ...]:
    wrong = [
        company_id
        for company_id, row in matched.items()
        if (predicted[company_id].domain not in row.domains if row.domains else predicted[company_id].domain != NONE)
    ]
    spans: defaultdict[str, list[EvidenceSpan]] = defaultdict(list)
    texts = {
        row.pop("company_id"): {field: told for field, told in row.items() if told}
        for row in run.rows("evaluation_texts", companies=wrong)
    }
    for row in run.rows("evaluation_spans", companies=wrong):
        spans[row["company_id"]].append(EvidenceSpan(**{name: row[name] for name in EvidenceSpan.__slots__}))
    return tuple(
        Mistake(
            company_id,
            texts[company_id].get("name", ""),
            tuple(sorted(matched[company_id].domains)),
            predicted[company_id].domain,
            predicted[company_id].grade,
            matched[company_id].kind,
            matched[company_id].note,
            tuple(spans[company_id]),
            texts[company_id],
        )
        for company_id in sorted(wrong)
    )


def _baseline(run: RunData, matched: Mapping[str, GoldRow]) -> Score:
    """A plain keyword search: any term anywhere in any text; the domain with the most different terms is predicted."""
    words = vocabulary(run.pack)
    rows = run.rows("evaluation_texts", companies=list(matched))
    schema = dict.fromkeys(("company_id", "name", *TELLING_FIELDS), pl.String)
    texts = pl.DataFrame(rows, schema=schema).unpivot(index="company_id", value_name="text").drop_nulls()
    bearing = words.bearing("business_scope")
    guesses = (
        texts.select("company_id", term=folded("text").str.extract_many(bearing, overlapping=True))
        .explode("term")
        .drop_nulls()
        .unique()
        .join(words.terms, on="term")
        .join(words.meanings, on="term_no")
        .group_by("company_id", "domain_id")
        .agg(terms=pl.col("term").n_unique())
        .sort("company_id", "terms", "domain_id", descending=[False, True, False])
        .unique("company_id", keep="first", maintain_order=True)
    )
    right = sum(row["domain_id"] in matched[row["company_id"]].domains for row in guesses.iter_rows(named=True))
    return Score("", right, guesses.height, sum(bool(row.domains) for row in matched.values()))
