"""The short summary at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl
from rich.console import Console
from rich.table import Table

from screening.report.wording import Words
from screening.result.contract import OUTCOMES

if TYPE_CHECKING:
    from screening.report.wording import Lang
    from screening.run.screening import Finished

_WIDTH = 110


def print_summary(finished: Finished, *, top: int, lang: str) -> None:
    """Print read, set aside, outcomes, gates, domains, the first of the ranking, and where the report is."""
    console = Console(width=None if Console().is_terminal else _WIDTH, highlight=False, soft_wrap=False)
    manifest, pack = finished.manifest, finished.loaded.pack
    rows = manifest["rows"]
    zh = lang != "en"
    reasons = ", ".join(f"{r} {n:,}" for r, n in rows["set_aside_by_reason"].items())
    console.print(f"\n{pack.pack.label.text(lang)} · {'数据基准日' if zh else 'as of'} {manifest['as_of']} ({manifest['as_of_basis']})")
    if manifest["dataset"]["synthetic"]:
        console.print("数据为虚构样例。 The data are fictional." if zh else "The data are fictional.")
    console.print(f"{'读入' if zh else 'read'} {rows['read']:,} = {'可用' if zh else 'clean'} {rows['clean']:,} + "
                  f"{'搁置' if zh else 'set aside'} {rows['set_aside']:,}{f' ({reasons})' if reasons else ''}")
    words = Words(cast("Lang", lang))
    outcomes = manifest["outcomes"]
    console.print(" · ".join(f"{words.of('outcome', o)} {outcomes[o]:,}" for o in OUTCOMES if outcomes.get(o)))
    _gates(console, finished, lang)
    ranking = pl.read_parquet(finished.run_dir / "result" / "ranking.parquet")
    _domains(console, finished, ranking, lang)
    _first(console, finished, ranking, top, lang)
    console.print(f"\n{'报告' if zh else 'Report'}: {(finished.run_dir / 'report.html').as_posix()}", soft_wrap=True)


def _gates(console: Console, finished: Finished, lang: str) -> None:
    rules = pl.read_parquet(finished.run_dir / "result" / "rules.parquet").filter(pl.col("kind") == "gate")
    gates = finished.loaded.pack.gates
    failed = [(gates[r["rule_id"]], r["failed"]) for r in rules.iter_rows(named=True) if r["failed"]]
    zh = lang != "en"
    if failed:
        console.print(("未过门槛: " if zh else "Gates failed: ") + "; ".join(f"{g.label.text(lang)} {n:,}" for g, n in failed))
    unrun = [gates[r["rule_id"]].label.text(lang) for r in rules.iter_rows(named=True) if r["status"] == "not_run"]
    if unrun:
        console.print((f"未能核查的门槛 {len(unrun)} 项(数据中没有来源): " if zh else f"{len(unrun)} gates not run (no source in the data): ")
                      + ("、" if zh else ", ").join(unrun))


def _domains(console: Console, finished: Finished, ranking: pl.DataFrame, lang: str) -> None:
    counts = dict(ranking.filter(pl.col("rank").is_not_null()).group_by("domain_id").len().iter_rows())
    listed = [(d.label.text(lang), counts[i]) for i, d in finished.loaded.pack.domains.items() if counts.get(i)]
    if listed:
        console.print(("在榜企业按领域: " if lang != "en" else "Ranked by domain: ") + " · ".join(f"{n} {c:,}" for n, c in listed))


def _first(console: Console, finished: Finished, ranking: pl.DataFrame, top: int, lang: str) -> None:
    first = ranking.filter(pl.col("rank").is_not_null()).sort("rank").head(top)
    if first.is_empty():
        return
    zh = lang != "en"
    words = Words(cast("Lang", lang))
    directions = {i: d.label.text(lang) for _, i, d in finished.loaded.pack.directions()}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, justify in ((("名次", "#"), "right"), (("企业", "Company"), "left"), (("城市", "City"), "left"),
                           (("方向", "Direction"), "left"), (("结论", "Outcome"), "left"), (("等级", "Tier"), "left"),
                           (("总分 [低, 高]", "Score [low, high]"), "right"), (("覆盖", "Cover"), "right")):
        table.add_column(title[0] if zh else title[1], justify=justify, no_wrap=True, overflow="ellipsis")  # type: ignore[arg-type]
    for row in first.iter_rows(named=True):
        table.add_row(str(row["rank"]), row["name"], row["city"] or "—", directions.get(row["direction_id"], "—"),
                      words.of("outcome", row["outcome"]), row["tier"] or "—",
                      f"{row['score']} [{row['score_low']}, {row['score_high']}]", f"{row['coverage']:.0%}")
    console.print()
    console.print(table)
