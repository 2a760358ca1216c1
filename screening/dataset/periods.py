"""The year of a table that no column gives: in the headers of its figures, in its title, the name of its sheet or of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.amounts import money_unit
from screening.dataset.headers import (
    HeaderMap,
    Match,
    figures_in,
    fold_header,
    match_headers,
    unit_alone,
    unit_in_brackets,
    years_among,
)
from screening.dataset.raw import ROW
from screening.dataset.units import with_row_units
from screening.dataset.years import year_of_header, year_said
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.catalog import Table

BY_YEAR = "year"
"""Basis of a year that no column of the file gives."""
_ITEM = frozenset(
    map(fold_header, ("指标", "指标名称", "项目", "科目", "财务指标", "报表项目", "会计科目", "Item", "Indicator"))
)
_MOST_ITEMS = 60
_LONGEST_TITLE = 80
_COMPARED = re.compile("率|比|占|增|排名|均")


@dataclass(frozen=True, slots=True)
class YearColumns:
    """The columns of a table that hold the figures of one year each.

    `headers`: those of the file, with the first column of a figure called by it without its year and the others blank.
    `figures`: by place of that first column, the place of each year's.
    """

    frame: pl.DataFrame
    headers: tuple[str, ...]
    figures: Mapping[int, Mapping[str, int]]


def year_columns(
    frame: pl.DataFrame, headers: Sequence[str], table: Table, declared: Mapping[str, str | None], titles: Sequence[str]
) -> YearColumns | None:
    """Return which columns of `frame` (ROW, then those of `headers`) hold which year; None for a table of another shape.

    Columns that are years alone hold the figure that a column of items (`指标`) names row by row, or else the one that a title
    names. What `declared` says of the year or of such a column goes before.
    """
    column = table.fiscal_year
    if column is None or column in declared or column in match_headers(headers, table, declared).by_column():
        return None
    found = years_among(headers, table)
    if not found or any(headers[place] in declared.values() for place in found):
        return None
    bare = {place: year for place, (figure, year) in found.items() if not figure}
    names = list(headers)
    placed = {place: said for place, said in found.items() if said[0]}
    if bare:
        items = [place for place, header in enumerate(headers) if fold_header(header) in _ITEM]
        beside = {place: _unit_of(headers[place]) for place in bare}
        if len(set(beside.values())) > 1:
            return None
        frame, more = _by_items(frame, items[0], bare, beside, table) if len(items) == 1 else (frame, {})
        if not items and (figure := figures_in([t for t in titles if not _COMPARED.search(t)], table)):
            more = {place: (f"{figure}{_unit_of(headers[place])}", year) for place, year in bare.items()}
        placed |= more
        names += [""] * (frame.width - 1 - len(names))
        for place in (*items, *bare):
            names[place] = ""
    figures: dict[str, dict[str, int]] = {}
    said: dict[str, set[str]] = {}
    for place, (header, year) in placed.items():
        match = match_headers([header], table).matches[0]
        if year in figures.setdefault(match.column, {}):
            return None
        figures[match.column][year] = place
        said.setdefault(match.column, set()).add(match.unit)
    # A unit said of one year counts for its neighbours; of two units nobody knows whose is left out.
    if not figures or any("" in units and len(units - {""}) > 1 for units in said.values()):
        return None
    first: dict[int, Mapping[str, int]] = {}
    for years in figures.values():
        stated = [place for place in years.values() if match_headers([placed[place][0]], table).matches[0].unit]
        lead = min(stated or years.values())
        for place in years.values():
            names[place] = ""
        names[lead] = placed[lead][0]
        first[lead] = years
    return YearColumns(frame, tuple(names), first)


def _unit_of(header: str) -> str:
    """Return in brackets the unit that a header states beside its year (`2024年(万元)`), empty where it states none."""
    said = year_of_header(header)
    unit = unit_alone(said[0]) if said else ""
    return f"({unit})" if unit else ""


def _by_items(
    frame: pl.DataFrame, item: int, years: Mapping[int, str], units: Mapping[int, str], table: Table
) -> tuple[pl.DataFrame, dict[int, tuple[str, str]]]:
    """Add a column for each year of each figure that the cells of `item` name; return what they are by place."""
    cells = frame.to_series(item + 1).str.strip_chars()
    texts = [text for text in cells.drop_nulls().unique(maintain_order=True).to_list() if text][:_MOST_ITEMS]
    added: dict[int, tuple[str, str]] = {}
    for text in texts:
        if years_among([f"{text}2000年"], table):
            for place, year in years.items():
                added[frame.width - 1] = (text if unit_in_brackets(text) else f"{text}{units[place]}", year)
                own = pl.when(pl.lit(cells) == text).then(frame.to_series(place + 1))
                frame = frame.with_columns(own.alias(f"{text} {year}"))
    return frame, added


def with_rows_of_years(
    frame: pl.DataFrame, headers: HeaderMap, table: Table, columns: YearColumns, units: Mapping[int, str], file: str
) -> tuple[pl.DataFrame, HeaderMap, list[Problem]]:
    """Write each row once for each of its years, and say so. A year of which a row gives nothing is no row.

    `units`: the unit said for a place, where it differs from that of the figure's first column it goes into the cells.
    """
    year_column = table.fiscal_year
    assert year_column is not None
    places = {place for years in columns.figures.values() for place in years.values()}
    years = sorted({year for years in columns.figures.values() for year in years})
    matched = {match.index: match for match in headers.matches}
    others = [
        match
        for match in headers.matches
        if match.index not in places and table.columns[match.column].type in ("decimal", "integer") and len(years) > 1
    ]
    wide = [place for place, name in enumerate(columns.headers) if not name and place < frame.width - 1]
    kept = [name for place, name in enumerate(frame.columns[1:]) if place not in places and place not in wide]
    header = f"{year_column} (columns)"
    parts: list[pl.DataFrame] = []
    for year in years:
        figures: list[pl.Series] = []
        for lead, held in columns.figures.items():
            cells = (
                frame.to_series(held[year] + 1)
                if year in held
                else pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
            )
            unit = units.get(held.get(year, lead), "")
            if unit and unit != units.get(lead, "") and money_unit(unit) is not None:
                cells = with_row_units(cells, pl.Series([unit]).new_from_index(0, frame.height))
            figures.append(cells.alias(matched[lead].header))
        said = pl.any_horizontal(cells.str.strip_chars().fill_null("") != "" for cells in figures)
        parts.append(
            frame.select(ROW, *kept).with_columns(
                *figures, pl.lit(year).alias(header), pl.select(said).to_series().alias("\x00said")
            )
        )
    rows = pl.concat(parts)
    spoken = pl.col("\x00said") | (~pl.col("\x00said").any().over(ROW) & (pl.col(header) == years[-1]))
    rows = rows.filter(spoken).drop("\x00said").sort(ROW, header, maintain_order=True)
    order = {name: place for place, name in enumerate(rows.columns[1:])}
    keep = tuple(match for match in headers.matches if match not in others)
    moved = [replace(match, index=order[match.header]) for match in keep]
    unused = ", ".join(match.header for match in others)
    problem = Problem(
        "data/years-in-columns",
        f"{file}: the columns of {', '.join(years)} are read as a row for each company and year"
        + (f"; of no year and not used: {unused}" if unused else ""),
        Position(file),
        "if it is meant otherwise, write one row for each company and year",
        "warning" if unused else "notice",
        details=(("file", file), ("years", ", ".join(years)), ("unused", unused)),
    )
    of_year = Match(year_column, header, order[header], basis=BY_YEAR)
    return (
        rows,
        replace(
            headers,
            matches=(*moved, of_year),
            references=tuple(replace(match, index=order[match.header]) for match in headers.references),
            unrecognised=(*headers.unrecognised, *(match.header for match in others)),
        ),
        [problem],
    )


def without_other_years(
    frame: pl.DataFrame, headers: HeaderMap, table: Table, file: str
) -> tuple[HeaderMap, list[Problem]]:
    """Leave out figures whose header states another year than the column of years does in some row, and say so."""
    years = headers.by_column().get(table.fiscal_year or "")
    if years is None or years.basis == BY_YEAR:
        return headers, []
    said = {
        m: found[1] for m in headers.matches if not m.declared and m != years and (found := year_of_header(m.header))
    }
    stated = set(frame[years.header].str.extract(r"((?:19|20)\d{2})").drop_nulls().unique()) if said else set()
    gone = [match for match, year in said.items() if stated - {year}]
    if not gone:
        return headers, []
    problems = [
        Problem(
            "data/other-year",
            f"{file}: '{match.header}' is of {said[match]}, the rows are of {', '.join(sorted(stated)[:6])}; it is not used",
            Position(file),
            f"if it is of the year of its row, map it in dataset.yaml: `columns: {{{match.column}: {match.header}}}`",
            "warning",
            details=(("file", file), ("header", match.header), ("year", said[match])),
        )
        for match in gone
    ]
    kept = tuple(match for match in headers.matches if match not in gone)
    return replace(headers, matches=kept, unrecognised=(*headers.unrecognised, *(m.header for m in gone))), problems


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
    match = Match(column, header, frame.width - 1, basis=BY_YEAR)
    said = Problem(
        "data/year-of-name",
        f"{file}: no column gives the year; {year}, stated in '{stated}', counts for every row",
        Position(file),
        f"if it is another, state it in dataset.yaml: `constants: {{{column}: {year}}}`",
        "notice",
        details=(("file", file), ("year", year), ("place", place)),
    )
    return (frame.with_columns(pl.lit(year).alias(header)), replace(headers, matches=(*headers.matches, match)), [said])
