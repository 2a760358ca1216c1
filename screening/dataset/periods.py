"""The year of a table that no column gives: in its title, the name of its sheet or of its file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.headers import HeaderMap, Match
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.catalog import Table

_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:年度|年报|年年报|年末|财年|年(?![初中底内起前后以间]))|(?<![A-Za-z])FY((?:19|20)\d{2})(?!\d)|^((?:19|20)\d{2})$",
    re.IGNORECASE,
)
# A part of a year, several years or figures still to come are no year's figures.
_OTHER_PERIOD = re.compile(
    r"半年|季|中报|[1-9]\s*-\s*\d{1,2}\s*月|\d{1,2}\s*月|[QH][1-4]|预测|预算|计划|预计|目标|近[一二三四五六\d]年|(?:19|20)\d{2}\s*年?\s*[-—–至到~]\s*(?:19|20)?\d{2}",
    re.IGNORECASE,
)
_LONGEST = 80


def year_said(texts: Sequence[str]) -> str | None:
    """Return the one whole year that the texts state; None where none does, several do, or it is of part of a year.

    >>> year_said(["样例园区2024年度财务情况表"]), year_said(["2024年上半年"]), year_said(["2022-2024年度"])
    ('2024', None, None)
    """
    folded = [unicodedata.normalize("NFKC", text).strip() for text in texts if text and len(text) <= _LONGEST]
    years = {next(filter(None, found.groups())) for text in folded for found in _YEAR.finditer(text)}
    if len(years) != 1 or any(_OTHER_PERIOD.search(text) for text in folded):
        return None
    return str(years.pop())


def with_year_of_names(
    frame: pl.DataFrame,
    headers: HeaderMap,
    table: Table,
    titles: Sequence[str],
    names: tuple[str, str],
    declared: Mapping[str, str | None],
) -> tuple[pl.DataFrame, HeaderMap, list[Problem]]:
    """Give a table without a column of years the year that its title, else its sheet, else its file states, and say so."""
    column = table.fiscal_year
    if column is None or column in headers.by_column() or column in declared or not headers.references:
        return frame, headers, []
    sheet, file = names
    stem = re.sub(r"\.[A-Za-z]{2,7}$", "", re.split(r"[/\\\\]", file)[-1])
    places = [("title", [*titles]), ("sheet", [sheet]), ("file", [stem])]
    found = next(((place, texts, year) for place, texts in places if (year := year_said(texts))), None)
    if found is None:
        return frame, headers, []
    place, texts, year = found
    stated = next(text for text in texts if year_said([text]))[:40]
    header = f"{column} ({place})"
    match = Match(column, header, frame.width - 1, basis="above")
    said = Problem(
        "data/year-of-name",
        f"{file}: no column gives the year; {year}, stated in '{stated}', counts for every row",
        Position(file),
        f"if it is another, state it in dataset.yaml: `constants: {{{column}: {year}}}`",
        "notice",
        details=(("file", file), ("year", year), ("place", place)),
    )
    return (
        frame.with_columns(pl.lit(year).alias(header)),
        replace(headers, matches=(*headers.matches, match)),
        [said],
    )
