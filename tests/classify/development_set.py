"""The development set: companies labelled by reading, as hashes, joined to the real data where these lie beside the project.

`key` is the SHA-256 of the credit code, or of `name|date` where there is none. `stratum` begins with the table: the registry of
1978-2019, the modern registry, the start-ups. `half` was split once by the hash: the classifier was built on `build`, `held` was
looked at only at the end; each `fresh-N` is a sample labelled before the program's answers were looked at, and learned from
afterwards. `sureness`: sure, unsure, or disputed where two readings disagree (`second_reading` keeps the other).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

DATA = Path(__file__).parents[3] / "shared" / "data"
SET = Path(__file__).parent / "development_set.csv"
HALVES = ("build", "held", *(f"fresh-{number}" for number in range(1, 11)))

_TABLES = {
    "registry": ("guangdong_registry.parquet", "统一社会信用代码", "企业名称", "注册日期", "经营范围", None),
    "modern": ("modern_registry.parquet", "统一社会信用代码", "公司", "成立时间", "经营范围", "所属行业"),
    "startups": ("startups.parquet", "统一信用代码", "公司名称", "成立时间", "公司介绍", None),
}


def present() -> bool:
    """Tell whether the real data lie beside the project."""
    return all((DATA / table[0]).is_file() for table in _TABLES.values())


def development_set(half: str) -> pl.DataFrame:
    """Return one half with the texts of its companies: the columns of the file, company_id, name and the texts."""
    labels = pl.read_csv(SET, infer_schema_length=0).filter(pl.col("half") == half)
    found = []
    for table, (file, code, name, date, text, industry) in _TABLES.items():
        wanted = labels.filter(pl.col("stratum").str.starts_with(table))
        rows = pl.read_parquet(DATA / file).select(
            uscc=code,
            name=name,
            date=date,
            text=text,
            industry_name=industry if industry else pl.lit(None, dtype=pl.String),
        )
        keyed = rows.with_columns(
            key=pl.coalesce("uscc", pl.concat_str("name", pl.lit("|"), pl.col("date").fill_null(""))).map_elements(
                lambda key: hashlib.sha256(key.encode()).hexdigest(), return_dtype=pl.String
            )
        )
        joined = wanted.join(keyed.unique("key", keep="first", maintain_order=True), on="key", how="inner")
        told = "description" if table == "startups" else "business_scope"
        blank = pl.lit(None, dtype=pl.String)
        found.append(
            joined.with_columns(
                company_id=pl.concat_str(pl.lit(f"{table}-"), "key"),
                business_scope=pl.col("text") if told == "business_scope" else blank,
                description=pl.col("text") if told == "description" else blank,
            )
        )
    return pl.concat(found).sort("company_id")
