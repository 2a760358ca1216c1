"""The ranking as files people open: all rows as CSV, the first rows as a workbook."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import IO, TYPE_CHECKING, cast

import polars as pl

from screening.analysis.rulewords import nearest_text, text
from screening.formula import STARTS
from screening.report.wording import Words
from screening.result.contract import GRADES, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.catalog import Label
    from screening.report.wording import Lang
    from screening.rulebook.model import RulePack

WORKBOOK_ROWS = 5_000
_ROWS = 200_000
"""Rows of the ranking that are written at once."""

HEADERS: Mapping[str, tuple[str, str]] = {
    "rank": ("排名", "Rank"),
    "name": ("企业名称", "Company"),
    "uscc": ("统一社会信用代码", "Credit code"),
    "city": ("城市", "City"),
    "outcome_label": ("结论", "Outcome"),
    "tier": ("等级", "Tier"),
    "domain": ("领域", "Domain"),
    "direction": ("方向", "Direction"),
    "fit_grade_label": ("主营契合", "Grade"),
    "life_stage": ("生命周期", "Life stage"),
    "maturity": ("成熟度", "Maturity"),
    "track": ("赛道", "Track"),
    "score": ("总分", "Score"),
    "score_low": ("总分下限", "Score, low"),
    "score_high": ("总分上限", "Score, high"),
    "fit": ("契合度", "Fit"),
    "merit": ("企业质量", "Merit"),
    "coverage": ("数据覆盖率", "Coverage"),
    "outcome_reason": ("决定因素", "Decided by"),
    "company_id": ("企业编号", "Company id"),
}
SURE: Mapping[str, tuple[str, str]] = {
    "rank_5": ("权重:名次自", "Weights: rank from"),
    "rank_95": ("权重:名次至", "Weights: rank to"),
    "top_share": ("权重:前{first}名比例", "Weights: in first {first}"),
    "shortlist_share": ("权重:入围比例", "Weights: short-listed"),
    "best": ("缺数据:最好名次", "Unknowns: best rank"),
    "worst": ("缺数据:最差名次", "Unknowns: worst rank"),
    "margin": ("方向领先", "Direction ahead by"),
}
"""How sure each rank is, where the pack says how far its weights may be doubted."""


FUND: Mapping[str, tuple[str, str]] = {
    "held": ("基金持有", "The fund's"),
    "invested": ("基金已投(元)", "Held by the fund, yuan"),
    "left": ("基金曾投、已退出(元)", "Held once by the fund, yuan"),
}
"""What the fund holds or held, where its books have any: in words, the cost it has not left, and what it had put into a company left whole.

An amount is empty where none is told; the word stands then, too, and says how many holdings tell none.
"""


def ranking_table(
    ranking: pl.DataFrame,
    pack: RulePack,
    lang: str,
    sure: pl.DataFrame | None = None,
    held: pl.DataFrame | None = None,
    left: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the ranking with labels in one language: ranked companies first, the rest by outcome and id.

    `sure` is the relation `robustness`, `held` is `fund_holdings`, `left` is `fund_exits`: what they say stands in the last columns.
    """
    side = 1 if lang == "en" else 0
    stated = pack.verdict.robustness
    headers = dict(HEADERS)
    if sure is not None and stated is not None:
        ranking = ranking.join(sure.select("company_id", *SURE), on="company_id", how="left")
        headers |= {k: (zh.format(first=stated.top), en.format(first=stated.top)) for k, (zh, en) in SURE.items()}
    words = Words(cast("Lang", lang))
    books = [
        own.select(
            "company_id",
            pl.Series(
                "held", [_fund_says(words, state, *told) for told in own.select("holdings", "untold").iter_rows()]
            ),
            pl.when(pl.col("untold") < pl.col("holdings")).then(pl.col("invested")).alias(key),
        ).filter(pl.col("company_id").is_not_null())
        for key, state, own in (("invested", "held", held), ("left", "once_held", left))
        if own is not None and own.height
    ]
    if books:
        own = pl.concat(books, how="diagonal")  # a company is either held or left
        ranking = ranking.join(own, on="company_id", how="left")
        headers |= {key: names for key, names in FUND.items() if key in own.columns}
    domains = {d: domain.label.text(lang) for d, domain in pack.domains.items()}
    directions = {d: direction.name.text(lang) for _, d, direction in pack.directions()}
    nearest = {d: nearest_text(text(direction.name)).text(lang) for _, d, direction in pack.directions()}
    axes = {axis: {v: value.label.text(lang) for v, value in spec.values.items()} for axis, spec in pack.stages.items()}
    order = {o: i for i, o in enumerate(OUTCOMES)}
    # By id first, which a ranking of a run is already, so that what follows sorts whole numbers alone and keeps the order of ids.
    by_id = ranking if ranking["company_id"].is_sorted() else ranking.sort("company_id")
    labelled = by_id.with_columns(
        pl.col("domain_id").replace_strict(domains, default=None).alias("domain"),
        # a direction that the texts do not tell is marked as the nearest
        pl.when(pl.col("direction_basis") == "nearest")
        .then(pl.col("direction_id").replace_strict(nearest, default=None))
        .otherwise(pl.col("direction_id").replace_strict(directions, default=None))
        .alias("direction"),
        pl.col("outcome").replace_strict({o: words.of("outcome", o) for o in OUTCOMES}).alias("outcome_label"),
        pl.col("fit_grade")
        .replace_strict({g: words.of("grade", g) for g in GRADES}, default=None)
        .alias("fit_grade_label"),
        *(
            pl.col(axis).replace_strict(labels, default=None)
            for axis, labels in axes.items()
            if axis in ranking.columns
        ),
        pl.col("outcome").replace_strict(order).alias("_order"),
    )
    return (
        labelled.sort("rank", "_order", nulls_last=True, maintain_order=True)
        .select(list(headers))
        .rename({key: names[side] for key, names in headers.items()})
    )


def _fund_says(words: Words, state: str, holdings: int, untold: int) -> str:
    """Say that the fund holds a company or held it, and how many of its holdings have no amount."""
    said = words(f"rank.{state}")
    if not untold:
        return said
    amount = words("fund_terms.no_amount_told") if untold == holdings else words("fund_terms.untold", n=untold)
    return said + words("sign.comma") + amount


def write_ranking(
    ranking: pl.LazyFrame, pack: RulePack, lang: str, beside: Sequence[pl.DataFrame], path: Path
) -> pl.DataFrame:
    """Write all rows of the ranking and return the first of them, as many as a workbook takes. `beside`: `robustness`, `fund_holdings`, `fund_exits`.

    The ranked stand first; the others follow outcome by outcome in the order of their ids, in which the relation is written, so that
    no more than a part of them is made ready at once.
    """
    order = pl.col("outcome").replace_strict({o: i for i, o in enumerate(OUTCOMES)})
    last = ranking.select(pl.col("rank").max()).collect().item() or 1
    ranked = (
        ranking.filter(pl.col("rank").is_between(first, first + _ROWS - 1)).sort("rank", order, "company_id").collect()
        for first in range(1, last + 1, _ROWS)
    )
    rest = ranking.filter(pl.col("rank").is_null())
    there = set(rest.select(pl.col("outcome").unique()).collect()["outcome"])
    others = (
        rest.filter(pl.col("outcome") == outcome).collect_batches(chunk_size=_ROWS, maintain_order=True)
        for outcome in OUTCOMES
        if outcome in there
    )
    head: list[pl.DataFrame] = []
    with path.open("wb") as stream:
        for part in chain(ranked, chain.from_iterable(others)):
            table = ranking_table(part, pack, lang, *beside)
            _write_rows(table, stream, first=not head)
            if not head or sum(each.height for each in head) < WORKBOOK_ROWS:
                head.append(table.head(WORKBOOK_ROWS))
    return pl.concat(head).head(WORKBOOK_ROWS)


def write_scores(ranking: pl.LazyFrame, criteria: pl.LazyFrame, pack: RulePack, lang: str, path: Path) -> None:
    """Write the points of every judged company, a part of them at a time."""
    narrow = ranking.select("rank", "name", "uscc", "score", "company_id").filter(pl.col("score").is_not_null())
    judged = narrow.sort("rank", "company_id", nulls_last=True).collect()
    with path.open("wb") as stream:
        for number, part in enumerate(_parts(judged)):
            own = criteria.filter(pl.col("company_id").is_in(part["company_id"].implode()))
            _write_rows(scores_table(part, own, pack, lang), stream, first=not number)


def _parts(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield rows in parts, the first even where there are none."""
    return (rows.slice(start, _ROWS) for start in range(0, max(1, rows.height), _ROWS))


def scores_table(ranking: pl.DataFrame, criteria: pl.LazyFrame, pack: RulePack, lang: str) -> pl.DataFrame:
    """Return the points of every pillar and criterion, one row per company of the ranking, in its order.

    Points are those that the rule gives, before any weight; behind each stand the least and the most that missing facts allow. Empty:
    not judged, or not applicable. A label that two rules share is told apart by their ids.
    """
    side = 1 if lang == "en" else 0
    named: list[tuple[str, str, Label]] = []
    for half_id, half in pack.criteria.items():
        for pillar_id, pillar in half.pillars.items():
            named.append((pillar_id, f"{half_id}.{pillar_id}", pillar.label))
            named += [(criterion_id, criterion_id, rule.label) for criterion_id, rule in pillar.criteria.items()]
    there = criteria.collect_schema()
    held = [(rule_id, stem, label.text(lang)) for rule_id, stem, label in named if f"{stem}.points" in there]
    labels = Counter(label for _, _, label in held)
    ends = (("points", ("", "")), ("low", (" 下限", ", low")), ("high", (" 上限", ", high")))
    columns = {
        f"{stem}.{end}": f"{label if labels[label] == 1 else f'{label} ({rule_id})'}{suffix[side]}"
        for rule_id, stem, label in held
        for end, suffix in ends
    }
    head = {key: HEADERS[key][side] for key in ("rank", "name", "uscc", "score", "company_id")}
    judged = ranking.filter(pl.col("score").is_not_null()).sort("rank", "company_id", nulls_last=True)
    own = criteria.select("company_id", *columns).collect()
    joined = judged.join(own, on="company_id", how="left", maintain_order="left")
    return joined.select(*head, *columns).rename(head | columns)


def write_csv(table: pl.DataFrame, path: Path) -> None:
    """Write a table as a file of its own."""
    with path.open("wb") as stream:
        _write_rows(table, stream, first=True)


def _write_rows(table: pl.DataFrame, stream: IO[bytes], *, first: bool) -> None:
    """Write rows with no cell that runs as a formula; before the first the headers and a BOM, so that spreadsheet programs read the Chinese."""
    guarded = table.with_columns(
        pl.when(pl.col(pl.String).str.contains(STARTS))
        .then("'" + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )
    guarded.write_csv(stream, include_bom=first, include_header=first)


def ranking_sheet(table: pl.DataFrame) -> tuple[list[tuple[str, int, str]], list[tuple[object, ...]]]:
    """Return columns (header, width, kind) and the first rows of the ranking for the workbook."""
    kinds = {
        "coverage": "ratio",
        "top_share": "ratio",
        "shortlist_share": "ratio",
        "margin": "points",
        "invested": "cny",
        "left": "cny",
        **dict.fromkeys(("score", "score_low", "score_high", "fit", "merit"), "points"),
    }
    columns = [
        (
            header,
            34 if key == "name" else 20 if key in ("uscc", "direction", "company_id", "held") else 11,
            kinds.get(key, ""),
        )
        for key, header in _keys(table)
    ]
    return columns, list(table.head(WORKBOOK_ROWS).iter_rows())


def _keys(table: pl.DataFrame) -> list[tuple[str, str]]:
    """Return (key, header) of the columns of a ranking table."""
    own = [key for key, names in FUND.items() if set(names) & set(table.columns)]
    keys = [*HEADERS, *SURE][: table.width - len(own)] + own
    return list(zip(keys, table.columns, strict=True))
