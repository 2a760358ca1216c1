"""The one way to open DuckDB on anything that came from elsewhere: bounded, private, and sealed before any file is named."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.engine.files import DIALECT, static_sql
from screening.errors import RunError
from screening.expression_sql.pieces import column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


_WORTH_IT_FOR_FEW = ("unused_columns", "column_lifetime", "filter_pushdown")
"""Rewritings that a few companies need too: without them every layer carries every column to the end (a quarter of all statements of the sample)."""
_UNUSED_REWRITINGS = ("statistics_propagation", "common_subexpressions", "projection_placement")

FEW = 2_000
_ASIDE = "all of {}"
"""Name of a temporary table while some of its rows stand in for it."""

SPILL = "spill"
"""Name of the folder that takes what does not fit in memory."""


class Session:
    """Owns all contact with the database. Failures carry the step that failed, never a bare traceback."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, work: Path) -> None:
        self.connection, self.work = connection, work

    def view(self, name: str, path: Path) -> None:
        """Make a parquet file, or a folder of them, readable as a relation. Raises RunError when it cannot be read."""
        files = [str(file.absolute()) for file in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])]
        try:
            self.connection.read_parquet(files, hive_partitioning=False).create_view(name)
        except duckdb.Error as error:
            said = _first_line(error).replace(str(path.absolute()), path.name)
            raise RunError(f"'{path.name}' cannot be read: {said}") from error

    def frame(self, name: str, frame: pl.DataFrame) -> None:
        """Store a small frame as a table."""
        # A column of no type (all NULL) has no bitmap by the format, and DuckDB refuses the stream for it.
        frame = frame.cast({name: pl.Int32 for name, kind in frame.schema.items() if kind == pl.Null})
        self.connection.register(f"{name}_frame", ArrowView(frame))
        self.connection.table(f"{name}_frame").create(name)
        self.connection.unregister(f"{name}_frame")

    def create(self, name: str, statement: exp.Expr | str, parameters: Mapping[str, object] | None = None) -> None:
        """Run one step and keep its relation as a table."""
        # Written as a statement of its own it is planned once; as a relation that is then stored, twice.
        table = exp.Create(this=_table(name), kind="TABLE", expression=_written(statement))
        self._do(f"step '{name}'", table, parameters)

    def append(self, name: str, sql: str) -> None:
        """Run one step over further companies and add its rows, whose columns are those of the relation."""
        self._do(f"step '{name}'", exp.Insert(this=_table(name), expression=_written(sql)))

    def create_view(self, name: str, statement: exp.Expr | str) -> None:
        """Keep a statement as a relation that is worked out where it is read."""
        sql = statement if isinstance(statement, str) else statement.sql(DIALECT)
        try:
            self.connection.sql(sql).create_view(name)
        except duckdb.Error as error:
            raise RunError(f"step '{name}' failed: {_first_line(error)}") from error

    @contextmanager
    def narrowed(self, names: Sequence[str], condition: exp.Expr) -> Iterator[None]:
        """Let relations mean some of their rows for a while. What is temporary is found first, by stand-ins too."""
        own = {row[0] for row in self.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}
        standing: list[str] = []
        try:
            for name in names:
                # By its whole name, or the stand-in would stand on itself; a table that is temporary itself steps aside.
                whole = _table(name, "main", "memory")
                if name in own:
                    whole = _table(_ASIDE.format(name), "temp")
                    self._do(f"stand-in for '{name}'", _renamed(name, _ASIDE.format(name)))
                standing.append(name)
                statement = exp.select("*").from_(whole).where(condition)
                temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
                view = exp.Create(this=_table(name), kind="VIEW", expression=statement, properties=temporary)
                self._do(f"stand-in for '{name}'", view)
            yield
        finally:
            for name in standing:
                drop = exp.Drop(tables=[_table(name, "temp")], kind="VIEW", exists=True)
                self._do(f"stand-in for '{name}'", drop)
                if name in own:
                    self._do(f"stand-in for '{name}'", _renamed(_ASIDE.format(name), name))

    def _do(self, what: str, statement: exp.Expr, parameters: Mapping[str, object] | None = None) -> None:
        try:
            self.connection.execute(statement.sql(DIALECT), dict(parameters or {}))
        except duckdb.Error as error:
            raise RunError(f"{what} failed: {_first_line(error)}") from error

    def insert(self, name: str, statement: exp.Expr) -> None:
        """Add rows to a table, each value under the name of its column."""
        self._do(f"'{name}'", exp.Insert(this=_table(name), expression=statement, by_name=True))

    def drop(self, name: str, kind: str = "TABLE") -> None:
        """Let go of a table or a view."""
        self._do(f"'{name}'", exp.Drop(tables=[_table(name)], kind=kind, exists=True))

    def create_parts(self, name: str, parts: Mapping[str, Sequence[str]]) -> None:
        """Run one step that has a text for each part of the companies: text -> relations of the part's companies.

        The parts stand side by side in one statement, so that each is planned once; a column that one of them lacks is NULL in it.
        """
        if len(parts) == 1:
            self.create(name, next(iter(parts)))
            return
        together, *others = [_of_members(sql, members) for sql, members in parts.items()]
        for part in others:
            together = exp.Union(this=together, expression=part, distinct=False, by_name=True)
        self.create(name, together)

    def amend(self, name: str, sql: str, columns: Sequence[str], members: str) -> None:
        """Put some columns of a relation, of the companies of `members`, as a statement gives them."""
        given = _of_members(sql, [members]).subquery("amended")
        update = exp.Update(
            this=_table(name),
            expressions=[exp.EQ(this=column(c), expression=column(c, "amended")) for c in columns],
            from_=exp.From(this=given),
            where=exp.Where(this=exp.EQ(this=column("company_id", name), expression=column("company_id", "amended"))),
        )
        self._do(f"step '{name}'", update)

    def static(self, name: str) -> None:
        """Run a step whose SQL does not depend on rules."""
        self.create(name, static_sql(name))

    def columns(self, name: str) -> list[tuple[str, str]]:
        """Return (column, type) of a relation."""
        relation = self.connection.table(name)
        return [(c, str(t)) for c, t in zip(relation.columns, relation.types, strict=True)]

    def table_rows(self, name: str) -> list[dict[str, Any]]:
        """Return all rows of a relation by column name."""
        relation = self.connection.table(name)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of a query that is written in the code or a `.sql` file."""
        return self.connection.execute(sql, parameters or []).fetchall()


def _written(statement: exp.Expr | str) -> exp.Expr:
    """Return a statement as a part of another; the text of a step, which came from a tree, as it stands."""
    return statement if isinstance(statement, exp.Expr) else exp.Var(this=f"\n{statement}\n")


def _of_members(sql: str, members: Sequence[str]) -> exp.Query:
    """Return the rows of a step of some companies."""
    ids = [exp.select("company_id").from_(_table(each)) for each in members]
    some = exp.union(*ids, distinct=False, copy=False) if len(ids) > 1 else ids[0]
    whole = exp.Subquery(this=_written(sql), alias=exp.TableAlias(this=exp.to_identifier("step")))
    return exp.select("*").from_(whole).where(exp.In(this=exp.column("company_id"), query=some.subquery()))


def _table(name: str, db: str = "", catalog: str = "") -> exp.Table:
    place = {k: exp.to_identifier(v) for k, v in (("db", db), ("catalog", catalog)) if v}
    return exp.Table(this=exp.to_identifier(name, quoted=True), **place)


def _renamed(name: str, other: str) -> exp.Alter:
    return exp.Alter(this=_table(name, "temp"), kind="TABLE", actions=[exp.AlterRename(this=_table(other))])


def few(companies: Path) -> bool:
    """Tell whether a clean table holds so few companies that planning a statement well costs more than it saves."""
    import polars as pl  # noqa: PLC0415 - who opens a finished run knows the number

    return bool(pl.scan_parquet(companies, glob=False).select(pl.len()).collect().item() < FEW)


@contextmanager
def session(
    work: Path, *, threads: int, memory_limit: str, reads: Sequence[Path] = (), small: bool = False
) -> Iterator[Session]:
    """Open a session whose spill folder lies in `work`. Closed on leaving.

    It is sealed from the start: files of `work` and of the folders in `reads` only, no network, settings locked. So the schema
    of a foreign file, the text of a rule and the value of a cell all meet the same closed door. `small`: the data are so few that
    planning costs more than running, and that a second thread costs more than it takes over.
    """
    spill = work / SPILL
    spill.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(
            config={
                "threads": 1 if small else threads,
                "memory_limit": memory_limit,
                "temp_directory": str(spill.absolute()),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "preserve_insertion_order": "false",
            }
        )
    except duckdb.Error as error:
        raise RunError(f"cannot start the database: {_first_line(error)}") from error
    try:
        _plan_lightly(connection, small=small)
        _seal(connection, [work, *reads])
        yield Session(connection, work)
    finally:
        connection.close()


def _plan_lightly(connection: duckdb.DuckDBPyConnection, *, small: bool) -> None:
    """Leave out rewritings that take longer than they save.

    Statements of rules are wide, and their shared parts are columns of their own already: measured on 130,000 companies, the three
    left out save nothing, and on a sample they are half of the whole step.
    """
    [(every,)] = connection.execute("SELECT string_agg(name, ',') FROM duckdb_optimizers()").fetchall()
    unused = [
        name for name in every.split(",") if name in _UNUSED_REWRITINGS or (small and name not in _WORTH_IT_FOR_FEW)
    ]
    connection.execute("SET disabled_optimizers = ?", [",".join(unused)]).fetchall()


def _seal(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Close a connection to files outside some folders, to the network and to changes of its own settings."""
    for statement, values in (
        ("SET allowed_directories = ?", [[str(folder.absolute()) for folder in folders]]),
        ("SET enable_external_access = false", []),
        ("SET lock_configuration = true", []),
    ):
        connection.execute(statement, values).fetchall()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
