"""The pages of a run: overview, dossiers, and the ranking as files. Records come from analysis; report only prints."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from screening.analysis.companies import company_records
from screening.analysis.overview import overview
from screening.analysis.rulewords import names as labels
from screening.analysis.rundata import open_run
from screening.errors import Problem, RulesError, did_you_mean
from screening.report import render_dossier, render_overview
from screening.report.fund_view import named
from screening.report.page import Links
from screening.report.printer import printer
from screening.report.wording import LANGS
from screening.report.workbook import workbook
from screening.result.contract import EXTERNAL
from screening.run.answers import write_answers
from screening.run.options import SHORTLIST
from screening.run.ranking_files import ranking_sheet, write_ranking, write_scores
from screening.run.seal import sealed
from screening.run.set_aside_file import write_set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord
    from screening.result.overview import Overview
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Options

_SAFE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")

_HASHED = "x-"
"""Begins a name made from a hash; an id that begins so is hashed too, or it could be made to equal one."""

_COUNT_DIGITS = 4
"""A longer number is a company, not a count: credit codes and ids may be all digits."""

_SEVERAL_SHOWN = 4

WORKBOOK_RECORDS = 500
"""Companies whose points, gates and facts are in the workbook; all are in the relations."""

DEFAULT_FIRST = 20
"""Dossiers of a run in which nobody is short-listed."""

# Names of devices, which Windows gives to no file whatever its ending.
_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))


def write_pages(
    folder: Path, loaded: LoadedPack, manifest: Mapping[str, Any], options: Options, *, anew: bool = False
) -> Overview:
    """Write `report.html`, `dossiers/*.html`, `ranking.csv`, `scores.csv`, `ranking.xlsx` and `set_aside.xlsx`; return what the report says.

    Each page stands beside its other language (`report.en.html`), one click away. `anew`: nothing is taken from what earlier runs kept.
    Raises RulesError when a company asked for by name is not in the data.
    """
    ranking = pl.scan_parquet(folder / "result" / "ranking.parquet", glob=False)
    listed = ranking if _named(options.dossiers) else ranking.filter(pl.col("rank").is_not_null())
    chosen = companies_asked_for(
        listed.select("company_id", "uscc", "name", "rank", "outcome").collect(), options.dossiers
    )
    names = {company_id: f"dossiers/{name}" for company_id, name in page_names(chosen).items()}
    lang = cast("Lang", options.lang)
    threads, memory = options.threads, options.memory_limit
    with open_run(folder, loaded, manifest, threads=threads, memory_limit=memory, anew=anew) as data:
        write_answers(folder, data, chosen)
        found = overview(data, names)
        _write(folder, "report", lang, lambda lang_, links: render_overview(found, lang_, links=links))
        if names:
            (folder / "dossiers").mkdir(exist_ok=True)
        pages = list(names.values())
        records: list[CompanyRecord] = []
        for i, record in enumerate(company_records(data, chosen)):
            if len(records) < WORKBOOK_RECORDS:
                records.append(record)
            before, after = pages[i - 1] if i else "", pages[i + 1] if i + 1 < len(pages) else ""
            _write(folder, pages[i], lang, functools.partial(render_dossier, record), ("../report", before, after))
    beside = (
        pl.read_parquet(folder / "result" / f"{name}.parquet", glob=False)
        for name in ("robustness", "fund_holdings", "fund_exits")
    )
    head = write_ranking(ranking, loaded.pack, options.lang, tuple(beside), folder / "ranking.csv")
    if manifest.get("audience") != EXTERNAL:
        # What points rest on may be confidential, so they are not handed on with a run made for others.
        criteria = pl.scan_parquet(folder / "result" / "criteria.parquet", glob=False)
        write_scores(ranking, criteria, loaded.pack, options.lang, folder / "scores.csv")
    p = printer(lang, found.run)
    fund = named(found.fund, labels(loaded.pack, lang), p) if found.fund is not None else None
    book = workbook(found, records, ranking_sheet(head), p, fund)
    (folder / "ranking.xlsx").write_bytes(book)
    write_set_aside(folder, loaded.pack, options.lang)
    return found


def _write(
    folder: Path,
    name: str,
    first: Lang,
    render: Callable[[Lang, Links], str],
    around: tuple[str, str, str] = ("", "", ""),
) -> None:
    """Write a page in both languages; the links of each lead to pages of the same language."""
    for lang, other in ((first, LANGS[first == LANGS[0]]), (LANGS[first == LANGS[0]], first)):
        home, before, after = (_file(page.rpartition("dossiers/")[2], first, lang) for page in around)
        links = Links(home, before, after, _file(name.rpartition("/")[2], first, other), _suffix(first, lang))
        page = render(lang, links)
        (folder / _file(name, first, lang)).write_text(sealed(page), encoding="utf-8", newline="\n")


def _file(page: str, first: Lang, lang: Lang) -> str:
    """Return the file of a page in one language; the run's first language needs no mark."""
    return f"{page}{_suffix(first, lang)}" if page else ""


def _suffix(first: Lang, lang: Lang) -> str:
    return ".html" if lang == first else f".{lang}.html"


def page_names(company_ids: Sequence[str]) -> dict[str, str]:
    """Return a file name for each company: its id where every system takes that as a name of its own, else a hash of it."""
    spellings = Counter(company_id.casefold() for company_id in company_ids)

    def name(company_id: str) -> str:
        folded = company_id.casefold()
        if (
            _SAFE.match(company_id)
            and not folded.startswith(_HASHED)
            and folded not in _RESERVED
            and spellings[folded] == 1
        ):
            return company_id
        return _HASHED + hashlib.sha256(company_id.encode()).hexdigest()[:16]

    return {company_id: name(company_id) for company_id in company_ids}


def require_companies(companies: Path, asked: str) -> None:
    """Raise RulesError at once when `--dossiers` names a company that is not in the clean table."""
    wanted = _named(asked)
    if wanted:
        _found(pl.read_parquet(companies, columns=["company_id", "uscc", "name"], glob=False), wanted)


def companies_asked_for(ranking: pl.DataFrame, asked: str) -> list[str]:
    """Return the ids that `--dossiers` means: the short list, a number (from the top), `all` ranked, `none`, or companies.

    Where nobody is short-listed, the short list means the first of the long list.

    Raises RulesError naming every company that cannot be found.
    """
    ranked = ranking.filter(pl.col("rank").is_not_null()).sort("rank", "company_id")["company_id"].to_list()
    if asked == "all":
        return ranked
    if asked == SHORTLIST:
        listed = ranking.filter(pl.col("outcome") == "shortlisted").sort("rank", "company_id")["company_id"].to_list()
        return listed or ranked[:DEFAULT_FIRST]
    if asked.isdecimal() and len(asked) <= _COUNT_DIGITS:
        return ranked[: int(asked)]
    return _found(ranking, _named(asked))


def _named(asked: str) -> list[str]:
    """Return the companies that `--dossiers` names; none for a number, `all` and `none`."""
    if asked in ("all", "none", SHORTLIST) or (asked.isdecimal() and len(asked) <= _COUNT_DIGITS):
        return []
    return list(dict.fromkeys(w for w in (part.strip() for part in re.split("[,\uff0c、]", asked)) if w))


def _found(companies: pl.DataFrame, wanted: Sequence[str]) -> list[str]:
    found, problems = [], []
    for name in wanted:
        company_id = find_company(companies, name)
        if company_id is None:
            problems.append(not_found(companies, name))
        else:
            found.append(company_id)
    if problems:
        raise RulesError(problems)
    return list(dict.fromkeys(found))


def not_found(companies: pl.DataFrame, wanted: str, asked: str = "") -> Problem:
    """Return the problem for a company that is not there or that several answer to. `asked`: the run, when it is a made one."""
    names = [n for n in companies["name"].to_list() if n]
    several = [n for n in names if wanted in n][:_SEVERAL_SHOWN]
    if len(several) > 1:
        return Problem(
            "company/several",
            f"'{wanted}' may mean several companies: {', '.join(several)}",
            remedy="give the whole name, the credit code or the company id",
        )
    near = did_you_mean(wanted, [n for n in names if n[:2] == wanted[:2]])
    return Problem(
        "company/not-found",
        f"run {asked} has no company '{wanted}'; `--run FOLDER` asks another"
        if asked
        else f"there is no company '{wanted}' in the data",
        remedy=near or "give the company id, the credit code or the whole name",
    )


def find_company(ranking: pl.DataFrame, wanted: str) -> str | None:
    """Return the id of the company named by id, credit code, whole name, or a part of a name that only one has."""
    for column in ("company_id", "uscc", "name"):
        hits = ranking.filter(pl.col(column) == wanted)["company_id"].to_list()
        if hits:
            return cast("str", sorted(hits)[0])
    parts = ranking.filter(pl.col("name").str.contains(wanted, literal=True))["company_id"].to_list()
    return cast("str", parts[0]) if len(parts) == 1 else None
