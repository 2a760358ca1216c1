"""A screening, its run, and the questions that are put to it."""

from __future__ import annotations

import html
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from screening.api.data import Data, no_relation
from screening.api.pack import Pack
from screening.errors import RulesError
from screening.run.options import DEFAULT_MEMORY, DEFAULT_PACK, LOCAL, Options

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    import polars as pl

    from screening.analysis.rundata import RunData
    from screening.api.answers import (
        Answer,
        Backtest,
        CompanyRecord,
        Concession,
        DataGap,
        Decisive,
        Drift,
        Finished,
        FundExposure,
        Lift,
        Plan,
        PlanCoverage,
        Reinvestment,
        Robustness,
        RunRecord,
        Searched,
        TermUse,
        Trial,
    )
    from screening.report.wording import Lang
    from screening.rulebook.lexicon import TermKind
    from screening.run.options import Progress

_FRAME_HEIGHT = 900


@dataclass(frozen=True, repr=False)
class Company:
    """One company of a run: the typed record, and its page for a notebook."""

    record: CompanyRecord
    lang: Lang = "zh"

    def __repr__(self) -> str:
        # A whole record is as long as a dossier.
        found = self.record
        return f"Company({found.company.company_id!r}, {found.company.name!r}, {found.outcome!r}, rank={found.rank})"

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
    """A finished run in its folder. It is opened for each question and closed after it, unless `kept_open` is asked for.

    A run that was changed since, or was made for others and has no tables, answers no question: that is a RunError.
    """

    path: Path
    finished: Finished | None = field(default=None, repr=False, compare=False)
    """What `screen` has just found; None for a run that was opened."""
    _held: list[RunData] = field(default_factory=list, repr=False, compare=False)

    @contextmanager
    def kept_open(self) -> Iterator[Run]:
        """Keep the run open while several questions are put to it."""
        with self._opened() as data:
            self._held.append(data)
            try:
                yield self
            finally:
                self._held.pop()

    @contextmanager
    def _opened(self) -> Iterator[RunData]:
        from screening.run.opened import opened

        if self._held:
            yield self._held[-1]
            return
        with opened(self.path) as data:
            yield data

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest."""
        from screening.run.opened import run_folder

        return self._held[-1].manifest if self._held else run_folder(self.path).manifest

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

        known = tuple(r.name for r in (*RELATIONS, *ANSWERS))
        if name not in known:
            raise RulesError([no_relation(name, known)])
        with self._opened() as data:
            return pl.DataFrame(ArrowView(data.connection.table(name)))

    def companies(self) -> pl.DataFrame:
        """Return the ranking: one row per company, ranked ones first."""
        return self.relation("ranking").sort("rank", "company_id", nulls_last=True)

    def company(self, named: str, lang: Lang = "zh") -> Company:
        """Return one company by id, credit code or name. Raises RulesError when it is nobody's, with near names."""
        return self.companies_named([named], lang)[0]

    def companies_named(self, named: Sequence[str], lang: Lang = "zh") -> list[Company]:
        """Return several companies, in the order given. Raises RulesError with every name that is nobody's, or for one named twice."""
        from screening.run.comparison import compared

        with self._opened() as data:
            return [Company(record, lang) for record in compared(named, data)]

    def about(self) -> RunRecord:
        """Return what was run: pack, date of knowledge, files, notices."""
        from screening.analysis.run_record import run_record

        with self._opened() as data:
            return run_record(data)

    def names(self, lang: Lang = "zh") -> dict[str, str]:
        """Return what the rules, directions, stages and tiers of its pack are called, by id."""
        from screening.analysis.rulewords import names

        with self._opened() as data:
            return names(data.pack, lang)

    def lift(self, named: str) -> Lift:
        """Return the least changes of known facts that would lift a company, and the single ones that would drop it."""
        from screening.analysis.lift import lift_of
        from screening.run.comparison import require_company

        with self._opened() as data:
            return lift_of(data, require_company(data, named))

    def robustness(self) -> Robustness:
        """Return how sure ranks and the short list are under the ranges of weights that the pack states."""
        from screening.analysis.robustness import robustness

        with self._opened() as data:
            return robustness(data)

    def coverage(self, against: str | Path | None = None) -> PlanCoverage:
        """Return the plan against the companies; with another version of the pack, what that one says otherwise."""
        from screening.analysis.plan_view import coverage
        from screening.rulebook.loader import load_pack

        other = None if against is None else load_pack(against).pack
        with self._opened() as data:
            return coverage(data, other)

    def portfolio(self, limits: str | Path | Plan | None = None, *, budget: str | None = None) -> Answer:
        """Return which companies to fund under a budget such as `3亿元` and the limits of a file; or which limits cannot hold together."""
        from screening.run.limits import Plan, read_plan, with_budget
        from screening.run.portfolio import portfolio

        chosen = limits if isinstance(limits, Plan) else Plan() if limits is None else read_plan(Path(limits))
        if budget is not None:
            chosen = with_budget(chosen, budget)
        with self._opened() as data:
            return portfolio(data, chosen)

    def decisive(self) -> Decisive:
        """Return which gates and criteria decide most."""
        from screening.analysis.decisive import decisive

        with self._opened() as data:
            return decisive(data)

    def gaps(self) -> list[DataGap]:
        """Return the data that the whole list waits for, what would settle most first."""
        from screening.analysis.data_gaps import data_gaps

        with self._opened() as data:
            return list(data_gaps(data))

    def if_searched(self, table: str, progress: Progress = lambda _: None) -> Searched:
        """Return whose outcome would be another had the search of a table not expired."""
        from screening.run.searched import if_searched

        return if_searched(self.path, table, progress)

    def terms(self, term: str = "", *, samples: int = 0) -> tuple[TermUse, ...]:
        """Return how each term of the lexicon hits, or one of them, with samples of its context."""
        from screening.analysis.terms import term_uses

        with self._opened() as data:
            return term_uses(data, term=term, samples=samples)

    def try_term(self, word: str, direction: str, kind: TermKind = "related", gold: str | Path | None = None) -> Trial:
        """Return what a word would do as a term of a direction or domain, and to the companies of a gold file."""
        from screening.analysis.gold import read_gold
        from screening.analysis.trial import trial

        with self._opened() as data:
            return trial(data, word, direction, kind, read_gold(Path(gold), data.pack) if gold else ())

    def backtest(self, outcomes: str | Path, earlier: Run | None = None) -> Backtest:
        """Hold scores and tiers against what became of the companies, by a table of outcomes known only after the date of knowledge.

        With an `earlier` run the drift since then stands in the answer too.
        """
        import datetime
        from dataclasses import replace

        from screening.analysis.backtest import backtest, read_outcomes

        with self._opened() as data:
            day = datetime.date.fromisoformat(str(data.manifest["as_of"]))
            found = backtest(data, read_outcomes(Path(outcomes), day))
        return found if earlier is None else replace(found, drift=self.drift(earlier))

    def drift(self, earlier: Run) -> Drift:
        """Return how far scores and tiers have moved since an earlier run."""
        from screening.analysis.drift import drift

        with self._opened() as data, earlier._opened() as before:
            return drift(before, data)

    @property
    def fund(self) -> Mapping[str, Any] | None:
        """Return the terms of the fund that stood beside the data; None without `fund.yaml`."""
        return self.manifest.get("fund")

    def exposure(self) -> FundExposure:
        """Return what the fund holds against its own concentration limit, by domain, city and stage. Raises RulesError without a fund."""
        from screening.analysis.fund_terms import exposure

        self._terms()
        with self._opened() as data:
            return exposure(data)

    def concession(self, government: Decimal, proceeds: Decimal, share: Decimal) -> Concession:
        """Return what each party gets of `proceeds` when the government, which put in so much, concedes a share of its gain; in yuan."""
        from decimal import Decimal

        from screening.analysis.fund_terms import concession

        return concession(Decimal(str(self._terms()["size"])), government, proceeds, share)

    def reinvestment(self, ratio: Decimal, government: Decimal, city: str = "") -> Reinvestment:
        """Return what a reinvestment ratio asks for in a city (the fund's own where none is named), what is there and what is missing."""
        from screening.analysis.fund_terms import reinvestment

        with self._opened() as data:
            home = city or str(self._terms().get("home_city") or "")
            return reinvestment(ratio, government, home, _investments(data))

    def _terms(self) -> Mapping[str, Any]:
        if not self.fund:
            raise RulesError.of(
                "fund/none", "the data of this run have no fund.yaml", remedy="ask a run whose data have one"
            )
        return self.fund

    def sign(self, key: str | Path) -> Path:
        """Sign the run with a private key; return the signature, which lies beside its folder."""
        from screening.run.signature import sign

        return sign(self.path, Path(key))

    def export(
        self,
        form: Literal["pdf", "docx"] = "pdf",
        out: str | Path | None = None,
        *,
        lang: Lang = "zh",
        browser: str = "",
        progress: Progress = lambda _: None,
    ) -> list[Path]:
        """Print the pages as PDF with a browser of this machine, or write every dossier as a Word file; return the files.

        Without `out` they go into a folder beside the run. Raises RunError for what cannot be written.
        """
        from screening.run.printing import print_pages
        from screening.run.word import write_documents

        target = Path(out) if out is not None else self.path.with_name(f"{self.path.resolve().name}-{form}")
        if form == "pdf":
            return print_pages(self.path, target, lang, browser, progress)
        with self._opened() as data:
            return write_documents(data, target, lang)

    def _repr_html_(self) -> str:
        page = self.path / "report.html"
        if not page.is_file():
            return f"<code>{html.escape(self.path.name)}</code>"
        return _framed(page.read_text(encoding="utf-8"))


def screen(
    data: str | Path | Data | None = None,
    pack: Pack | str | Path = DEFAULT_PACK,
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
        rules=pack.name if isinstance(pack, Pack) else str(pack),
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


def find_run(named: str | Path) -> Run:
    """Find a run by its folder, a page inside it, or its id, here, below or above; it is looked at when it is asked."""
    from screening.run.opened import find_run as found

    return Run(found(str(named)))


def company_schema() -> dict[str, Any]:
    """Return the JSON Schema of a company's record.

    >>> company_schema()["title"]
    'CompanyRecord'
    """
    from screening.result.company import record_schema

    return record_schema()


def _investments(data: RunData) -> list[dict[str, Any]]:
    return data.rows("investments") if data.has("holdings") else []


def _framed(page: str) -> str:
    """A whole page inside a notebook, closed off: its own style and script neither reach the notebook nor are reached."""
    source = html.escape(page, quote=True)
    return f'<iframe sandbox="allow-scripts" srcdoc="{source}" style="width:100%;height:{_FRAME_HEIGHT}px;border:1px solid #ccc"></iframe>'
