"""A small pack and a few rows through the real engine: what tests of scoring and gates stand on."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.catalog import DECIMAL
from screening.engine.inputs import Inputs
from screening.engine.pipeline import screen
from screening.engine.session import session
from screening.rulebook.loader import LoadedPack
from screening.rulebook.model import RulePack
from screening.rulebook.parsing import parse_pack
from screening.strict_yaml import Document

if TYPE_CHECKING:
    from screening.rulebook.scope import ParsedPack

MERIT = {"weights": {"merit": 1.0}, "shortlist_when": "merit >= 60"}
AS_OF = datetime.date(2026, 6, 30)


def pack(**sections: Any) -> dict[str, Any]:
    """Return the data of a pack without directions; `columns` are those of companies beside the key and the name."""
    columns = sections.pop("columns", {})
    tables = sections.pop("tables", {})
    companies = {
        "label": "企业",
        "grain": "一行一家企业",
        "key": ["company_id"],
        "columns": {
            "company_id": {"type": "code"},
            "uscc": {"type": "code"},
            "name": {"type": "text"},
            "city": {"type": "text"},
            "city_basis": {"type": "text"},
            "district": {"type": "text"},
            "address": {"type": "text"},
            "operating_address": {"type": "text"},
            "observed_on": {"type": "date"},
            "entity_kind": {"type": "category", "values": ["company"]},
            **columns,
        },
    }
    return {
        "pack": {"id": "laboratory", "version": "1", "label": "试验"},
        "tables": {"companies": companies, **tables},
        "verdict": {"label": "结论", "set_by": "fund", **(MERIT if "criteria" in sections else {})},
        **sections,
    }


def criterion(score: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of one criterion."""
    return {"label": "评分项", "set_by": "fund", "score": score, **more}


def half(criteria: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a merit half of one pillar."""
    return {
        "merit": {
            "label": "质量",
            "scale": "points",
            "pillars": {"only": {"label": "维度", "criteria": criteria}},
            **more,
        }
    }


def parsed(data: dict[str, Any], as_of: datetime.date = AS_OF) -> ParsedPack:
    """Validate and parse a pack given as data."""
    loaded = LoadedPack(RulePack.model_validate(data), Document(data=data), "digest", Path("laboratory"), (), {})
    result = parse_pack(loaded, as_of)
    assert not result.problems, result.problems
    return result


def results(
    data: dict[str, Any], companies: list[dict[str, Any]], relation: str = "criteria", **given: Any
) -> list[dict[str, Any]]:
    """Run rows through the engine and return one relation, by company; `given` as for `relations`."""
    return relations(data, companies, relation, **given)[0]


def relations(
    data: dict[str, Any],
    companies: list[dict[str, Any]],
    *names: str,
    as_of: datetime.date = AS_OF,
    children: dict[str, list[dict[str, Any]]] | None = None,
    absence: dict[str, Any] | None = None,
    searched_on: dict[str, Any] | None = None,
    available: dict[str, frozenset[str]] | None = None,
    threads: int = 1,
) -> list[list[dict[str, Any]]]:
    """Run rows through the engine and return relations, each by company."""
    ready = parsed(data, as_of)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        tables = {}
        for name, rows in {"companies": companies, **(children or {})}.items():
            declared = ready.pack.tables[name].columns
            types = {
                "text": pl.String,
                "code": pl.String,
                "category": pl.String,
                "integer": pl.Int64,
                "decimal": pl.Decimal(*DECIMAL),
                "boolean": pl.Boolean,
                "date": pl.Date,
            }
            schema = {c: types[spec.type] for c, spec in declared.items()}
            schema |= {"source_file": pl.String, "source_row": pl.Int64, "source_sheet": pl.String}
            if any("missing_reasons" in row for row in rows):
                schema["missing_reasons"] = pl.String
            frame = pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)
            tables[name] = work / f"{name}.parquet"
            frame.write_parquet(tables[name])
        offered = available or {n: frozenset(ready.pack.tables[n].columns) for n in tables}
        inputs = Inputs(as_of, offered, absence or {}, searched_on or {})
        with session(work, threads=threads, memory_limit="500MB") as running:
            screen(running, ready, inputs, tables)
            found = [running.connection.table(name).order("company_id") for name in names]
            return [[dict(zip(table.columns, row, strict=True)) for row in table.fetchall()] for table in found]
