"""The program from Python and from notebooks: load a pack, read and screen data, open a run, ask it.

>>> from screening.api import load_pack
>>> pack = load_pack("guangdong-2024")
>>> pack.id, pack.version
('guangdong-2024', '2024.1')
>>> sorted(set(pack.rules()["kind"]))[:4]
['axis', 'classification', 'criterion', 'deduction']
>>> pack.rule("staff_count").reads
()

Frames are polars; other libraries take them through `to_arrow` or the Arrow stream that each frame offers. Names here are stable: added,
never renamed. Errors are those of `screening.errors`, each with every problem found. What a call needs is loaded when it is made.
"""

from __future__ import annotations

import html
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.errors import Problem, RulesError, ScreeningError, did_you_mean
from screening.run.options import DEFAULT_MEMORY, DEFAULT_PACK, LOCAL, Options

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    import polars as pl

    from screening.dataset.model import Dataset
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.program import Rule as ProgramRule
    from screening.run.options import Progress
    from screening.run.screening import Finished

__all__ = [
    "Company",
    "Data",
    "Pack",
    "Rule",
    "Run",
    "ScreeningError",
    "company_schema",
    "load_pack",
    "open_run",
    "read",
    "screen",
]

_FRAME_HEIGHT = 900


@dataclass(frozen=True)
class Pack:
    """A checked rule pack. `notices` are its warnings; a pack with errors does not load."""

    loaded: LoadedPack = field(repr=False)
    notices: tuple[Problem, ...] = field(repr=False)
    as_of: datetime.date
    name: str

    @property
    def id(self) -> str:
        """Return the id."""
        return self.loaded.pack.pack.id

    @property
    def version(self) -> str:
        """Return the version."""
        return self.loaded.pack.pack.version

    @property
    def digest(self) -> str:
        """Return the digest over the merged values, not the layout of files."""
        return self.loaded.digest

    def rules(self) -> pl.DataFrame:
        """Return one row per rule: kind, file and line, what it reads and who reads it, as in the relation `program`."""
        from screening.engine.pipeline import program_frame
        from screening.rulebook.scope import parse_pack

        return program_frame(parse_pack(self.loaded, self.as_of))

    def rule(self, rule_id: str) -> Rule:
        """Return one rule by its id. Raises RulesError when the pack has none of it, with near ids."""
        from screening.rulebook.scope import parse_pack

        program = parse_pack(self.loaded, self.as_of).program
        found = program.of_id(rule_id)
        if not found:
            known = sorted({rule.id for rule in program.rules.values()})
            raise RulesError(
                [
                    Problem(
                        "api/rule",
                        f"there is no rule '{rule_id}'",
                        remedy=did_you_mean(rule_id, known) or "see Pack.rules()",
                    )
                ]
            )
        return Rule(self, found[0])

    def _repr_html_(self) -> str:
        label = html.escape(self.loaded.pack.pack.label.text("zh"))
        return f"<b>{label}</b> {html.escape(self.id)} {html.escape(self.version)} <code>{self.digest[:12]}</code>"


@dataclass(frozen=True)
class Rule:
    """One rule of a pack: where it stands, what it says, its clause, what it reads and who reads it."""

    pack: Pack = field(repr=False)
    inner: ProgramRule = field(repr=False)

    @property
    def id(self) -> str:
        """Return the id."""
        return self.inner.id

    @property
    def kind(self) -> str:
        """Return what sort of rule it is: `fact`, `gate`, `criterion`…"""
        return self.inner.kind

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the ids of the rules that it reads."""
        return tuple(key.id for key in self.inner.reads)

    @property
    def readers(self) -> tuple[str, ...]:
        """Return the ids of the rules that read it."""
        return tuple(key.id for key in self.inner.readers)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that it reads itself, as `table.column`."""
        return self.inner.columns

    @property
    def place(self) -> str:
        """Return file and line."""
        return str(self.inner.position or "")

    def says(self) -> Any:
        """Return what the pack says of it, as plain data."""
        said: Any = self.pack.loaded.document.data
        for step in self.inner.path:
            said = said[step]
        return said

    def sql(self) -> str:
        """Return the SQL that decides it. Raises RulesError for a rule that no statement decides by itself."""
        from screening.run.statements import statement_of

        return statement_of(self.pack.name, self.pack.as_of, self.id).sql

    def _repr_html_(self) -> str:
        import yaml

        said = yaml.safe_dump(self.says(), allow_unicode=True, sort_keys=False, width=100)
        rows = [
            ("kind", self.kind),
            ("place", self.place),
            ("reads", ", ".join((*self.reads, *self.columns))),
            ("read by", ", ".join(self.readers)),
        ]
        told = "".join(f"<tr><th>{key}</th><td>{html.escape(value)}</td></tr>" for key, value in rows if value)
        return f"<b>{html.escape(self.id)}</b><table>{told}</table><pre>{html.escape(said)}</pre>"


@dataclass(frozen=True)
class Data:
    """A dataset after intake, without any rule: clean tables, rows set aside, what was seen. It lies in a folder that goes with it."""

    source: Path
    dataset: Dataset = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables."""
        return tuple(self.dataset.tables)

    @property
    def as_of(self) -> datetime.date:
        """Return the date of knowledge."""
        return self.dataset.as_of

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Return what intake has to say."""
        return self.dataset.notices

    def rows(self) -> pl.DataFrame:
        """Return one row per table: rows read, clean and set aside; read = clean + set aside."""
        import polars as pl

        counted = self.dataset.rows.items()
        return pl.DataFrame(
            [(name, count.read, count.clean, count.set_aside) for name, count in counted],
            schema={"table": pl.String, "read": pl.Int64, "clean": pl.Int64, "set_aside": pl.Int64},
            orient="row",
        )

    def table(self, name: str = "companies") -> pl.DataFrame:
        """Return a clean table; each row says in which file and line it stood."""
        return self._frame(self.dataset.tables, name)

    def set_aside(self, name: str = "companies") -> pl.DataFrame:
        """Return the rows of a table that cannot be used, as they came, each with its reason."""
        return self._frame(self.dataset.set_aside, name)

    def _frame(self, paths: Mapping[str, Path], name: str) -> pl.DataFrame:
        import polars as pl

        if name not in paths:
            raise RulesError([_no_relation(name, tuple(paths))])
        return pl.read_parquet(paths[name], glob=False)

    def _repr_html_(self) -> str:
        return f"<b>{html.escape(self.source.name)}</b> {self.as_of}{self.rows()._repr_html_()}"


@dataclass(frozen=True)
class Company:
    """One company of a run: the typed record, and its page for a notebook."""

    record: CompanyRecord
    lang: Lang = "zh"

    def as_json(self) -> Any:
        """Return the record as plain JSON values; `company_schema()` describes them."""
        from screening.result import company as records

        return records.as_json(self.record)

    def page(self) -> str:
        """Return the dossier as one HTML document."""
        from screening.report import render_dossier

        return render_dossier(self.record, self.lang)

    def _repr_html_(self) -> str:
        return _framed(self.page())


@dataclass(frozen=True)
class Run:
    """A finished run in its folder. It is opened for each question and closed after it: nothing is held open."""

    path: Path
    finished: Finished | None = field(default=None, repr=False, compare=False)
    """What `screen` has just found; None for a run that was opened."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest."""
        from screening.run.opened import run_folder

        return run_folder(self.path).manifest

    @property
    def outcomes(self) -> dict[str, int]:
        """Return the number of companies by outcome."""
        return dict(self.manifest["outcomes"])

    def relation(self, name: str) -> pl.DataFrame:
        """Return a relation of the result contract, such as `ranking`, `facts` or `gates`.

        Raises RulesError for a name that is none.
        """
        import polars as pl

        from screening.arrow import ArrowView
        from screening.result.contract import ANSWERS, RELATIONS
        from screening.run.opened import opened

        known = tuple(r.name for r in (*RELATIONS, *ANSWERS))
        if name not in known:
            raise RulesError([_no_relation(name, known)])
        with opened(self.path) as data:
            return pl.DataFrame(ArrowView(data.connection.table(name)))

    def companies(self) -> pl.DataFrame:
        """Return the ranking: one row per company, ranked ones first."""
        return self.relation("ranking").sort("rank", "company_id", nulls_last=True)

    def company(self, named: str, lang: Lang = "zh") -> Company:
        """Return one company by id, credit code or name. Raises RulesError when it is nobody's, with near names."""
        import polars as pl

        from screening.analysis.companies import company_records
        from screening.arrow import ArrowView
        from screening.run.opened import opened
        from screening.run.pages import find_company, not_found

        with opened(self.path) as data:
            companies = pl.DataFrame(ArrowView(data.connection.table("ranking")))
            company_id = find_company(companies, named)
            if company_id is None:
                raise RulesError([not_found(companies, named)])
            return Company(next(iter(company_records(data, [company_id]))), lang)

    def _repr_html_(self) -> str:
        page = self.path / "report.html"
        if not page.is_file():
            return f"<code>{html.escape(self.path.name)}</code>"
        return _framed(page.read_text(encoding="utf-8"))


def load_pack(name: str = DEFAULT_PACK, as_of: datetime.date | None = None) -> Pack:
    """Load and check a shipped pack by name, or a pack by path. Raises RulesError with every error."""
    from screening.resources import day_in_china
    from screening.run.checked import checked_pack

    day = as_of or day_in_china()
    loaded, notices = checked_pack(name, day)
    return Pack(loaded, notices, day, name)


def read(data: str | Path, pack: Pack | str = DEFAULT_PACK, *, as_of: datetime.date | None = None) -> Data:
    """Read data as a run does, up to the clean tables: to look at them before any rule is asked.

    Raises DatasetError with every problem.
    """
    import tempfile

    from screening.dataset import ingest
    from screening.run.geography import geography_of

    used = pack if isinstance(pack, Pack) else load_pack(pack)
    folder = tempfile.TemporaryDirectory(prefix="screen-")
    try:
        rules = used.loaded.pack
        found = Data(Path(data), ingest(Path(data), rules.tables, geography_of(rules), as_of, Path(folder.name)))
    except BaseException:
        folder.cleanup()
        raise
    weakref.finalize(found, folder.cleanup)
    return found


def screen(
    data: str | Path | Data | None = None,
    pack: Pack | str = DEFAULT_PACK,
    *,
    as_of: datetime.date | None = None,
    out: str | Path = "reports",
    overrides: str | Path | None = None,
    notes: str | Path | None = None,
    dossiers: str = "none",
    lang: Lang = "zh",
    audience: str = "internal",
    threads: int | None = None,
    memory_limit: str = DEFAULT_MEMORY,
    engine: str = LOCAL,
    master: str | None = None,
    partitions: int | None = None,
    top: int = 10,
    trusted: tuple[Path, ...] = (),
    progress: Progress = lambda _: None,
) -> Run:
    """Screen a file, a folder with a `dataset.yaml`, or that file, as `screen run` does, and return the run; without data, the sample.

    `engine="spark"` works in the Spark session that is running, or in one of its own (extra `spark`). `progress` is called with the
    name of each step. Raises RulesError, DatasetError or RunError with every problem; then nothing is left behind.
    """
    from screening.run.screening import run

    chosen: dict[str, Any] = {}
    if data is not None:
        chosen["data"] = data.source if isinstance(data, Data) else Path(data)
    if threads is not None:
        chosen["threads"] = threads
    options = Options(
        rules=pack.name if isinstance(pack, Pack) else pack,
        as_of=as_of,
        out=Path(out),
        top=top,
        dossiers=dossiers,
        lang=lang,
        overrides=None if overrides is None else Path(overrides),
        notes=None if notes is None else Path(notes),
        audience=audience,
        trusted=trusted,
        memory_limit=memory_limit,
        engine=engine,
        master=master,
        partitions=partitions,
        **chosen,
    )
    finished = run(options, progress)
    return Run(finished.run_dir, finished)


def open_run(path: str | Path | None = None) -> Run:
    """Open a run folder; without one, the newest in `reports`. Raises RunError for what is no sound run."""
    from screening.run.opened import newest_run, run_folder

    found = Path(path) if path is not None else newest_run(Path("reports"))
    return Run(run_folder(found).path)


def company_schema() -> dict[str, Any]:
    """Return the JSON Schema of a company's record.

    >>> company_schema()["title"]
    'CompanyRecord'
    """
    from screening.result.company import record_schema

    return record_schema()


def _no_relation(name: str, known: tuple[str, ...]) -> Problem:
    return Problem(
        "api/relation",
        f"there is no relation '{name}'; {did_you_mean(name, known) or 'see docs/result-contract.md'}",
        remedy=f"one of {', '.join(known)}",
    )


def _framed(page: str) -> str:
    """A whole page inside a notebook, closed off: its own style and script neither reach the notebook nor are reached."""
    source = html.escape(page, quote=True)
    return f'<iframe sandbox="allow-scripts" srcdoc="{source}" style="width:100%;height:{_FRAME_HEIGHT}px;border:1px solid #ccc"></iframe>'
