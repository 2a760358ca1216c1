"""The program from Python and from notebooks: load a pack, screen data, open a run, ask it.

>>> from screening.api import load_pack
>>> pack = load_pack("guangdong-2024")
>>> pack.id, pack.version
('guangdong-2024', '2024.1')
>>> sorted(set(pack.rules()["kind"]))[:4]
['axis', 'classification', 'criterion', 'deduction']

Frames are polars; other libraries take them through `to_arrow` or the Arrow stream that each frame offers. Names here are stable: added,
never renamed. Errors are those of `screening.errors`, each with every problem found.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.analysis.companies import company_records
from screening.arrow import ArrowView
from screening.engine.pipeline import program_frame
from screening.errors import RulesError, ScreeningError
from screening.report import render_dossier
from screening.resources import day_in_china
from screening.result.contract import RELATIONS
from screening.rulebook.scope import parse_pack
from screening.run.checked import checked_pack
from screening.run.opened import newest_run, opened, run_folder
from screening.run.options import DEFAULT_MEMORY, Options
from screening.run.pages import find_company, not_found
from screening.run.screening import run

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from screening.errors import Problem
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord
    from screening.rulebook.loader import LoadedPack

__all__ = ["Company", "Pack", "Run", "ScreeningError", "load_pack", "open_run", "screen"]

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
        return program_frame(parse_pack(self.loaded, self.as_of))

    def _repr_html_(self) -> str:
        label = html.escape(self.loaded.pack.pack.label.text("zh"))
        return f"<b>{label}</b> {html.escape(self.id)} {html.escape(self.version)} <code>{self.digest[:12]}</code>"


@dataclass(frozen=True)
class Company:
    """One company of a run: the typed record, and its page for a notebook."""

    record: CompanyRecord
    lang: Lang = "zh"

    def page(self) -> str:
        """Return the dossier as one HTML document."""
        return render_dossier(self.record, self.lang)

    def _repr_html_(self) -> str:
        return _framed(self.page())


@dataclass(frozen=True)
class Run:
    """A finished run in its folder. It is opened for each question and closed after it: nothing is held open."""

    path: Path

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest."""
        return run_folder(self.path).manifest

    @property
    def outcomes(self) -> dict[str, int]:
        """Return the number of companies by outcome."""
        return dict(self.manifest["outcomes"])

    def relation(self, name: str) -> pl.DataFrame:
        """Return a relation of the result contract, such as `ranking`, `facts` or `gates`.

        Raises RulesError for a name that is none.
        """
        known = tuple(r.name for r in RELATIONS)
        if name not in known:
            from screening.errors import Problem, did_you_mean  # noqa: PLC0415 - only to refuse

            raise RulesError(
                [
                    Problem(
                        "api/relation",
                        f"there is no relation '{name}'; {did_you_mean(name, known) or 'see docs/result-contract.md'}",
                        remedy=f"one of {', '.join(known)}",
                    )
                ]
            )
        with opened(self.path) as data:
            return pl.DataFrame(ArrowView(data.connection.table(name)))

    def companies(self) -> pl.DataFrame:
        """Return the ranking: one row per company, ranked ones first."""
        return self.relation("ranking").sort("rank", "company_id", nulls_last=True)

    def company(self, named: str, lang: Lang = "zh") -> Company:
        """Return one company by id, credit code or name. Raises RulesError when it is nobody's, with near names."""
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


def load_pack(name: str = "guangdong-2024", as_of: datetime.date | None = None) -> Pack:
    """Load and check a shipped pack by name, or a pack by path. Raises RulesError with every error."""
    day = as_of or day_in_china()
    loaded, notices = checked_pack(name, day)
    return Pack(loaded, notices, day, name)


def screen(
    data: str | Path,
    pack: Pack | str = "guangdong-2024",
    *,
    as_of: datetime.date | None = None,
    out: str | Path = "reports",
    overrides: str | Path | None = None,
    dossiers: str = "none",
    memory_limit: str = DEFAULT_MEMORY,
) -> Run:
    """Screen a file, a folder with a `dataset.yaml`, or that file, as `screen run` does, and return the run.

    Raises RulesError, DatasetError or RunError with every problem; then nothing is left behind.
    """
    options = Options(
        rules=pack.name if isinstance(pack, Pack) else pack,
        data=Path(data),
        as_of=as_of,
        out=Path(out),
        dossiers=dossiers,
        overrides=None if overrides is None else Path(overrides),
        memory_limit=memory_limit,
    )
    return Run(run(options).run_dir)


def open_run(path: str | Path | None = None) -> Run:
    """Open a run folder; without one, the newest in `reports`. Raises RunError for what is no sound run."""
    found = Path(path) if path is not None else newest_run(Path("reports"))
    return Run(run_folder(found).path)


def _framed(page: str) -> str:
    """A whole page inside a notebook, closed off: its own style and script neither reach the notebook nor are reached."""
    source = html.escape(page, quote=True)
    return f'<iframe sandbox="allow-scripts" srcdoc="{source}" style="width:100%;height:{_FRAME_HEIGHT}px;border:1px solid #ccc"></iframe>'
