"""A finished run as data to question: its parquet relations, its pack and its manifest. Reads, never writes."""

from __future__ import annotations

import csv
import datetime
import functools
import io
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp, parse_one

from screening import trace
from screening.analysis.reading import PackReading
from screening.arrow import ArrowView
from screening.catalog import SQL_TYPES
from screening.engine.files import DIALECT
from screening.engine.inputs import MAIN, STEPS_READ
from screening.engine.session import FEW, session
from screening.errors import RunError
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column, relation, text
from screening.identifier import file_named
from screening.result.contract import ANSWERS, RANKED_OUTCOMES, RELATIONS
from screening.rulebook.names import direction_names
from screening.rulebook.parsing import parse_pack
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb
    import polars as pl

    from screening.engine.session import Session
    from screening.engine.steps import Step
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

KIND = "told"
"""What the store calls what was worked out from relations of a run."""

_MADE = "step as made"
_TEMPORARY = exp.Properties(expressions=[exp.TemporaryProperty()])

HELD = "holdings"
"""The table of what a fund holds."""
EXITS = {"state": "VARCHAR", "exit_method": "VARCHAR", "exited_on": "DATE"} | dict.fromkeys(
    ("at_stake", "proceeds"), "DECIMAL(18, 2)"
)
"""Its columns on what the fund has left."""

MEMORY = "2GB"
"""What questions put to a finished run may use, unless the caller says otherwise."""


def _by_company(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["company_id"]), []).append(row)
    return found


def ranked() -> exp.Expr:
    """The condition that a company of `ranking` has a rank."""
    return exp.In(this=column("outcome", "ranking"), expressions=[text(o) for o in RANKED_OUTCOMES])


@functools.cache
def _statement(name: str) -> str:
    return files("screening.analysis").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class RunData:
    """One run. `connection` sees the relations of the contract and the clean tables under their own names."""

    connection: duckdb.DuckDBPyConnection
    parsed: ParsedPack
    manifest: Mapping[str, Any]
    folder: Path
    quality: Mapping[str, Any] = field(default_factory=dict)
    declared: frozenset[str] | None = None
    """The relations that may be read; None: all."""
    anew: bool = False
    """Nothing is taken from what earlier runs kept."""
    _columns: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def pack(self) -> RulePack:
        """The pack the run used."""
        return self.parsed.pack

    @functools.cached_property
    def reading(self) -> PackReading:
        """What the pack says of itself, with the file and line of every rule as the run recorded them."""
        return PackReading(self.parsed, _origins(self.folder / "pack" / "origins.csv"))

    @functools.cached_property
    def unknowns(self) -> pl.DataFrame:
        """One row per kind of ranked companies of which the same is known, by nothing sorted: the ids of its `members`, outcome, why each fact is
        missing, the status of each gate, the ends of each contribution; read once.
        """
        ends = {"facts": (".reason",), "gates": (".status",), "criteria": (".contribution_low", ".contribution_high")}
        tree = exp.select(*(column(c, "ranking") for c in ("company_id", "outcome", "outcome_reason")))
        band = exp.Sub(this=column("score_high", "ranking"), expression=column("score_low", "ranking"))
        tree = tree.select(exp.alias_(band, "band")).from_(relation("ranking"))
        for name, wanted in ends.items():
            tree = tree.join(relation(name), using="company_id", copy=False)
            columns = (column(c, name) for c in sorted(self.columns(name)) if c.endswith(wanted))
            tree = tree.select(*columns, copy=False)
        return self.kinds(tree.where(ranked()), [column("company_id")])

    def kinds(self, tree: exp.Select, apart: Sequence[exp.Column]) -> pl.DataFrame:
        """Return the rows of a query that are alike but for the columns `apart` as one row, with a list of what these hold as `members`.

        The database gathers them, within its limit: of a large pool the rows themselves would not fit.
        """
        own = {each.name for each in apart}
        told = [column(each.alias_or_name) for each in tree.selects if each.alias_or_name not in own]
        held: exp.Expr = apart[0]
        if len(apart) > 1:
            held = exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(c.name), expression=c) for c in apart])
        members = exp.alias_(exp.Anonymous(this="list", expressions=[held]), "members")
        grouped = exp.select(*told, members).from_(tree.subquery("each")).group_by(*told)
        return self.wide(grouped)

    @contextmanager
    def narrowed(self, company_ids: Sequence[str]) -> Iterator[RunData]:
        """Give the same run with the rows of these companies only, in memory: what is asked costs as much as they do."""
        connection = self.connection.cursor()
        try:
            own = connection.execute(_statement("relations_of_companies")).fetchall()
            for (name,) in own:
                connection.execute(_only(name, company_ids))
            narrow = RunData(connection, self.parsed, self.manifest, self.folder, self.quality)
            narrow.__dict__["reading"] = self.reading
            yield narrow
        finally:
            connection.close()

    def once(
        self, name: str, reads: Sequence[str], sections: Sequence[str], made: Callable[[RunData], pl.DataFrame]
    ) -> pl.DataFrame:
        """Return what `made` gives of some relations and some sections of the pack, worked out once for the same of both.

        It is shown these sections alone, and a relation that is not named cannot be read.
        """
        import polars as pl  # noqa: PLC0415

        def content() -> bytes:
            seen = replace(self, parsed=self.parsed.narrowed(sections), declared=frozenset(reads), _columns={})
            written = io.BytesIO()
            made(seen).write_parquet(written, compression="zstd")
            return written.getvalue()

        # Tables are seen with the columns that the pack declares, holdings by the names of its directions.
        said = self.parsed.said((*sections, "tables", "domains"))
        files = {each: self._sha256(each) for each in reads}
        parts = [name, said, files]
        return pl.read_parquet(content() if self.anew or None in files.values() else once(KIND, parts, content))

    def told_once(self, step: Step) -> pl.DataFrame:
        """Return a compiled step over the relations of the run, worked out once for the same text and relations."""
        return self.once(f"step {step.sql}", step.reads, (), lambda run: run.wide(step.sql))

    def wide(self, statement: exp.Query | str) -> pl.DataFrame:
        """Return the rows of a statement of many columns: as a relation that is read it would be planned twice, stored it is once."""
        import polars as pl  # noqa: PLC0415

        sql = statement if isinstance(statement, str) else statement.sql(DIALECT)
        head = exp.Create(this=relation(_MADE), kind="TABLE", properties=_TEMPORARY).sql(DIALECT)
        self.connection.execute(f"{head} AS\n{sql}")
        found = pl.DataFrame(ArrowView(self.connection.table(_MADE)))
        self.connection.execute(exp.Drop(tables=[relation(_MADE)], kind="TABLE").sql(DIALECT))
        return found

    def _sha256(self, name: str) -> str | None:
        """Return the hash of the file that a relation is; None where it is more than one file."""
        answers = {relation.name for relation in (*RELATIONS, *ANSWERS)}
        path = file_named(self.folder / "tables", name, ".parquet")
        if name in answers:
            path = self.folder / "result" / f"{name}.parquet"
        return "" if not path.exists() else trace.sha256_of(str(path))

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """Return the rows of a shipped query (`sql/<query>.sql`) with its parameters bound."""
        return self._fetch(_statement(query), parameters)

    def frame(self, query: str, **parameters: object) -> pl.DataFrame:
        """Return the rows of a shipped query as a frame, for what would be many objects."""
        import polars as pl  # noqa: PLC0415 - one company's story needs none

        self._allowed(_statement(query))
        return pl.DataFrame(ArrowView(self.connection.sql(_statement(query), params=parameters)))

    def one(self, query: str, **parameters: object) -> Row | None:
        """Return the first row, None when there is none."""
        found = self.rows(query, **parameters)
        return found[0] if found else None

    def select(self, tree: exp.Query) -> list[Row]:
        """Return the rows of a query that was built as a tree, because it depends on the pack."""
        return self._fetch(tree.sql(DIALECT), {})

    def all(self, name: str) -> list[Row]:
        """Return the rows of a relation; none where the run has no such relation."""
        return self.select(exp.select(exp.Star()).from_(relation(name))) if self.has(name) else []

    def by_company(self, name: str) -> dict[str, list[Row]]:
        """Return the rows of a relation by their company."""
        return _by_company(self.all(name))

    def told(self, step: Step) -> list[Row]:
        """Return the rows of a compiled step over the relations of the run."""
        return self._fetch(step.sql, {})

    def has(self, name: str) -> bool:
        """True when the run has the relation or table."""
        return bool(
            self.connection.execute(
                "SELECT 1 FROM information_schema.tables WHERE table_name = $name", {"name": name}
            ).fetchall()
        )

    def columns(self, name: str) -> frozenset[str]:
        """Return the columns of a relation; they are looked up once."""
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = frozenset(self.connection.table(name).columns)
        return known

    def grouped(self, query: str) -> dict[str, list[Row]]:
        """Return the rows of a shipped query by their company, in its order."""
        return _by_company(self.rows(query))

    def _fetch(self, sql: str, parameters: Mapping[str, object]) -> list[Row]:
        self._allowed(sql)
        cursor = self.connection.execute(sql, dict(parameters))
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def _allowed(self, sql: str) -> None:
        if self.declared is not None:
            tree = parse_one(sql, dialect=DIALECT)
            named = {t.name for t in tree.find_all(exp.Table)} - {c.alias for c in tree.find_all(exp.CTE)}
            if undeclared := named - self.declared:
                raise AssertionError(f"reads {sorted(undeclared)}, which it does not name")


@contextmanager
def open_run(
    folder: Path,
    loaded: LoadedPack,
    manifest: Mapping[str, Any],
    *,
    threads: int = 1,
    memory_limit: str = MEMORY,
    anew: bool = False,
) -> Iterator[RunData]:
    """Open a run folder (`result/*.parquet`, `tables/*.parquet`, `quality.json`). Closed on leaving; the folder is only read.

    `anew`: what earlier runs kept of the same relations is not taken.

    Raises RunError naming the relation that is missing.
    """
    parsed = parse_pack(loaded, datetime.date.fromisoformat(str(manifest["as_of"])))
    small = int(manifest.get("rows", {}).get("clean", FEW)) < FEW
    with _opened(folder, parsed, threads=threads, memory_limit=memory_limit, small=small) as connection:
        path = folder / "quality.json"
        quality = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        yield RunData(connection, parsed, manifest, folder, quality, anew=anew)


@contextmanager
def _opened(
    folder: Path, parsed: ParsedPack, *, threads: int = 1, memory_limit: str = MEMORY, small: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a run's relations and tables under their own names."""
    with (
        tempfile.TemporaryDirectory(prefix="screen-") as spill,
        session(Path(spill), threads=threads, memory_limit=memory_limit, reads=[folder], small=small) as reading,
    ):
        for each in RELATIONS:
            _view(reading, each.name, folder / "result" / f"{each.name}.parquet", required=True)
        for each in ANSWERS:
            _view(reading, each.name, folder / "result" / f"{each.name}.parquet")
        for table, spec in parsed.pack.tables.items():
            types = {column: SQL_TYPES[c.type] for column, c in spec.columns.items()}
            if table == HELD:
                types = {**EXITS, **types}  # a pack of an earlier run knows none
            if table == MAIN:
                # Pages and questions name these themselves; a pack of another entity need not declare them.
                types = {**dict((*STEPS_READ, *PAGES_READ)), **types}
            path = file_named(folder / "tables", table, ".parquet")
            if table == HELD and path.exists():
                # A fund's books name its companies and directions as they please: by code, by name.
                _view(reading, f"{table} as stored", path, declared=types)
                names = direction_names(parsed.pack)
                told = {
                    "names": [*names],
                    "domains": [d for d, _ in names.values()],
                    "directions": [d for _, d in names.values()],
                }
                reading.create(table, _statement("holdings_named"), told)
            else:
                _view(reading, table, path, declared=types)
        yield reading.connection


def _view(
    reading: Session, name: str, path: Path, *, required: bool = False, declared: Mapping[str, str] | None = None
) -> None:
    """Make a parquet file, or a folder of them, readable under `name`, with every declared column; an absent table stays unknown."""
    if not path.exists():
        if required:
            raise RunError.of("run/incomplete", f"the run has no '{path.name}'", remedy="run the screening again")
        return
    reading.view(name, path)
    present = {name_ for name_, _ in reading.columns(name)} if declared else set()
    absent = [
        exp.alias_(cast(exp.Null(), kind), exp.to_identifier(name_, quoted=True))
        for name_, kind in (declared or {}).items()
        if name_ not in present
    ]
    if absent:  # elsewhere the file is the relation: each further view over it is one more to bind, of thirty
        stored = f"{name} as stored"
        reading.view(stored, path)
        reading.create_view(name, exp.select(exp.Star(), *absent).from_(relation(stored)))


def _only(name: str, company_ids: Sequence[str]) -> str:
    """Return the statement that lets a relation mean its rows of some companies for one cursor: what is temporary is found first."""
    whole = exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier("main"))
    wanted = exp.In(this=column("company_id"), expressions=[text(company_id) for company_id in company_ids])
    rows = exp.select("*").from_(whole).where(wanted)
    return exp.Create(this=relation(name), kind="TABLE", expression=rows, properties=_TEMPORARY).sql(DIALECT)


def _origins(path: Path) -> dict[str, tuple[str, int]]:
    """Return file and line of every value of the pack by its dotted path; nothing where the run has no such record."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        next(rows, None)
        return {path: (file, int(line or 0)) for path, file, line, _ in rows}
