"""What was learnt from outcomes: a run's scores and tiers held against what became of the companies later.

Honest by construction: an outcome that was known on the run's date of knowledge is refused, companies without an outcome are counted
and left out, intervals stand beside every share, and a tier or fifth with nobody in it says so.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.gold import written_rows
from screening.analysis.rulewords import text
from screening.analysis.run_record import run_record
from screening.arrow import ArrowView
from screening.dataset.dates import day_written
from screening.errors import DatasetError, Position, Problem
from screening.resources import shown_path
from screening.result.backtest import Backtest, Group, Undated
from screening.result.contract import OUTCOMES, RANKED_OUTCOMES
from screening.result.evaluation_records import interval
from screening.result.records import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.analysis.rundata import RunData

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "company": (
        "company_id",
        "company",
        "uscc",
        "统一社会信用代码",
        "企业编号",
        "name",
        "企业名称",
        "企业",
        "公司名称",
    ),
    "outcome": ("outcome", "结果", "成功"),
    "on": ("on", "known_on", "date", "日期", "结果日期"),
}
YES, NO = ("1", "yes", "true", "是", "成功"), ("0", "no", "false", "否", "失败")
PARTS = 5
_Z = 1.96
_TIMELESS = frozenset({"company_id", "uscc", "name", "established_on", "entity_kind"})


def read_outcomes(path: Path, as_of: datetime.date) -> dict[str, bool]:
    """Read outcomes by company as written (id, credit code or name).

    Raises DatasetError with every problem: missing columns, words that are neither yes nor no, two outcomes of one company, a day that is
    none or not after `as_of`.
    """
    shown = shown_path(path)
    headers, records = written_rows(path, shown)
    columns = {field: next((s for s in spellings if s in headers), "") for field, spellings in COLUMNS.items()}
    lacking = [field for field, header in columns.items() if not header]
    if lacking:
        said = "; ".join(f"{field}: {', '.join(COLUMNS[field])}" for field in lacking)
        raise DatasetError.of(
            "backtest/columns",
            f"the outcomes file lacks {', '.join(lacking)}",
            Position(shown, 1),
            f"name the columns so: {said}",
        )
    found: dict[str, bool] = {}
    problems: list[Problem] = []
    for line, record in records:
        company, outcome, on = ((record.get(columns[f]) or "").strip() for f in ("company", "outcome", "on"))
        place = Position(shown, line)
        if (day := day_written(on)) is None:
            problems.append(Problem("backtest/date", f"'{on}' is no date", place, "write it as YYYY-MM-DD"))
            continue
        if day <= as_of:
            problems.append(
                Problem(
                    "backtest/known-before",
                    f"the outcome of '{company}' was known on {day}, not after the run's date of knowledge {as_of}",
                    place,
                    "run the screening as of a day before the outcomes: --as-of DATE",
                )
            )
        elif outcome.lower() not in (*YES, *NO):
            problems.append(
                Problem(
                    "backtest/outcome", f"'{outcome}' is neither yes nor no", place, f"one of {', '.join((*YES, *NO))}"
                )
            )
        elif company in found:
            problems.append(
                Problem("backtest/twice", f"'{company}' has two outcomes", place, "keep one row for each company")
            )
        else:
            found[company] = outcome.lower() in YES
    if problems:
        raise DatasetError(problems)
    return found


def backtest(run: RunData, outcomes: Mapping[str, bool]) -> Backtest:
    """Return what the outcomes tell of a run's scores.

    Raises DatasetError where a name of the file is that of several companies, or a company has two different outcomes under id and name.
    """
    as_of = datetime.date.fromisoformat(str(run.manifest["as_of"]))
    ranking = pl.DataFrame(ArrowView(run.connection.table("ranking")))
    told: dict[str, bool] = {}
    matched: dict[str, str] = {}
    problems: list[Problem] = []
    for row in ranking.select("company_id", "uscc", "name").sort("company_id").iter_rows():
        keys = list(dict.fromkeys(k for k in row if k is not None and k in outcomes))
        for key in keys:
            told[row[0]] = outcomes[key]
            if matched.setdefault(key, row[0]) != row[0]:
                problems.append(
                    Problem(
                        "backtest/several",
                        f"'{key}' is the name of several companies: {matched[key]}, {row[0]}",
                        remedy="write the company's id instead",
                    )
                )
        if len({outcomes[key] for key in keys}) > 1:
            names = " = ".join(keys)
            problems.append(
                Problem("backtest/twice", f"'{names}' has two outcomes", remedy="keep one row for each company")
            )
    if problems:
        raise DatasetError(problems)
    known = ranking.filter(pl.col("company_id").is_in(list(told))).with_columns(
        pl.col("company_id").replace_strict(told, return_dtype=pl.Boolean).alias("good")
    )
    ranked = known.filter(pl.col("outcome").is_in(RANKED_OUTCOMES)).sort(
        "score", "company_id", descending=[True, False]
    )
    good = int(ranked["good"].sum())
    base = good / ranked.height if ranked.height else 0.0
    auc = _auc(ranked)
    labels = {t: text(label) for t, label in run.pack.verdict.tier_labels().items()}
    return Backtest(
        as_of,
        ranked.height,
        good,
        auc,
        None if auc is None else _auc_between(auc, good, ranked.height - good),
        _tiers(ranked, labels, base),
        tuple(_group(o, known.filter(pl.col("outcome") == o), base) for o in OUTCOMES if o in set(known["outcome"])),
        tuple(_group(str(n + 1), part, base) for n, part in enumerate(_parts(ranked))),
        tuple(sorted(set(outcomes) - set(matched))),
        known.height - ranked.height,
        ranking.filter(pl.col("outcome").is_in(RANKED_OUTCOMES)).height - ranked.height,
        run_record(run),
        _group("all", ranked, base),
        tuple(_undated(run)),
    )


def _undated(run: RunData) -> Iterator[Undated]:
    """Yield the columns that scores and gates rest on and nothing dates, where the data were made after the date of knowledge.

    They were where rows had to be set aside for it, or where the date was chosen for the run. What names a company, says when it was
    founded or where it is registered is no news of it.
    """
    manifest, pack, program = run.manifest, run.pack, run.parsed.program
    later = manifest["rows"]["set_aside_by_reason"].get("after_as_of", 0) or manifest["as_of_basis"] == "given"
    if not later:
        return
    written: dict[str, set[str]] = {}
    for file in manifest["data"]:
        written.setdefault(file["table"], set()).update(file.get("columns") or ())
    judging = [k for k, rule in program.rules.items() if k.kind in ("gate", "criterion", "deduction") and rule.in_force]
    found: dict[str, dict[str, None]] = {}
    for key in program.below(judging):
        for column in program.rules[key].columns if key.kind == "fact" else ():
            found.setdefault(column, {})[key.id] = None
    for read, facts in found.items():
        table_id, _, column_id = read.partition(".")
        table = pack.tables.get(table_id)
        spec = table.columns.get(column_id) if table is not None else None
        if table is None or spec is None or column_id not in written.get(table_id, ()):
            continue
        dated = {c for c, each in table.columns.items() if each.type == "date"} - _TIMELESS
        if spec.type == "date" or column_id in _TIMELESS or table.fiscal_year or dated & written[table_id]:
            continue
        yield Undated(
            text(table.label),
            text(spec.label) if spec.label else Text(column_id),
            tuple(text(pack.facts[f].label) for f in facts),
        )


def _tiers(ranked: pl.DataFrame, labels: Mapping[str, Text], base: float) -> tuple[Group, ...]:
    """Every tier of the pack, one of nobody too; companies without a tier come last. Nothing where the pack has no tiers."""
    tiers = [replace(_group(t, ranked.filter(pl.col("tier") == t), base), label=label) for t, label in labels.items()]
    beside = ranked.filter(~pl.col("tier").is_in(list(labels)).fill_null(value=False))
    return (*tiers, _group("", beside, base)) if labels and beside.height else tuple(tiers)


def _group(group_id: str, rows: pl.DataFrame, base: float) -> Group:
    good, companies = int(rows["good"].sum()), rows.height
    share = good / companies if companies else None
    lift = share / base if share is not None and base else None
    return Group(group_id, companies, good, share, interval(good, companies), lift)


def _parts(ranked: pl.DataFrame) -> Sequence[pl.DataFrame]:
    """Fifths by score, best first. Companies of one score stay together, in the part of the first of them."""
    scores = ranked["score"].to_list()
    first = {score: index for index, score in reversed(list(enumerate(scores)))}
    part = [min(PARTS - 1, first[score] * PARTS // max(len(scores), 1)) for score in scores]
    return [ranked.filter(pl.Series([p == number for p in part], dtype=pl.Boolean)) for number in range(PARTS)]


def _auc(ranked: pl.DataFrame) -> float | None:
    good = int(ranked["good"].sum())
    bad = ranked.height - good
    if not good or not bad:
        return None
    # Mann and Whitney: the mean rank of those that turned out well, ties sharing theirs.
    ranks = ranked.select(pl.col("score").rank("average").alias("rank"), "good").filter(pl.col("good"))["rank"].sum()
    return (float(ranks) - good * (good + 1) / 2) / (good * bad)


def _auc_between(auc: float, good: int, bad: int) -> tuple[float, float]:
    """The 95 % interval after Newcombe (2006), Statistics in Medicine 25, 559-573, method 5.

    All values from which the one seen lies within 1.96 of *their* standard errors. The error taken at the value seen is
    nothing when the order was perfect, and three against three companies would be certain.
    """
    return round(_lowest_auc(auc, good, bad), 4), round(1 - _lowest_auc(1 - auc, good, bad), 4)


def _lowest_auc(auc: float, good: int, bad: int) -> float:
    size = (good + bad) / 2 - 1
    low, high = 0.0, auc
    for _ in range(50):
        between = (low + high) / 2
        spread = 1 + size * (1 - between) / (2 - between) + size * between / (1 + between)
        outside = auc - between > _Z * math.sqrt(between * (1 - between) * spread / (good * bad))
        low, high = (between, high) if outside else (low, between)
    return low
