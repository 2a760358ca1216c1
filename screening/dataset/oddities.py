"""What is odd about a file: columns that are missing or mean something else, units not understood, amounts nobody has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.dataset.amounts import money_unit
from screening.dataset.headers import figures_of_others, headers_among, match_headers, of_parent_alone, other_than
from screening.dataset.names import FULL
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.catalog import Table, Tables
    from screening.dataset.columns import FileSpec, Observed
    from screening.dataset.headers import Match
    from screening.dataset.manifest import SourceFile
    from screening.dataset.raw import RawTable


def misplaced_figures(raw: RawTable, name: str, tables: Tables) -> list[Problem]:
    """Say which headers not used are figures of a table of fiscal years, and how they are read into it."""
    found = figures_of_others(raw.headers, tables[name], tables)
    return [
        Problem(
            "data/other-table",
            f"{raw.label}: {', '.join(h for h, (t, _) in found.items() if t == other)} of table '{name}' belong to the table '{other}' and are not used",
            Position(raw.label),
            f"list the file under `{other}:` as well, with the year: `constants: {{{tables[other].fiscal_year}: YEAR}}`;"
            " or keep the accounts in a file of their own, which `screen inspect` drafts",
            "notice",
            details=(("file", raw.label), ("table", other)),
        )
        for other in dict.fromkeys(t for t, _ in found.values())
    ]


def header_problems(raw: RawTable, name: str, table: Table, file: SourceFile, *, alone: bool) -> list[Problem]:
    """Return what the headers of a file lack, or say that is not understood. Errors make the file unusable."""
    where = Position(raw.label)
    found = [
        Problem(
            "data/no-column",
            f"{raw.label} has no header '{header}', which dataset.yaml maps",
            where,
            "correct the header, or remove the line",
        )
        for header in raw.headers.absent
    ]
    matched = raw.headers.by_column()
    found += _on_its_side(raw, table)
    for column, spec in table.columns.items():
        if spec.required and column not in matched and column not in file.constants:
            headers = ", ".join(spec.headers[:6])
            unused = ", ".join(raw.headers.unrecognised[:8]) or "none"
            found.append(
                Problem(
                    "data/required-column",
                    f"{raw.label} has no column for '{column}', without which {name} cannot be used"
                    f" (headers not recognised: {unused})",
                    where,
                    f"call it one of: {headers}; or map it in dataset.yaml: `columns: {{{column}: HEADER}}`",
                )
            )
    if table.parent and not raw.headers.references:
        found.append(
            Problem(
                "data/no-reference",
                f"{raw.label} has no column that names the company of a row",
                where,
                f"map it in dataset.yaml: `columns: {{{table.key[0]}: HEADER}}`",
            )
        )
    kinds = [
        c for c in table.key[1:] if table.parent and table.columns[c].type == "category" and table.columns[c].parse
    ]
    for column in kinds:
        if column not in matched and column not in file.constants and raw.read:
            unused = ", ".join(raw.headers.unrecognised[:8]) or "none"
            found.append(
                Problem(
                    "data/no-kind",
                    f"{raw.label} has no column for '{column}', so that what its rows are of is unknown (headers not used: {unused})",
                    where,
                    f"if all rows are of one kind, state it in dataset.yaml: `constants: {{{column}: KIND}}`; else map the column",
                    "warning",
                    details=(("file", raw.label), ("column", column)),
                )
            )
    if raw.read == 0:
        found.append(
            Problem(
                "data/no-rows",
                f"{raw.label} has headers but no row",
                where,
                "a list without companies is screened as such; if it should hold some, look at the file",
                "warning" if alone and not table.parent else "notice",
                details=(("file", raw.label),),
            )
        )
    for match in raw.headers.matches:
        if match.column in file.units or not unknown_unit(match, table):
            continue
        found.append(
            Problem(
                "data/unknown-unit",
                f"{raw.label}: the unit '{match.unit}' of '{match.header}' is not known, so its bare numbers are not used",
                where,
                f"state it in dataset.yaml: `units: {{{match.column}: 万元}}`",
                "warning",
                details=(("file", raw.label), ("header", match.header), ("unit", match.unit)),
            )
        )
    return found + _said_twice(raw, table) + _of_another(raw, table)


def _of_another(raw: RawTable, table: Table) -> list[Problem]:
    """Tell of a header that would be a column, were it not for its brackets or the title over it, where no other is that column."""
    matched = raw.headers.by_column()
    found = [(header, column) for header in raw.headers.unrecognised if (column := other_than(header, table))]
    return [
        Problem(
            "data/another-figure",
            f"{raw.label}: '{header}' is not used as '{column}': what its brackets or the title over it say makes it another figure",
            Position(raw.label),
            f"to use it all the same, map it in dataset.yaml: `columns: {{{column}: {header}}}`",
            "warning",
            details=(("file", raw.label), ("header", header), ("column", column)),
        )
        for header, column in found
        if column not in matched
    ]


def _said_twice(raw: RawTable, table: Table) -> list[Problem]:
    """Tell of amounts that stand in two columns by different units: one of them is used."""
    matched = raw.headers.by_column()
    found: list[Problem] = []
    for header in raw.headers.unrecognised:
        for other in match_headers([header], table).matches:
            used, unit = matched.get(other.column), money_unit(other.unit)
            if used is None or used.declared:
                continue
            if (unit is None or unit == money_unit(used.unit)) and not of_parent_alone(header, used.header):
                continue
            found.append(
                Problem(
                    "data/two-columns",
                    f"{raw.label}: '{used.header}' and '{header}' are the same figure; only '{used.header}' is used",
                    Position(raw.label),
                    f"to use the other, map it in dataset.yaml: `columns: {{{other.column}: {header}}}`",
                    "warning",
                    details=(("file", raw.label), ("header", header)),
                )
            )
    return found


_FEW = 2
_LOOKED_AT = 50
_SHORTEST_NAME = 6


def _on_its_side(raw: RawTable, table: Table) -> list[Problem]:
    """Refuse a table whose companies stand in columns: the names of its rows are those of columns."""
    named = [match.header for match in raw.headers.references] + [
        match.header for match in raw.headers.matches if match.column == "name"
    ]
    for header in named[:1]:
        names = raw.rows(0, _LOOKED_AT, [header])[header].drop_nulls().to_list()
        turned = headers_among(names, table)
        others = raw.headers.unrecognised
        if names and others and 2 * sum(map(_whole_name, others)) >= len(others):
            turned = turned if any(map(_whole_name, names)) else names
        if 2 * len(turned) >= max(len(names), 1) and (len(turned) >= _FEW or len(names) <= _FEW):
            return [
                Problem(
                    "data/on-its-side",
                    f"{raw.label}: the rows are called {', '.join(turned[:3])}: companies stand in columns, not in rows",
                    Position(raw.label),
                    "turn the table (paste special, transpose) so that each company has a row",
                    details=(("file", raw.label),),
                )
            ]
    return []


def _whole_name(text: str) -> bool:
    return len(text) >= _SHORTEST_NAME and re.search(FULL, text.strip()) is not None


def alien_columns(observed: Mapping[str, Observed], raw: RawTable, table: Table) -> list[str]:
    """Return columns of words of which none is a value: a header such as 状态 that means something else here.

    Only where nobody mapped the header by hand, and not in child tables, whose rows would then count without a filter.
    """
    matched = raw.headers.by_column()
    return [
        column
        for column, seen in observed.items()
        if table.columns[column].type in ("category", "boolean")
        and not table.parent
        and column not in table.key
        and column in matched
        and not matched[column].declared
        and seen.filled >= _FEW
        and seen.parsed == 0
        and seen.failures.get("unparsable", 0) == seen.filled
    ]


def alien_column(column: str, seen: Observed, spec: FileSpec, label: str) -> Problem:
    """Say that a column is not used because none of its words is a value."""
    header = spec.headers.get(column, column)
    words = "、".join(seen.examples.get("unparsable", [])[:3])
    return Problem(
        "data/alien-column",
        f"{label}: no cell of '{header}' is a value of '{column}' ({words}); the column is not used",
        Position(label),
        f"map the right header in dataset.yaml, `columns: {{{column}: HEADER}}`, or say what its words mean under"
        f" `synonyms:`",
        "warning",
        details=(("file", label), ("header", header), ("column", column), ("words", words)),
    )


def doubtful(observed: Mapping[str, Observed], spec: FileSpec, table: Table, label: str) -> list[Problem]:
    """Say which amounts no company is likely to have, so that their unit is probably another, and which dates stay open."""
    found: list[Problem] = [
        *_open_dates(observed, spec, label),
        *_fractions(observed, spec, label),
        *_inexact(observed, spec, label),
        *_in_yuan_perhaps(observed, spec, label),
        *_without_unit(observed, spec, label),
    ]
    for column, seen in observed.items():
        if small := seen.counts.get("bare_small", 0):
            header = spec.headers.get(column, column)
            found.append(
                Problem(
                    "data/mixed-units",
                    f"{label}: some amounts of '{header}' state 万 or more, and {small:,} are small bare numbers, which count as yuan",
                    Position(label),
                    "write the unit into every cell, or split the column",
                    "warning",
                    details=(("file", label), ("header", header), ("count", str(small))),
                )
            )
        bounds = table.columns[column].plausible
        count = seen.counts.get("implausible", 0)
        if bounds is None or not count:
            continue
        header = spec.headers.get(column, column)
        unit = spec.units.get(column) or ("元" if seen.bare else "")
        shown = ", ".join(seen.implausible[:3])
        found.append(
            Problem(
                "data/implausible",
                f"{label}: {count:,} of {seen.parsed:,} amounts of '{header}' are below {bounds[0]:,.0f} or above"
                f" {bounds[1]:,.0f} yuan ({shown}{f'; read in {unit}' if unit else ''})",
                Position(label),
                f"if the unit is another, state it in dataset.yaml: `units: {{{column}: 万元}}`",
                "warning",
                details=(("file", label), ("header", header), ("count", str(count)), ("unit", unit)),
            )
        )
    return found


_OPEN_DATES = {
    "order_open": ("day and month cannot be told apart", "write them as 2019-05-01"),
    "zero_lost": ("2019.1 is January or, typed as a number, October", "write them as 2019-01 or 2019-10"),
}


def _open_dates(observed: Mapping[str, Observed], spec: FileSpec, label: str) -> list[Problem]:
    return [
        Problem(
            "data/open-dates",
            f"{label}: {seen.counts[kind]:,} dates of '{spec.headers.get(column, column)}' are not read: {said}",
            Position(label),
            remedy,
            "warning",
            details=(("file", label), ("header", spec.headers.get(column, column)), ("count", str(seen.counts[kind]))),
        )
        for column, seen in observed.items()
        for kind, (said, remedy) in _OPEN_DATES.items()
        if seen.counts.get(kind)
    ]


def _fractions(observed: Mapping[str, Observed], spec: FileSpec, label: str) -> list[Problem]:
    """Say of which columns of percentages no number reaches 1, so that they may be fractions."""
    return [
        Problem(
            "data/fractions-as-percent",
            f"{label}: no number of '{(header := spec.headers.get(column, column))}' reaches 1; read as percentages, 0.45 is 0.45%",
            Position(label),
            f"if they are fractions, state it in dataset.yaml: `units: {{{column}: 1}}`",
            "warning",
            details=(("file", label), ("header", header)),
        )
        for column, seen in observed.items()
        if seen.counts.get("fraction_below_percent")
    ]


def _inexact(observed: Mapping[str, Observed], spec: FileSpec, label: str) -> list[Problem]:
    """Say of which columns some cells give no exact figure, which is used as it stands."""
    return [
        Problem(
            "data/approximate",
            f"{label}: {count:,} cells of '{(header := spec.headers.get(column, column))}' give no exact figure (约, 近, 左右, 多);"
            " the figure they name is used",
            Position(label),
            "write the exact figure where a rule's bound is near",
            "warning",
            details=(("file", label), ("header", header), ("count", str(count))),
        )
        for column, seen in observed.items()
        if (count := seen.counts.get("approximate", 0))
    ]


def _in_yuan_perhaps(observed: Mapping[str, Observed], spec: FileSpec, label: str) -> list[Problem]:
    """Say of which columns in 万元 or more some cells look like whole yuan."""
    found: list[Problem] = []
    for column, seen in observed.items():
        header, unit = spec.headers.get(column, column), spec.units.get(column, "")
        details = (("file", label), ("header", header), ("unit", unit))
        remedy = f"if the cells are in yuan, state it in dataset.yaml: `units: {{{column}: 元}}`"
        if count := seen.counts.get("signed", 0):
            found.append(
                Problem(
                    "data/sign-below-unit",
                    f"{label}: {count:,} amounts of '{header}' have a currency sign of their own and are too large to be in {unit};"
                    " they are not used",
                    Position(label),
                    remedy,
                    "warning",
                    details=(*details, ("count", str(count))),
                )
            )
        if count := seen.counts.get("huge", 0):
            found.append(
                Problem(
                    "data/huge-amounts",
                    f"{label}: {count:,} numbers of '{header}' are 1,000,000 or more, read in {unit}",
                    Position(label),
                    remedy,
                    "warning",
                    details=(*details, ("count", str(count))),
                )
            )
    return found


def _without_unit(observed: Mapping[str, Observed], spec: FileSpec, label: str) -> list[Problem]:
    """Say which small amounts count as yuan only because their column states no unit, as one beside it does."""
    found: list[Problem] = []
    for column, seen in observed.items():
        if not (count := seen.counts.get("without_unit", 0)) or (beside := spec.unit_beside(column)) is None:
            continue
        header, other, unit = spec.headers.get(column, column), spec.headers.get(beside[0], beside[0]), beside[1]
        found.append(
            Problem(
                "data/no-unit",
                f"{label}: '{header}' states no unit beside '{other}' in {unit}: {count:,} numbers below 100,000 count as yuan",
                Position(label),
                f"state it in dataset.yaml: `units: {{{column}: {unit}}}`",
                "warning",
                details=(("file", label), ("header", header), ("other", other), ("unit", unit), ("count", str(count))),
            )
        )
    return found


def unknown_unit(match: Match, table: Table) -> bool:
    """Return whether a unit is said of a column of money that is not understood."""
    column = table.columns.get(match.column)
    return bool(column is not None and column.unit == "cny" and match.unit and money_unit(match.unit) is None)
