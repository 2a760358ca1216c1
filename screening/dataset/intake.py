"""Intake: files and their manifest become clean tables, rows set aside and a profile of what was seen."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

import polars as pl

from screening import trace
from screening.arrow import write_parts
from screening.dataset.branches import PARENT, parents_of
from screening.dataset.child_rows import ChildRows, link_runs
from screening.dataset.columns import REASONS
from screening.dataset.exits import TABLE as HOLDINGS
from screening.dataset.exits import Exits
from screening.dataset.knowledge import date_of_knowledge
from screening.dataset.ledger import ID
from screening.dataset.linking import OPEN_TABLES, ORIGIN, identify_rows, in_order, link_rows, open_tables
from screening.dataset.loading import LoadedTable, load_tables, newest_dates, read_tables
from screening.dataset.manifest import (
    FUND,
    Manifest,
    find_manifest,
    parquet_folder,
    read_fund,
    read_manifest,
    single_file,
)
from screening.dataset.model import AsOfBasis, Dataset, RowCount
from screening.dataset.oddities import unmatched_words
from screening.dataset.quality import Tally, profile
from screening.dataset.raw import RangeSize
from screening.dataset.roll import Roll, Runs, cannot_write
from screening.errors import DatasetError, Position, Problem, RunError
from screening.identifier import file_named
from screening.resources import day_in_china, shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from screening.catalog import Tables
    from screening.dataset.identity import Identified
    from screening.dataset.loading import Spread
    from screening.geography import Geography

    Judged = Callable[[pl.DataFrame], pl.DataFrame]


def root_table(tables: Tables) -> str:
    """Return the table whose rows are screened: the parent of the others, else the first."""
    parents = [table.parent for table in tables.values() if table.parent]
    return parents[0] if parents else next(iter(tables))


def ingest(
    source: Path,
    tables: Tables,
    geography: Geography | None,
    as_of: date | None,
    work: Path,
    *,
    today: date | None = None,
    spread: Spread | None = None,
    memory_limit: str | None = None,
) -> Dataset:
    """Read a dataset into clean tables under `work`.

    `source` is one file of the root table, a folder with `dataset.yaml`, or the manifest itself. `memory_limit`: by how much memory the
    ranges of rows are measured that are held at once. `spread`: who cleans and parses the
    root table where it lies as Parquet, a range of rows each; the tables are the same. Raises DatasetError with every problem found;
    RunError when a row would be lost.
    """
    today = today or day_in_china()
    root = root_table(tables)
    manifest_path = find_manifest(source)
    divided = manifest_path is None and source.is_dir()
    if manifest_path is not None:
        manifest = read_manifest(manifest_path, tables)
    else:
        manifest = parquet_folder(source, root) if divided else single_file(source, root)
    folder = source if divided else (manifest_path or source).parent
    if root not in manifest.tables:
        raise DatasetError.of(
            "dataset/no-root",
            f"the dataset has no table '{root}'",
            Position(shown_path(manifest_path or source)),
            f"map a file to `{root}:` under `tables:`",
        )
    single = source if manifest_path is None and not divided else None
    size = RangeSize.within(memory_limit)
    with closing(Roll(root, tables[root].key[0], work / ".intake", size)) as roll:
        read = read_tables(manifest, folder, single, tables, roll, at_rest=spread is not None)
        runs = {
            name: Runs(roll.folder / f"table-{number}", size.rows)
            for number, (name, (raws, _)) in enumerate(read.items())
            if tables[name].parent == root and raws and all(raw.stored is not None for raw in raws)
        }
        day, basis = date_of_knowledge(as_of, manifest, lambda: newest_dates(read, tables, today), today)
        loaded = load_tables(read, tables, geography, day, manifest.dataset.as_of, roll, runs, spread)
        identified = identify_rows(loaded[root], roll, with_aliases=len(loaded) > 1)
        clean: dict[str, ChildRows] = {}
        for table in loaded.values():
            if table.name != root:
                assert identified.aliases is not None
                if table.name in runs:
                    clean[table.name] = link_runs(table, runs[table.name], identified.aliases, root, spread)
                else:
                    link_rows(table, identified.aliases, root)
        try:
            return _write(manifest, folder, loaded, clean, identified, roll, day, basis, work)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise cannot_write(error) from None


def _write(
    manifest: Manifest,
    folder: Path,
    loaded: Mapping[str, LoadedTable],
    clean: Mapping[str, ChildRows],
    identified: Identified,
    roll: Roll,
    as_of: date,
    basis: AsOfBasis,
    work: Path,
) -> Dataset:
    (work / "tables").mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    aside: dict[str, Path] = {}
    rows: dict[str, RowCount] = {}
    tallies = {name: Tally(as_of) for name in loaded}
    root = roll.name
    open_for, opened = open_tables(loaded, identified, roll)
    notices: list[Problem] = _opened(loaded, opened)
    for name, table in loaded.items():
        paths[name] = file_named(work / "tables", name, ".parquet")
        aside[name] = file_named(work / "set_aside", name, ".parquet")
        read = table.ledger.read
        counted = table.ledger.write(aside[name])
        # The text as it came is not needed any more, and is as large as the clean table.
        table.ledger.release()
        exits = Exits(as_of, manifest.dataset.as_of)
        judged = exits.judged if name == HOLDINGS else _as_they_are
        if name == root:
            frames = _companies(table, roll, open_for, judged)
        elif name in clean:
            frames = clean[name].frames()
        else:
            frames = iter([in_order(judged(table.frame), table.table)])
        _write_rows(paths[name], frames, tallies[name])
        notices.extend(exits.told())
        rows[name] = RowCount(read, tallies[name].rows, sum(counted.values()), counted)
        if read != rows[name].clean + rows[name].set_aside:
            raise RunError.of(
                "run/rows-lost",
                f"{name}: {read} rows were read, but {rows[name].clean} are clean and {rows[name].set_aside} set aside",
                remedy="report this with the file",
            )
        notices.extend(problem for raw in table.raws for problem in raw.problems)
        notices.extend(unmatched_words(name, table.table, table.observed, table.raws[0].label if table.raws else name))
    notices += _undated(tallies[root], as_of) if basis == "today" else []
    if rows[root].clean == 0 < rows[root].read:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in rows[root].set_aside_by_reason.items())
        raise DatasetError.of(
            "data/nothing-left",
            f"no row of {root} can be used ({reasons})",
            remedy="see the reasons; `screen inspect FILE` shows how the file was read",
        )
    single = len(manifest.tables) == 1 and manifest.dataset.id == "file"
    fund = folder / FUND
    trace.looked(fund)
    return Dataset(
        id=manifest.dataset.id,
        label=manifest.dataset.label.model_dump(),
        synthetic=manifest.dataset.synthetic,
        root=root,
        tables=paths,
        available={name: table.available for name, table in loaded.items()},
        absence={name: source.absence for name, source in manifest.tables.items()},
        searched_on={name: source.searched_on for name, source in manifest.tables.items()},
        set_aside=aside,
        rows=rows,
        quality={**profile(loaded, tallies, identified, root, rows), "open_tables": dict(opened)},
        as_of=as_of,
        as_of_basis=basis,
        files=tuple(_file_records(loaded)),
        notices=tuple(notices),
        # What is called so and cannot be read is refused, never taken for no fund.
        fund=read_fund(fund) if os.path.lexists(fund) and not single else None,
        confidential={n: s.confidential for n, s in manifest.tables.items() if s.confidential is not None},
    )


def _opened(loaded: Mapping[str, LoadedTable], opened: Mapping[str, Mapping[str, int]]) -> list[Problem]:
    """Say of which tables rows were lost that may be some company's: what they would tell is unknown, never nothing."""
    return [
        Problem(
            "data/rows-lost",
            f"{name}: rows that could not be used may concern {'every company' if seen['everybody'] else 'companies'}"
            f" ({seen['companies']:,}); what this table would tell of them counts as unknown",
            remedy="correct the rows listed in set_aside.xlsx and run again",
            severity="warning",
            details=(
                ("table", name),
                ("count", str(seen["companies"])),
                ("everybody", str(bool(seen["everybody"])).lower()),
            ),
        )
        for name, seen in sorted(opened.items(), key=lambda item: ("risk" not in item[0], item[0]))
        if name in loaded
    ]


def _undated(tally: Tally, as_of: date) -> list[Problem]:
    """Say that nothing in the data tells of which day they are; a founding date dates a company, not a list."""
    known = f"; the youngest company was founded on {max(tally.newest.values())}" if tally.newest else ""
    return [
        Problem(
            "data/undated",
            f"no date tells of which day the data are, so {as_of}, the day they were read, counts{known}",
            remedy="if they are older, say so: --as-of DATE, or `as_of:` in dataset.yaml",
            severity="notice",
            details=(("as_of", as_of.isoformat()),),
        )
    ]


def _as_they_are(rows: pl.DataFrame) -> pl.DataFrame:
    return rows


def _companies(loaded: LoadedTable, roll: Roll, open_for: pl.DataFrame, judged: Judged) -> Iterator[pl.DataFrame]:
    """Return the clean root table in stretches, sorted by its key."""
    declared = [*loaded.table.columns, REASONS]
    parents = parents_of(roll, loaded.table.columns)
    for rows in roll.sorted():
        frame = rows.join(open_for, on=roll.key, how="left", maintain_order="left")
        if parents.height:
            frame = frame.drop(PARENT).join(parents, on=ID, how="left", maintain_order="left")
        placed = judged(frame).with_columns(pl.col(kept).alias(name) for name, kept in ORIGIN.items())
        yield placed.select(*declared, *ORIGIN, OPEN_TABLES)


def _write_rows(path: Path, frames: Iterator[pl.DataFrame], tally: Tally) -> None:
    def counted() -> Iterator[pl.DataFrame]:
        for frame in frames:
            tally.add(frame)
            yield frame

    write_parts(path, counted(), compression_level=1)


def _file_records(loaded: Mapping[str, LoadedTable]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for name, table in loaded.items():
        for raw in table.raws:
            records.append(
                {
                    "path": raw.label,
                    "sha256": raw.sha256,
                    "rows": raw.read,
                    "table": name,
                    "form": raw.form,
                    "encoding": raw.encoding,
                    "sheet": raw.sheet,
                    "header_row": raw.header_row,
                    "blank_rows": raw.blank_rows,
                    "lines": raw.lines,
                    "columns": {match.column: match.header for match in raw.headers.matches},
                    "unrecognised": list(raw.headers.unrecognised),
                }
            )
    return records
