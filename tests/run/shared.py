"""Runs that many tests look at, made once a session, and the small pack that runs in a second."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path

import polars as pl

from screening.resources import shipped
from screening.run.options import Options
from screening.run.screening import Finished, assemble, run

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
