"""The pages of a run: overview, dossiers, and the ranking as files. Records come from analysis; report only prints."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from screening.analysis.dossier import dossier
from screening.analysis.overview import overview
from screening.analysis.rundata import open_run
from screening.errors import Problem, RulesError, did_you_mean
from screening.report import render_dossier, render_overview
from screening.run.ranking_files import ranking_table, write_csv, write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.report.wording import Lang
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Options

_SAFE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")


def write_pages(folder: Path, loaded: LoadedPack, manifest: Mapping[str, Any], options: Options) -> None:
    """Write `report.html`, `dossiers/*.html`, `ranking.csv` and `ranking.xlsx` into a run folder.

    Raises RulesError when a company asked for by name is not in the data.
    """
    ranking = pl.read_parquet(folder / "result" / "ranking.parquet")
    chosen = companies_asked_for(ranking, options.dossiers)
    names = {company_id: f"dossiers/{page_name(company_id)}.html" for company_id in chosen}
    lang = cast("Lang", options.lang)
    with open_run(folder, loaded, manifest) as data:
        (folder / "report.html").write_text(render_overview(overview(data, names), lang), encoding="utf-8", newline="\n")
        if names:
            (folder / "dossiers").mkdir(exist_ok=True)
        for company_id, name in names.items():
            (folder / name).write_text(render_dossier(dossier(data, company_id), lang), encoding="utf-8", newline="\n")
    table = ranking_table(ranking, loaded.pack, options.lang)
    write_csv(table, folder / "ranking.csv")
    write_workbook(table, folder / "ranking.xlsx", options.lang)


def page_name(company_id: str) -> str:
    """Return a file name for a company: its id where that is a safe name, else a hash of it."""
    return company_id if _SAFE.match(company_id) else "x-" + hashlib.sha256(company_id.encode()).hexdigest()[:16]


def companies_asked_for(ranking: pl.DataFrame, asked: str) -> list[str]:
    """Return the ids that `--dossiers` means: a number (from the top), `all` ranked, `none`, or companies.

    Raises RulesError naming every company that cannot be found.
    """
    ranked = ranking.filter(pl.col("rank").is_not_null()).sort("rank")["company_id"].to_list()
    if asked == "all":
        return ranked
    if asked == "none":
        return []
    if asked.isdigit() and int(asked) < 10_000:
        return ranked[: int(asked)]
    found, problems = [], []
    for wanted in (w.strip() for w in asked.split(",") if w.strip()):
        company_id = find_company(ranking, wanted)
        if company_id is None:
            near = did_you_mean(wanted, [n for n in ranking["name"].to_list() if n and n[:2] == wanted[:2]])
            problems.append(Problem("company/not-found", f"there is no company '{wanted}' in the data", remedy=near or
                                    "give the company id, the credit code or the whole name"))
        else:
            found.append(company_id)
    if problems:
        raise RulesError(problems)
    return list(dict.fromkeys(found))


def find_company(ranking: pl.DataFrame, wanted: str) -> str | None:
    """Return the id of the company named by id, credit code, whole name, or a part of a name that only one has."""
    for column in ("company_id", "uscc", "name"):
        hits = ranking.filter(pl.col(column) == wanted)["company_id"].to_list()
        if hits:
            return cast("str", sorted(hits)[0])
    parts = ranking.filter(pl.col("name").str.contains(wanted, literal=True))["company_id"].to_list()
    return cast("str", parts[0]) if len(parts) == 1 else None
