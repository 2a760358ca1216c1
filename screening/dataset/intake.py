"""Intake: files and their manifest become clean tables, rows set aside and a profile of what was seen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import polars as pl

from screening import trace
from screening.dataset.columns import REASONS
from screening.dataset.dating import FOUNDING_DATES
from screening.dataset.exits import TABLE as HOLDINGS
from screening.dataset.exits import judge_exits
from screening.dataset.knowledge import date_of_knowledge, set_aside_later
from screening.dataset.linking import OPEN_TABLES, identify_rows, link_rows, with_open_tables
from screening.dataset.loading import FILE, SHEET, LoadedTable, load_tables, newest_dates, read_tables
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
from screening.dataset.quality import profile
from screening.dataset.raw import ROW
from screening.dataset.unmatched import unmatched_words
from screening.errors import DatasetError, Position, Problem, RunError
from screening.identifier import file_named
from screening.resources import day_in_china, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from screening.catalog import Tables
    from screening.dataset.identity import Identified
    from screening.geography import Geography


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
) -> Dataset:
    """Read a dataset into clean tables under `work`.

    `source` is one file of the root table, a folder with `dataset.yaml`, or the manifest itself. Raises DatasetError
    with every problem found; RunError when a row would be lost.
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
    read = read_tables(manifest, folder, single, tables)
    day, basis = date_of_knowledge(as_of, manifest, lambda: newest_dates(read, tables, today), today)
    loaded = load_tables(read, tables, geography, day, manifest.dataset.as_of)
    later = {name: set_aside_later(table, day) for name, table in loaded.items()}
    identified = identify_rows(loaded[root], with_aliases=len(loaded) > 1)
    for table in loaded.values():
        if table.name != root:
            link_rows(table, identified, root)
    opened = with_open_tables(loaded, identified, root, later[root])
    try:
        return _write(manifest, folder, loaded, identified, opened, root, day, basis, work)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RunError.of(
            "run/disk",
            f"cannot write the clean tables: {error}",
            remedy="check free space and permissions, or choose another --out",
        ) from None


def _write(
    manifest: Manifest,
    folder: Path,
    loaded: Mapping[str, LoadedTable],
    identified: Identified,
    opened: Mapping[str, Mapping[str, int]],
    root: str,
    as_of: date,
    basis: AsOfBasis,
    work: Path,
) -> Dataset:
    (work / "tables").mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    aside: dict[str, Path] = {}
    rows: dict[str, RowCount] = {}
    notices: list[Problem] = _opened(loaded, opened)
    notices += _undated(loaded[root], as_of) if basis == "today" else []
    for name, table in loaded.items():
        if name == HOLDINGS:
            notices.extend(judge_exits(table, as_of, manifest.dataset.as_of))
        paths[name] = file_named(work / "tables", name, ".parquet")
        aside[name] = file_named(work / "set_aside", name, ".parquet")
        read = table.ledger.read
        counted = table.ledger.write(aside[name])
        # The text as it came is not needed any more, and is as large as the clean table.
        table.ledger.release()
        _clean(table, root).write_parquet(paths[name], compression_level=1)
        rows[name] = RowCount(read, table.frame.height, sum(counted.values()), counted)
        if read != rows[name].clean + rows[name].set_aside:
            raise RunError.of(
                "run/rows-lost",
                f"{name}: {read} rows were read, but {rows[name].clean} are clean and {rows[name].set_aside} set aside",
                remedy="report this with the file",
            )
        notices.extend(problem for raw in table.raws for problem in raw.problems)
        notices.extend(unmatched_words(name, table.table, table.observed, table.raws[0].label if table.raws else name))
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
        quality={**profile(loaded, identified, root, as_of, rows), "open_tables": dict(opened)},
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


def _undated(root: LoadedTable, as_of: date) -> list[Problem]:
    """Say that nothing in the data tells of which day they are; a founding date dates a company, not a list."""
    founded = [str(root.frame[name].max() or "") for name in FOUNDING_DATES & set(root.frame.columns)]
    known = f"; the youngest company was founded on {max(founded)}" if any(founded) else ""
    return [
        Problem(
            "data/undated",
            f"no date tells of which day the data are, so {as_of}, the day they were read, counts{known}",
            remedy="if they are older, say so: --as-of DATE, or `as_of:` in dataset.yaml",
            severity="notice",
            details=(("as_of", as_of.isoformat()),),
        )
    ]


def _clean(loaded: LoadedTable, root: str) -> pl.DataFrame:
    """Return the clean table, sorted by key and content, so that its order says nothing of the source's; each row says where it
    stood there.
    """
    declared = [*loaded.table.columns, REASONS]
    origin = {"source_file": FILE, "source_row": ROW, "source_sheet": SHEET}
    frame = loaded.frame.with_columns(pl.col(kept).alias(name) for name, kept in origin.items())
    # The key of the root table is unique by now; that of another may hold NULL and then repeat.
    key = [name for name in loaded.table.key if name in frame.columns]
    if loaded.name == root:
        return frame.select(*declared, *origin, OPEN_TABLES).sort(key)
    order = [*key, *(name for name in declared if name not in key), *origin]
    return frame.select(*declared, *origin).sort(order, nulls_last=True)


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
