"""What classification costs, beside one bare pass over the same text with the same terms.

    python benchmarks/classification.py [--rows 1000000] [--data registry.parquet --scope 经营范围 --name 企业名称]

The bare pass is NFKC and `extract_many` and nothing else. Without `--data`, made-up texts of some 120 characters are used,
one in twelve with a term. Both run in turns and the best of each is compared, since a shared machine wanders.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from screening.arrow import ArrowView
from screening.engine.classify import classify
from screening.engine.hits import vocabulary
from screening.rulebook.loader import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.rulebook.model import RulePack

COLUMNS = (
    "company_id",
    "uscc",
    "name",
    "business_scope",
    "products",
    "description",
    "industry_code",
    "industry_name",
    "entity_kind",
)
PLAIN = (
    "日用百货零售",
    "普通货物道路运输",
    "室内装饰工程施工",
    "预包装食品批发",
    "服装加工",
    "物业管理",
    "企业管理咨询",
    "五金配件制造",
    "家具销售",
    "印刷品印刷",
    "塑料制品制造",
    "房屋租赁",
    "餐饮服务",
    "园林绿化工程",
    "机械设备维修",
    "化妆品批发",
)
TELLING = (
    "锂离子电池的研发、生产",
    "无人机的研发",
    "光纤、光缆制造",
    "体外诊断试剂的生产",
    "工业机器人制造",
    "碳纤维材料的研发、生产",
    "燃料电池电堆的研发",
    "人工智能基础软件开发",
)


def made_up(rows: int) -> pl.DataFrame:
    """Return companies with some 120 characters of scope, one in twelve with a term of the lexicon."""
    chance = random.Random(20240914)
    scopes = []
    for _ in range(min(rows, 60_000)):
        items = chance.choices(PLAIN, k=17)
        if chance.random() < 1 / 12:
            items[chance.randrange(len(items))] = chance.choice(TELLING)
        scopes.append("；".join(items) + "。")
    scope = pl.Series("business_scope", scopes).sample(rows, with_replacement=rows > len(scopes), seed=1)
    return pl.DataFrame(
        {"company_id": pl.Series([f"c{n}" for n in range(rows)]), "name": "某某有限公司", "business_scope": scope}
    )


def from_file(path: Path, scope: str, name: str) -> pl.DataFrame:
    """Return the companies of a parquet file."""
    return (
        pl.read_parquet(path)
        .with_row_index("n")
        .select(
            pl.format("c{}", "n").alias("company_id"), pl.col(name).alias("name"), pl.col(scope).alias("business_scope")
        )
    )


def best(runs: int, *works: Callable[[], object]) -> list[tuple[float, float]]:
    """Return the least wall and processor seconds of each work; the works take turns."""
    least = [(float("inf"), float("inf"))] * len(works)
    for _ in range(runs):
        for number, work in enumerate(works):
            wall, spent = time.perf_counter(), time.process_time()
            work()
            least[number] = (
                min(least[number][0], time.perf_counter() - wall),
                min(least[number][1], time.process_time() - spent),
            )
    return least


def measure(companies: pl.DataFrame, pack: RulePack, runs: int) -> dict[str, Any]:
    """Measure classification and the bare pass over scope and name."""
    words = vocabulary(pack).words("business_scope")
    texts = companies.select("business_scope", "name")

    def bare() -> None:
        for field in texts.columns:
            texts[field].str.normalize("NFKC").str.extract_many(words, overlapping=True)

    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in COLUMNS if column not in companies.columns]
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("given", ArrowView(companies.with_columns(absent).select(COLUMNS)))
        connection.execute("CREATE TABLE companies AS FROM given")
        connection.unregister("given")
        (bare_wall, bare_cpu), (wall, cpu) = best(runs, bare, lambda: classify(connection, pack))
        grades = dict(connection.execute("SELECT fit_grade, count(*) FROM profile GROUP BY 1 ORDER BY 1").fetchall())
    return {
        "rows": companies.height,
        "terms": len(words),
        "bare_seconds": round(bare_wall, 3),
        "classify_seconds": round(wall, 3),
        "ratio": round(wall / bare_wall, 2),
        "bare_processor_seconds": round(bare_cpu, 3),
        "classify_processor_seconds": round(cpu, 3),
        "processor_ratio": round(cpu / bare_cpu, 2),
        "grades": grades,
        "peak_resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rules", default="guangdong-2024")
    parser.add_argument("--rows", type=int, default=115_803)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--scope", default="经营范围")
    parser.add_argument("--name", default="企业名称")
    options = parser.parse_args()
    companies = from_file(options.data, options.scope, options.name) if options.data else made_up(options.rows)
    print(json.dumps(measure(companies, load_pack(options.rules).pack, options.runs), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
