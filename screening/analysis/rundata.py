"""A finished run as data to question: its parquet relations, its pack and its manifest. Reads, never writes."""

from __future__ import annotations

import datetime
import functools
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from screening.catalog import SQL_TYPES
from screening.engine.session import DIALECT, session
from screening.engine.tables import MAIN, STEPS_READ
from screening.errors import Problem, RunError
from screening.expression_sql.pieces import relation
from screening.identifier import file_named
from screening.result.contract import RELATIONS
from screening.rulebook.scope import parse_pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from screening.engine.session import Session
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack

Row = dict[str, Any]
PAGES_READ = tuple(
    (column, "VARCHAR")
    for column in (
        "uscc",
        "name",
        "status_text",
        "company_type",
        "business_scope",
        "products",
        "description",
        "industry_name",
        "source_kind",
    )
)

MEMORY = "2GB"
"""What questions put to a finished run may use, unless the caller says otherwise."""


@functools.cache
def _statement(name: str) -> str:
    return files("screening.analysis").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class RunData:
    """One run. `connection` sees the relations of the contract and the clean tables under their own names."""

    connection: duckdb.DuckDBPyConnection
    parsed: ParsedPack
    manifest: Mapping[str, Any]
    quality: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pack(self) -> RulePack:
        """The pack the run used."""
        return self.parsed.pack

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """Return the rows of a shipped query (`sql/<query>.sql`) with its parameters bound."""
        return self._fetch(_statement(query), parameters)

    def one(self, query: str, **parameters: object) -> Row | None:
        """Return the first row, None when there is none."""
        found = self.rows(query, **parameters)
        return found[0] if found else None

    def select(self, tree: exp.Query) -> list[Row]:
        """Return the rows of a query that was built as a tree, because it depends on the pack."""
        return self._fetch(tree.sql(DIALECT), {})

    def has(self, name: str) -> bool:
        """True when the run has the relation or table."""
        return bool(
            self.connection.execute(
                "SELECT 1 FROM information_schema.tables WHERE table_name = $name", {"name": name}
            ).fetchall()
        )

    def _fetch(self, sql: str, parameters: Mapping[str, object]) -> list[Row]:
        cursor = self.connection.execute(sql, dict(parameters))
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def open_run(
    folder: Path, loaded: LoadedPack, manifest: Mapping[str, Any], *, threads: int = 1, memory_limit: str = MEMORY
) -> Iterator[RunData]:
    """Open a run folder (`result/*.parquet`, `tables/*.parquet`, `quality.json`). Closed on leaving; the folder is only read.

    Raises RunError naming the relation that is missing.
    """
    with (
        tempfile.TemporaryDirectory(prefix="screen-") as spill,
        session(Path(spill), threads=threads, memory_limit=memory_limit, reads=[folder]) as reading,
    ):
        for each in RELATIONS:
            _view(reading, each.name, folder / "result" / f"{each.name}.parquet", required=True)
        for table, spec in loaded.pack.tables.items():
            types = {column: SQL_TYPES[c.type] for column, c in spec.columns.items()}
            if table == MAIN:
                # Pages and questions name these themselves; a pack of another entity need not declare them.
                types = {**dict((*STEPS_READ, *PAGES_READ)), **types}
            _view(reading, table, file_named(folder / "tables", table, ".parquet"), declared=types)
        path = folder / "quality.json"
        quality = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        parsed = parse_pack(loaded, datetime.date.fromisoformat(str(manifest["as_of"])))
        yield RunData(reading.connection, parsed, manifest, quality)


def _view(
    reading: Session, name: str, path: Path, *, required: bool = False, declared: Mapping[str, str] | None = None
) -> None:
    """Make a parquet file readable under `name`, with every declared column; an absent table stays unknown."""
    if not path.is_file():
        if required:
            raise RunError(
                [Problem("run/incomplete", f"the run has no '{path.name}'", remedy="run the screening again")]
            )
        return
    if not declared:
        reading.view(name, path)
        return
    reading.view(f"{name} as stored", path)
    present = {column for column, _ in reading.columns(f"{name} as stored")}
    absent = [
        exp.alias_(exp.cast(exp.Null(), kind), exp.to_identifier(column, quoted=True))
        for column, kind in declared.items()
        if column not in present
    ]
    tree = exp.select(exp.Star(), *absent).from_(relation(f"{name} as stored"))
    reading.connection.sql(tree.sql(DIALECT)).create_view(name)
