"""What is odd about a file: columns that are missing or mean something else, units and words not understood, amounts nobody has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screening.dataset.amounts import money_unit
from screening.dataset.headers import figures_of_others, headers_among, match_headers, of_parent_alone, other_than
from screening.dataset.names import FULL
from screening.dataset.vocabulary import as_pairs, extended
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    said = set(matched) - {*table.key, "observed_on", "source_kind"}
    if table.parent and not said and raw.read and all(table.columns[c].type not in _KINDS for c in table.key[1:]):
        unused = ", ".join(raw.headers.unrecognised[:8]) or "none"
        found.append(
            Problem(
                "data/no-figures",
                f"{raw.label} has no column that {name} knows but for the company and its year (headers not used: {unused})",
                where,
                "map its columns in dataset.yaml; a table of items and values must be turned, so that each figure has a column",
                "warning",
                details=(("file", raw.label), ("table", name)),
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


_KINDS = ("category", "code")
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
        # Beside a column of its own (成立日期) a header such as 所属集团公司 is one too and no company's name.
        alone = all(match.header == header for match in raw.headers.matches)
        if names and others and alone and 2 * sum(map(_whole_name, others)) >= len(others):
            turned = turned if any(map(_whole_name, names)) else names
        own = table.columns.get("name") if not table.parent else table.columns[table.key[0]]
        others_than_it = [cell for cell in turned if own is None or cell.strip() not in own.headers]
        few = len(names) <= _FEW and bool(others_than_it)
        if 2 * len(turned) >= max(len(names), 1) and (len(turned) >= _FEW or few):
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


_OPEN_DATES = {
    "order_open": ("day and month cannot be told apart", "write them as 2019-05-01"),
    "zero_lost": ("2019.1 is January or, typed as a number, October", "write them as 2019-01 or 2019-10"),
}


def doubtful(observed: Mapping[str, Observed], spec: FileSpec, table: Table, label: str) -> list[Problem]:
    """Say of which columns some cells are read in a way that may not be meant, or not read since they may mean two things."""
    found: list[Problem] = []

    def counted(*kinds: str) -> Iterator[tuple[str, str, str, int]]:
        """Yield column, header, what was seen in it, and in how many cells."""
        for column, seen in observed.items():
            for kind in kinds:
                if count := seen.counts.get(kind, 0):
                    yield column, spec.headers.get(column, column), kind, count

    def warn(code: str, message: str, remedy: str, **details: object) -> None:
        said = (("file", label), *((key, str(value)) for key, value in details.items()))
        found.append(Problem(code, f"{label}: {message}", Position(label), remedy, "warning", details=said))

    for _, header, kind, count in counted(*_OPEN_DATES):
        what, remedy = _OPEN_DATES[kind]
        warn(
            "data/open-dates", f"{count:,} dates of '{header}' are not read: {what}", remedy, header=header, count=count
        )
    for column, header, _, _ in counted("fraction_below_percent"):
        warn(
            "data/fractions-as-percent",
            f"no number of '{header}' reaches 1; read as percentages, 0.45 is 0.45%",
            f"if they are fractions, state it in dataset.yaml: `units: {{{column}: 1}}`",
            header=header,
        )
    for _, header, _, count in counted("approximate"):
        warn(
            "data/approximate",
            f"{count:,} cells of '{header}' give no exact figure (约, 近, 左右, 多); the figure they name is used",
            "write the exact figure where a rule's bound is near",
            header=header,
            count=count,
        )
    for column, header, kind, count in counted("signed", "huge"):
        unit, in_yuan = (
            spec.units.get(column, ""),
            f"if the cells are in yuan, state it in dataset.yaml: `units: {{{column}: 元}}`",
        )
        details = {"header": header, "unit": unit, "count": count}
        if kind == "huge":
            warn(
                "data/huge-amounts",
                f"{count:,} numbers of '{header}' are 1,000,000 or more, read in {unit}",
                in_yuan,
                **details,
            )
        else:
            warn(
                "data/sign-below-unit",
                f"{count:,} amounts of '{header}' have a currency sign of their own and are too large to be in {unit};"
                " they are not used",
                in_yuan,
                **details,
            )
    for column, header, _, count in counted("without_unit"):
        if beside := spec.unit_beside(column):
            other, unit = spec.headers.get(beside[0], beside[0]), beside[1]
            warn(
                "data/no-unit",
                f"'{header}' states no unit beside '{other}' in {unit}: {count:,} numbers below 100,000 count as yuan",
                f"state it in dataset.yaml: `units: {{{column}: {unit}}}`",
                header=header,
                other=other,
                unit=unit,
                count=count,
            )
    for column, header, kind, count in counted("bare_small", "implausible"):
        seen, bounds = observed[column], table.columns[column].plausible
        if kind == "bare_small":
            warn(
                "data/mixed-units",
                f"some amounts of '{header}' state 万 or more, and {count:,} are small bare numbers, which count as yuan",
                "write the unit into every cell, or split the column",
                header=header,
                count=count,
            )
        elif bounds is not None:
            unit, shown = spec.units.get(column) or ("元" if seen.bare else ""), ", ".join(seen.implausible[:3])
            warn(
                "data/implausible",
                f"{count:,} of {seen.parsed:,} amounts of '{header}' are below {bounds[0]:,.0f} or above"
                f" {bounds[1]:,.0f} yuan ({shown}{f'; read in {unit}' if unit else ''})",
                f"if the unit is another, state it in dataset.yaml: `units: {{{column}: 万元}}`",
                header=header,
                count=count,
                unit=unit,
            )
    return found


def unknown_unit(match: Match, table: Table) -> bool:
    """Return whether a unit is said of a column of money that is not understood."""
    column = table.columns.get(match.column)
    return bool(column is not None and column.unit == "cny" and match.unit and money_unit(match.unit) is None)


def unmatched_words(name: str, table: Table, observed: Mapping[str, Observed], where: str) -> list[Problem]:
    """Return a warning per category column of which some cells are no value, nor any word for one.

    What the cells would say is unknown, so no gate passes on them.
    """
    found: list[Problem] = []
    for column_id, seen in observed.items():
        column = table.columns[column_id]
        words = seen.examples.get("unparsable", ())
        if column.type != "category" or column.derived_from or not words:
            continue
        known = extended(column.parse or column_id, as_pairs(column.synonyms), inside=column.match == "inside")
        proposals = {word: known.proposal(word) for word in words}
        near = [f"'{word}' ~ {hit[0]} ({hit[1]})" for word, hit in proposals.items() if hit is not None]
        first = next(iter(words))
        word, value = next(((w, hit[1]) for w, hit in proposals.items() if hit is not None), (first, "VALUE"))
        count = seen.failures["unparsable"]
        found.append(
            Problem(
                "data/unmatched-words",
                f"{name}.{column_id}: {count:,} cells are no known word and count as unknown: {', '.join(words)}",
                Position(where),
                f"{'perhaps ' + '; '.join(near) + '. If so' if near else 'where a word means one of the values'}, say it in"
                f" dataset.yaml under the file: `synonyms: {{{column_id}: {{{value}: [{word}]}}}}`;"
                f" values: {', '.join(column.values)}",
                "warning",
                details=(
                    ("table", name),
                    ("column", column_id),
                    ("count", str(count)),
                    ("words", "、".join(words)),
                    ("proposals", "; ".join(near)),
                ),
            )
        )
    return found
