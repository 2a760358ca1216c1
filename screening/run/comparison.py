"""`screen compare`: the records of some companies of one run, and the page that shows them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.companies import company_records
from screening.arrow import ArrowView
from screening.errors import Problem, RulesError
from screening.report import render_comparison
from screening.run.asked_file import write_asked
from screening.run.pages import find_company, not_found

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
    companies = pl.DataFrame(ArrowView(data.connection.table("ranking")))
    found = [find_company(companies, name) for name in names]
    problems = [not_found(companies, name) for name, each in zip(names, found, strict=True) if each is None]
    if problems:
        raise RulesError(problems)
    ids = [each for each in found if each is not None]
    if len(set(ids)) < len(ids):
        raise RulesError([Problem("compare/twice", "one company is named twice", remedy="name each company once")])
    by_id = {r.company.company_id: r for r in company_records(data, ids)}
    return [by_id[i] for i in ids]


def require_company(data: RunData, named: str) -> str:
    """Return the id of a company. Raises RulesError when the name is nobody's."""
    companies = pl.DataFrame(ArrowView(data.connection.table("ranking")))
    company_id = find_company(companies, named)
    if company_id is None:
        raise RulesError([not_found(companies, named)])
    return company_id


def write_page(records: Sequence[CompanyRecord], path: Path, lang: Lang) -> None:
    """Write the page. Raises RunError when the file cannot be written."""
    write_asked(path, render_comparison(records, lang).encode(), "compare/unwritable")
