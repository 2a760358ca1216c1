"""Tables that stand side by side on one sheet: one list printed in several columns is read whole, another table is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.headers import fold_header, match_headers, missing_columns
from screening.dataset.raw import ROW
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.catalog import Table, Tables
    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import Body, RawTable, ReadOptions

_UNNAMED = "column "


def one_below_another(
    found: HeaderRow, body: Body, units: tuple[str, ...] | None, table: Table, options: ReadOptions
) -> tuple[HeaderRow, Body, tuple[str, ...] | None]:
    """Return the rows of a list whose headers stand several times in one row, each part below the one left of it.

    Only where every part has all headers, the same unit row and nothing merged over rows; else the rows come back as they are.
    """
    starts = _starts(found.headers)
    if len(starts) < 2 or any(last > first for first, last, _, _ in body.merged):
        return found, body, units
    width = max(end - start for start, end in pairwise(starts))
    parts = [_part(found.headers, start, width) for start in starts]
    said = {_part(units, start, width) for start in starts} if units else {()}
    if len({tuple(map(fold_header, part)) for part in parts}) > 1 or len(said) > 1:
        return found, body, units
    if missing_columns(match_headers(parts[0], table, options.columns), table):
        return found, body, units
    frame, names = body.frame, body.frame.columns[1:]
    rows: list[pl.DataFrame] = []
    for start in starts:
        held = [frame[names[place]] if place < len(names) else None for place in range(start, start + width)]
        part = frame.select(ROW).with_columns(
            (pl.lit(None, pl.String) if cells is None else cells).alias(names[place])
            for place, cells in enumerate(held)
        )
        filled = pl.any_horizontal(pl.col(names[:width]).str.strip_chars().fill_null("") != "")
        rows.append(part.filter(filled))
    body.frame = pl.concat(rows).sort(ROW, maintain_order=True)
    body.problems.append(
        Problem(
            "data/side-by-side",
            f"{options.label}: the headers stand {len(starts)} times in one row; the parts are read as one table",
            Position(options.label, found.index + 1),
            "if they are different tables, put each on a sheet of its own",
            "notice",
            details=(("file", options.label), ("count", str(len(starts)))),
        )
    )
    return replace(found, headers=parts[0]), body, said.pop() or None


def _starts(headers: Sequence[str]) -> list[int]:
    """Return where the first header stands, each time."""
    folded = [fold_header(header) for header in headers]
    first = next((header for header in folded if header), "")
    return [place for place, header in enumerate(folded) if first and header == first]


def _part(cells: Sequence[str], start: int, width: int) -> tuple[str, ...]:
    return tuple((*cells[start : start + width], *[""] * width)[:width])


def tables_beside(raw: RawTable, tables: Tables) -> Iterator[Problem]:
    """Tell of headers behind a column without one that make a table by themselves, none of which is read."""
    used = {match.header for match in (*raw.headers.matches, *raw.headers.references)}
    groups: list[list[str]] = [[]]
    for header in raw.frame.columns[1:]:
        if header.startswith(_UNNAMED):
            groups.append([])
        else:
            groups[-1].append(header)
    for group in groups[1:]:
        if len(group) < 2 or used & set(group):
            continue
        own = [header.removesuffix(" (2)") for header in group]
        name = next((n for n, table in tables.items() if not missing_columns(match_headers(own, table), table)), None)
        if name is not None:
            yield Problem(
                "data/table-beside",
                f"{raw.label}: {', '.join(own[:6])} stand beside the table as one of their own ('{name}') and are not read",
                Position(raw.label),
                "put it on a sheet or in a file of its own",
                "warning",
                details=(("file", raw.label), ("headers", ", ".join(own)), ("table", name)),
            )
