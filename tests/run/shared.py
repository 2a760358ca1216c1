"""Runs that many tests look at, made once a session, and the small pack that runs in a second."""

from __future__ import annotations

import contextlib
import datetime
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.rundata import RunData, open_run
from screening.resources import shipped
from screening.run.folder import building
from screening.run.options import Options
from screening.run.screening import Finished, assemble, run

if TYPE_CHECKING:
    from collections.abc import Iterator

PACK = str(Path(__file__).parent / "packs" / "small")
"""A pack of one direction, one gate and two criteria."""

REAL = Path(__file__).parents[3] / "shared" / "data"
"""Real data beside the project, where somebody put them; they are not part of it."""

HEADERS = ("企业名称", "统一社会信用代码", "成立日期", "注册资本", "地区", "经营范围", "员工人数")
DEVICES, MEALS = "脑机接口设备研发、制造", "餐饮服务"


def companies(path: Path, *rows: tuple[str, str, str] | str) -> Path:
    """Write a table of made-up companies as CSV: each (name, scope, staff), or a line as it stands."""
    lines = [row if isinstance(row, str) else f"{row[0]},,2025-01-02,500万元,深圳,{row[1]},{row[2]}" for row in rows]
    path.write_text("\n".join([",".join(HEADERS), *lines]) + "\n", encoding="utf-8")
    return path


def two_companies(folder: Path) -> Path:
    """Write one company inside the direction of the small pack and one outside."""
    return companies(folder / "two.csv", ("样例甲脑机科技有限公司", DEVICES, "60"), ("样例乙餐饮有限公司", MEALS, "3"))


@contextlib.contextmanager
def judged(folder: Path, rules: str, table: str) -> Iterator[RunData]:
    """Screen a table of made-up companies by a pack of these rules, without pages: what is asked of relations alone needs none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(rules, encoding="utf-8")
    (folder / "companies.csv").write_text(table, encoding="utf-8")
    options = Options(rules=str(folder / "pack.yaml"), data=folder / "companies.csv", out=folder, dossiers="none")
    with building(folder) as work:
        loaded, record, _ = assemble(options, work, lambda _: None)
        with open_run(work, loaded, record) as data:
            yield data


SIZES = """
pack: {id: tiny, version: "1", label: 小表, tables: company.yaml}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff, actionable: %(staff)s}
  insured_count: {label: 参保人数, type: integer, unit: persons, range: [0, 1000], expr: insured_staff, actionable: true}
  insured_share: {label: 参保占比, unit: ratio, range: [0, 5], expr: insured_count / staff_count}
  on_market: {label: 已上市, type: boolean, expr: listed}
gates:
  not_listed: {label: 未上市, fails_when: on_market, effect: reject, on_unknown: %(unknown)s, set_by: fund, message: 已上市。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size:
        label: 规模
        criteria:
          staff_points: {label: 人数, score: {of: staff_count, points: [[0, 0], [200, 50]]}, set_by: fund}
          insured_points: {label: 参保, score: {%(insured)s}, set_by: fund}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= %(floor)s, set_by: fund}
"""
"""A pack of two counts, what they make together, one gate and a floor."""


def small(data: Path, out: Path, **choices: object) -> Finished:
    """Run the small pack."""
    return run(Options(rules=PACK, data=data, out=out, **choices))  # type: ignore[arg-type]


@functools.cache
def sample_run(parent: Path) -> Finished:
    """Screen the sample as `screen run` does, with three dossiers."""
    return run(Options(out=parent / "sample", dossiers="3"))


@functools.cache
def registry_run(parent: Path) -> Finished:
    """Screen the real registry of 2019."""
    return run(
        Options(
            data=REAL / "guangdong_registry.parquet",
            as_of=datetime.date(2019, 5, 1),
            out=parent / "registry",
            dossiers="2",
        )
    )


def result_of(data: Path, work: Path, **choices: object) -> tuple[str, pl.DataFrame]:
    """Screen without writing pages; return the result digest and the ranking."""
    work.mkdir(parents=True, exist_ok=True)
    options = Options(data=data, dossiers="none", **choices)  # type: ignore[arg-type]
    _, manifest, _ = assemble(options, work, lambda _: None)
    return manifest["result_digest"], pl.read_parquet(work / "result" / "ranking.parquet")


def sample_files() -> list[Path]:
    """Return the files of the sample that a dataset folder needs."""
    return [p for p in sorted(shipped("sample_data").iterdir()) if p.suffix in (".csv", ".xlsx", ".yaml")]
