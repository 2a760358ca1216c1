"""The short summary at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import polars as pl
from rich.table import Table

from screening.cli.terminal import terminal, width
from screening.report.wording import Words
from screening.result.contract import OUTCOMES
from screening.run.set_aside_file import risks_first

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from screening.report.wording import Lang
    from screening.run.screening import Finished

_COLUMNS = (
    ("名次", "#", False),
    ("企业", "Company", True),
    ("城市", "City", False),
    ("方向", "Direction", True),
    ("结论", "Outcome", False),
    ("等级", "Tier", False),
    ("总分 [低, 高]", "Score [low, high]", False),
    ("覆盖", "Cover", False),
)
"""Headings of the first ranks in both languages, and whether the column may be cut."""

_NUMBERS = (0, 6, 7)
_LEAST = 14
_GAP = 2


def print_summary(finished: Finished, *, top: int, lang: str) -> None:
    """Print read, set aside, outcomes, gates, domains, the first of the ranking, and where the report is."""
    console = terminal()
    manifest, pack = finished.manifest, finished.loaded.pack
    rows = manifest["rows"]
    zh = lang != "en"
    reasons = ", ".join(f"{r} {n:,}" for r, n in rows["set_aside_by_reason"].items())
    console.print(
        f"\n{pack.pack.label.text(lang)} · {'数据基准日' if zh else 'as of'} {manifest['as_of']} ({manifest['as_of_basis']})"
    )
    if manifest["dataset"]["synthetic"]:
        console.print("数据为虚构样例。 The data are fictional." if zh else "The data are fictional.")
    console.print(
        f"{'读入' if zh else 'read'} {rows['read']:,} = {'可用' if zh else 'clean'} {rows['clean']:,} + "
        f"{'搁置' if zh else 'set aside'} {rows['set_aside']:,}{f' ({reasons})' if reasons else ''}"
    )
    words = Words(cast("Lang", lang))
    _set_aside(console, manifest, words, zh=zh)
    outcomes = manifest["outcomes"]
    console.print(" · ".join(f"{words.of('outcome', o)} {outcomes[o]:,}" for o in OUTCOMES if outcomes.get(o)))
    _gates(console, finished, lang)
    ranking = pl.read_parquet(finished.run_dir / "result" / "ranking.parquet", glob=False)
    _domains(console, finished, ranking, lang)
    _first(console, finished, ranking, top, lang)
    console.print(f"\n{'报告' if zh else 'Report'}: {(finished.run_dir / 'report.html').as_posix()}", soft_wrap=True)


def _set_aside(console: Console, manifest: Mapping[str, Any], words: Words, *, zh: bool) -> None:
    """Rows of the other tables that could not be used, by table and reason: the records of risk first, and in red."""
    counted = {t: r["set_aside_by_reason"] for t, r in manifest["tables"].items() if r["set_aside"]}
    for table in risks_first([t for t in counted if t != "companies"]):
        reasons = ", ".join(f"{words.of('set_aside', r)} {n:,}" for r, n in counted[table].items())
        total = sum(counted[table].values())
        line = f"{'搁置' if zh else 'set aside'} {table} {total:,} ({reasons})"
        console.print(line, style="red" if "risk" in table else None, markup=False)
    if counted:
        console.print(f"{'搁置的行与原因' if zh else 'rows set aside, with reasons'}: set_aside.xlsx")


def _gates(console: Console, finished: Finished, lang: str) -> None:
    rules = pl.read_parquet(finished.run_dir / "result" / "rules.parquet", glob=False).filter(pl.col("kind") == "gate")
    gates = finished.loaded.pack.gates
    failed = [(gates[r["rule_id"]], r["failed"]) for r in rules.iter_rows(named=True) if r["failed"]]
    zh = lang != "en"
    if failed:
        console.print(
            ("未过门槛: " if zh else "Gates failed: ") + "; ".join(f"{g.label.text(lang)} {n:,}" for g, n in failed)
        )
    unrun = [gates[r["rule_id"]].label.text(lang) for r in rules.iter_rows(named=True) if r["status"] == "not_run"]
    if unrun:
        console.print(
            (
                f"未能核查的门槛 {len(unrun)} 项(数据中没有来源): "
                if zh
                else f"{len(unrun)} gates not run (no source in the data): "
            )
            + ("、" if zh else ", ").join(unrun)
        )


def _domains(console: Console, finished: Finished, ranking: pl.DataFrame, lang: str) -> None:
    counts = dict(ranking.filter(pl.col("rank").is_not_null()).group_by("domain_id").len().iter_rows())
    listed = [(d.label.text(lang), counts[i]) for i, d in finished.loaded.pack.domains.items() if counts.get(i)]
    if listed:
        console.print(
            ("在榜企业按领域: " if lang != "en" else "Ranked by domain: ") + " · ".join(f"{n} {c:,}" for n, c in listed)
        )


def _first(console: Console, finished: Finished, ranking: pl.DataFrame, top: int, lang: str) -> None:
    first = ranking.filter(pl.col("rank").is_not_null()).sort("rank").head(top)
    if first.is_empty():
        return
    zh = lang != "en"
    words = Words(cast("Lang", lang))
    directions = {i: d.label.text(lang) for _, i, d in finished.loaded.pack.directions()}
    tiers = {tier: label.text(lang) for tier, label in finished.loaded.pack.verdict.tier_labels().items()}
    rows = [
        (
            str(row["rank"]),
            row["name"],
            row["city"] or "—",
            directions.get(row["direction_id"], "—"),
            words.of("outcome", row["outcome"]),
            tiers.get(row["tier"], "—"),
            f"{row['score']} [{row['score_low']}, {row['score_high']}]",
            f"{row['coverage']:.0%}",
        )
        for row in first.iter_rows(named=True)
    ]
    titles = [chinese if zh else english for chinese, english, _ in _COLUMNS]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, (title, room) in enumerate(zip(titles, _widths([titles, *rows], console.width), strict=True)):
        table.add_column(
            title,
            no_wrap=True,
            overflow="ellipsis",
            justify="right" if number in _NUMBERS else "left",
            min_width=room,
            max_width=room,
        )
    for row in rows:
        table.add_row(*row)
    console.print()
    console.print(table)


def _widths(rows: Sequence[Sequence[str]], line: int) -> list[int]:
    """Where the line is too narrow, the widest long text gives way; a number that is cut would read as another."""
    widths = [max(width(row[number]) for row in rows) for number in range(len(_COLUMNS))]
    long = [number for number, (_, _, may_be_cut) in enumerate(_COLUMNS) if may_be_cut]
    while sum(widths) + _GAP * (len(widths) - 1) > line:
        widest = max(long, key=lambda number: widths[number])
        if widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
    return widths
