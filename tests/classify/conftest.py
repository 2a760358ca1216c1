"""A classification of made-up companies with the plan's own pack. No real company stands in these tests."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from screening.arrow import ArrowView
from screening.engine.classify import classify
from screening.rulebook.loader import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
    "company_type",
)
PATENT_COLUMNS = ("company_id", "patent_no", "ipc", "title")

Row = dict[str, Any]


class Classified:
    """The tables that classification left behind."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, pack: RulePack) -> None:
        self.connection = connection
        self.pack = pack

    def query(self, sql: str, parameters: object = None) -> list[Row]:
        cursor = self.connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """Answer the shipped queries of `analysis`, as a finished run does."""
        path = Path(__file__).parents[2] / "screening" / "analysis" / "sql" / f"{query}.sql"
        return self.query(path.read_text(encoding="utf-8"), parameters)

    def profile(self, company_id: str) -> Row:
        [row] = self.query("SELECT * FROM profile WHERE company_id = $id", {"id": company_id})
        return row

    def grades(self, company_id: str) -> dict[str, str]:
        found = self.query(
            "SELECT coalesce(direction_id, domain_id) AS id, grade FROM classification "
            "WHERE company_id = $id ORDER BY position",
            {"id": company_id},
        )
        return {row["id"]: row["grade"] for row in found}


@pytest.fixture(scope="session")
def plan() -> RulePack:
    return load_pack("guangdong-2024").pack


@contextmanager
def classifier(plan: RulePack) -> Iterator[Callable[..., Classified]]:
    """Yield a function that classifies companies; its connections are closed on leaving."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def run(
        companies: Sequence[Row],
        patents: Sequence[Row] = (),
        pack: RulePack | None = None,
        threads: int = 2,
        **options: Any,
    ) -> Classified:
        connection = duckdb.connect(config={"threads": threads})
        opened.append(connection)
        _table(
            connection,
            "companies",
            COLUMNS,
            [{"company_id": f"c{n}", "name": "某某有限公司", **row} for n, row in enumerate(companies)],
        )
        if patents:
            _table(connection, "patents", PATENT_COLUMNS, patents)
        classify(connection, pack or plan, **options)
        return Classified(connection, pack or plan)

    yield run
    for connection in opened:
        connection.close()


@pytest.fixture
def classified(plan: RulePack) -> Iterator[Callable[..., Classified]]:
    with classifier(plan) as run:
        yield run


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    frame = pl.DataFrame(
        [{column: row.get(column) for column in columns} for row in rows], schema=dict.fromkeys(columns, pl.String)
    )
    connection.register("given", ArrowView(frame))
    connection.execute(
        {"companies": "CREATE TABLE companies AS FROM given", "patents": "CREATE TABLE patents AS FROM given"}[name]
    )
    connection.unregister("given")
