"""`screen compare`: the records of some companies of one run, and the page that shows them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.companies import company_records
from screening.arrow import ArrowView
from screening.errors import RulesError
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.analysis.rundata import RunData
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord


def compared(names: Sequence[str], data: RunData) -> list[CompanyRecord]:
    """Return the records of companies named by id, credit code or name, in the order given.

    Raises RulesError with every name that is nobody's, and when one company is named twice.
    """
    ids = _found(data, names)
    if len(set(ids)) < len(ids):
        raise RulesError.of("compare/twice", "one company is named twice", remedy="name each company once")
    by_id = {r.company.company_id: r for r in company_records(data, ids)}
    return [by_id[i] for i in ids]


def require_company(data: RunData, named: str) -> str:
    """Return the id of a company. Raises RulesError when the name is nobody's."""
    return _found(data, [named])[0]


def _found(data: RunData, names: Sequence[str]) -> list[str]:
    exact = {name: row["company_id"] for name in names if (row := data.one("company_named", wanted=name)) is not None}
    if len(exact) < len(set(names)):
        import polars as pl  # noqa: PLC0415 - a name that is written whole needs none of this

        from screening.run.pages import find_company, not_found  # noqa: PLC0415

        companies = pl.DataFrame(ArrowView(data.connection.table("ranking")))
        asked = f"{data.manifest['run_id']} ({data.pack.pack.id})"
        nearly = {name: find_company(companies, name) for name in names if name not in exact}
        problems = [not_found(companies, name, asked) for name, found in nearly.items() if found is None]
        if problems:
            raise RulesError(problems)
        exact |= nearly
    return [exact[name] for name in names]


def write_page(records: Sequence[CompanyRecord], path: Path, lang: Lang) -> None:
    """Write the page. Raises RunError when the file cannot be written."""
    from screening.report import render_comparison  # noqa: PLC0415 - records are told in the terminal too

    write_asked(path, render_comparison(records, lang).encode(), "compare/unwritable")
