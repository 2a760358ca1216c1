"""Intake: files and their manifest become clean tables, rows set aside and a profile of what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from screening.catalog import Table, Tables
from screening.dataset.columns import FUTURE_DATES, REASONS, FileSpec, Observed, cleaned, controls_in, parse_columns
from screening.dataset.identity import Identified, identify, resolve
from screening.dataset.ledger import ID, Ledger
from screening.dataset.manifest import FUND, Manifest, SourceFile, find_manifest, read_fund, read_manifest, single_file
from screening.dataset.model import AsOfBasis, Dataset, RowCount
from screening.dataset.quality import profile
from screening.dataset.raw import ROW, RawTable, ReadOptions
from screening.dataset.source import digest, read_source
from screening.dataset.text import MAX_CELL, clean_line, fold, missing_reason
from screening.errors import DatasetError, Position, Problem, RunError
from screening.geography import Geography

FILE = "\x00file"
# A later date tells how the row went on. Where it lies after the date of knowledge, it and the state it explains are
# not known yet; the row itself is.
LATER_DATES = {"granted_on": "legal_status", "removed_on": "state", "cancelled_on": "status"}


@dataclass(slots=True)
class _Loaded:
    """One table on its way through intake."""

    name: str
    table: Table
    raws: list[RawTable]
    ledger: Ledger
    frame: pl.DataFrame
    references: list[pl.Series] = field(default_factory=list)
    observed: dict[str, Observed] = field(default_factory=dict)
    available: frozenset[str] = frozenset()
    controls: dict[str, int] = field(default_factory=dict)


def root_table(tables: Tables) -> str:
    """Return the table whose rows are screened: the parent of the others, else the first."""
    parents = [table.parent for table in tables.values() if table.parent]
    return parents[0] if parents else next(iter(tables))


def ingest(source: Path, tables: Tables, geography: Geography | None, as_of: date | None, work: Path, *,
           today: date | None = None) -> Dataset:
    """Read a dataset into clean tables under `work`.

    `source` is one file of the root table, a folder with `dataset.yaml`, or the manifest itself. Raises DatasetError
    with every problem found; RunError when a row would be lost.
    """
    today = today or date.today()
    root = root_table(tables)
    manifest_path = find_manifest(source)
    manifest = single_file(source, root) if manifest_path is None else read_manifest(manifest_path, tables)
    folder = (manifest_path or source).parent
    if root not in manifest.tables:
        raise DatasetError([Problem("dataset/no-root", f"the dataset has no table '{root}'", Position(str(manifest_path)),
                                    f"map a file to `{root}:` under `tables:`")])
    loaded = _load(manifest, folder, source if manifest_path is None else None, tables, geography, today)
    day, basis = _as_of(as_of, manifest, loaded, today)
    for table in loaded.values():
        _set_aside_later(table, day)
    identified = _identify(loaded[root])
    for table in loaded.values():
        if table.name != root:
            _link(table, identified, root)
    try:
        return _write(manifest, folder, loaded, identified, root, day, basis, work)
    except OSError as error:
        raise RunError([Problem("run/disk", f"cannot write to {work}: {error.strerror or error}",
                                remedy="check free space and permissions, or choose another --out")]) from None


def _load(manifest: Manifest, folder: Path, single: Path | None, tables: Tables, geography: Geography | None,
          today: date) -> dict[str, _Loaded]:
    problems: list[Problem] = []
    loaded: dict[str, _Loaded] = {}
    for name, source in manifest.tables.items():
        table = tables[name]
        raws: list[RawTable] = []
        specs: list[SourceFile] = []
        for file in source.files:
            path = single or folder / (file.file or "")
            options = ReadOptions(path.name if single else file.file or "", file.encoding, file.separator, file.sheet,
                                  file.header_row, file.columns)
            try:
                raw = read_source(path, table, options)
            except DatasetError as error:
                problems.extend(error.problems)
                continue
            problems.extend(_header_problems(raw, name, table, file))
            raws.append(raw)
            specs.append(file)
        if not any(problem.is_error for problem in problems):
            loaded[name] = _parse_table(name, table, raws, specs, geography, today)
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise DatasetError(errors)
    return loaded


def _header_problems(raw: RawTable, name: str, table: Table, file: SourceFile) -> list[Problem]:
    where = Position(raw.label)
    found = [Problem("data/no-column", f"{raw.label} has no header '{header}', which dataset.yaml maps", where,
                     "correct the header, or remove the line") for header in raw.headers.absent]
    matched = raw.headers.by_column()
    for column, spec in table.columns.items():
        if spec.required and column not in matched and column not in file.constants:
            headers = ", ".join(spec.headers[:6])
            unused = ", ".join(raw.headers.unrecognised[:8]) or "none"
            found.append(Problem(
                "data/required-column", f"{raw.label} has no column for '{column}', without which {name} cannot be used"
                f" (headers not recognised: {unused})", where,
                f"call it one of: {headers}; or map it in dataset.yaml: `columns: {{{column}: HEADER}}`"))
    if table.parent and not raw.headers.references:
        found.append(Problem("data/no-reference", f"{raw.label} has no column that names the company of a row", where,
                             f"map it in dataset.yaml: `columns: {{{table.key[0]}: HEADER}}`"))
    if raw.rows == 0:
        found.append(Problem("data/no-rows", f"{raw.label} has headers but no row", where,
                             "give at least one row", "error" if not table.parent else "notice"))
    return found


def _parse_table(name: str, table: Table, raws: list[RawTable], specs: list[SourceFile], geography: Geography | None,
                 today: date) -> _Loaded:
    ledger = Ledger(raws)
    loaded = _Loaded(name, table, raws, ledger, pl.DataFrame())
    frames: list[pl.DataFrame] = []
    references: list[list[pl.Series]] = []
    available: set[str] = set()
    for number, (raw, spec) in enumerate(zip(raws, specs, strict=True)):
        usable = _usable(raw, table, ledger, number)
        texts = {match.column: cleaned(usable, match, table.columns[match.column]) for match in raw.headers.matches}
        for column, match in raw.headers.by_column().items():
            if count := controls_in(usable[match.header]):
                loaded.controls[column] = loaded.controls.get(column, 0) + count
        for column, value in spec.constants.items():
            texts[column] = pl.Series(column, [value], dtype=pl.String).new_from_index(0, usable.height)
        units = {match.column: match.unit for match in raw.headers.matches if match.unit}
        parsed, observed = parse_columns(texts, units, table, FileSpec(spec.units, spec.currency, _header_words(raw)),
                                         today, geography, usable.height)
        available |= _available(texts, table)
        for column, seen in observed.items():
            loaded.observed.setdefault(column, Observed()).add(seen)
        frames.append(parsed.with_columns(
            usable[ID], usable[ROW], pl.Series(FILE, [raw.label], dtype=pl.String).new_from_index(0, usable.height)))
        references.append([usable.select(clean_line(pl.col(match.header))).to_series()
                           for match in raw.headers.references])
    loaded.available = frozenset(available)
    if frames:
        loaded.frame = pl.concat(frames)
        loaded.references = _side_by_side(references, [frame.height for frame in frames])
    else:
        empty, _ = parse_columns({}, {}, table, FileSpec(), today, None, 0)
        loaded.frame = empty.with_columns(pl.lit(0, pl.Int64).alias(ID), pl.lit(0, pl.Int64).alias(ROW),
                                          pl.lit("").alias(FILE)).clear()
    return loaded


def _header_words(raw: RawTable) -> dict[str, str]:
    return {f"{match.column}_header": match.header for match in raw.headers.matches}


def _available(texts: Mapping[str, pl.Series], table: Table) -> set[str]:
    """Return the columns a file fills: those matched, and those derived from them."""
    found = set(texts)
    for name, column in table.columns.items():
        if column.derived_from and column.derived_from in found:
            found.add(name)
    if "registered_capital" in found and "registered_capital_currency" in table.columns:
        found.add("registered_capital_currency")
    if "city_basis" in table.columns and found & {"address", "uscc", "name"}:
        found |= {"city", "city_basis"}
    return found & set(table.columns)


def _side_by_side(parts: list[list[pl.Series]], heights: list[int]) -> list[pl.Series]:
    """Lay the reference columns of several files under each other, the best first."""
    width = max((len(part) for part in parts), default=0)
    laid: list[pl.Series] = []
    for place in range(width):
        cells = [part[place].alias("reference") if place < len(part)
                 else pl.Series("reference", [None], dtype=pl.String).new_from_index(0, height)
                 for part, height in zip(parts, heights, strict=True)]
        laid.append(pl.concat(cells))
    return laid


def _usable(raw: RawTable, table: Table, ledger: Ledger, number: int) -> pl.DataFrame:
    """Return the rows of a file that can be read, with ID; set the others aside."""
    frame = raw.frame.with_columns(
        pl.int_range(ledger.offset(number), ledger.offset(number) + pl.len(), dtype=pl.Int64).alias(ID))
    matched = raw.headers.by_column()
    headers = [match.header for match in raw.headers.matches]
    tests: list[tuple[str, str, pl.Expr]] = []
    if headers:
        longest = pl.max_horizontal([pl.col(header).str.len_chars().fill_null(0) for header in headers])
        tests.append(("cell_too_large", f"a cell has more than {MAX_CELL:,} characters", longest > MAX_CELL))
        repeated = pl.sum_horizontal([(pl.col(h).str.strip_chars() == h).fill_null(False).cast(pl.Int32) for h in headers])
        tests.append(("repeated_header", "the header row again", repeated >= max(2, (len(headers) + 1) // 2)))
    for column, spec in table.columns.items():
        if not spec.required or column not in matched:
            continue
        cell = clean_line(pl.col(matched[column].header))
        if column == "name" and not table.parent:
            tests.append(("total_row", "a total, not a row", fold(cell).str.contains(r"^(?:合计|总计|小计|共计|total)[:：]?\d*$")
                          .fill_null(False)))
            tests.append(("no_name", "", cell.is_null() | missing_reason(cell).is_not_null()))
            tests.append(("not_text", "the name holds no letter", ~cell.str.contains(r"\p{L}")
                          | (cell.str.count_matches("\ufffd") * 2 >= cell.str.len_chars())))
        else:
            tests.append(("no_key", f"{column} is empty", cell.is_null() | missing_reason(cell).is_not_null()))
    for reason, detail, test in tests:
        bad = frame.select(test.fill_null(False).alias("bad")).to_series()
        if bad.any():
            ledger.add(frame.filter(bad)[ID], reason, detail)
            frame = frame.filter(~bad)
    return frame


def _dates_of_knowledge(table: Table) -> list[str]:
    """Return the columns that date a row: its own date and when it was observed; not what came later or is planned."""
    dated = [name for name, column in table.columns.items()
             if column.type == "date" and name not in FUTURE_DATES and name not in LATER_DATES]
    return dated


def _as_of(given: date | None, manifest: Manifest, loaded: Mapping[str, _Loaded], today: date) -> tuple[date, AsOfBasis]:
    if given is not None:
        return given, "given"
    if manifest.dataset.as_of is not None:
        return manifest.dataset.as_of, "dataset"
    newest = [day for table in loaded.values() for column in _dates_of_knowledge(table.table)
              if isinstance(day := table.frame[column].max(), date)]
    return (max(newest), "newest_date") if newest else (today, "today")


def _set_aside_later(loaded: _Loaded, as_of: date) -> None:
    """Set rows dated or observed after `as_of` aside; blank what became known of the others only later."""
    frame = loaded.frame
    for column in _dates_of_knowledge(loaded.table):
        later = (frame[column] > as_of).fill_null(False)
        if later.any():
            rows = frame.filter(later)
            loaded.ledger.add(rows[ID], "after_as_of", rows.select(
                pl.lit(f"{column} ") + pl.col(column).cast(pl.String)).to_series())
            _drop(loaded, later)
            frame = loaded.frame
    if loaded.table.fiscal_year and loaded.table.fiscal_year in frame.columns:
        year = loaded.table.fiscal_year
        ends = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
        later = (frame[year] > ends).fill_null(False)
        if later.any():
            rows = frame.filter(later)
            loaded.ledger.add(rows[ID], "after_as_of", rows.select(
                pl.lit("fiscal year ") + pl.col(year).cast(pl.String) + pl.lit(" had not ended")).to_series())
            _drop(loaded, later)
            frame = loaded.frame
    for column, state in LATER_DATES.items():
        if column in frame.columns:
            later_cell = (pl.col(column) > as_of).fill_null(False)
            blanked = [name for name in (state, f"{state}_text", column) if name in frame.columns]
            frame = frame.with_columns([pl.when(~later_cell).then(pl.col(name)).alias(name) for name in blanked])
    loaded.frame = frame


def _drop(loaded: _Loaded, rows: pl.Series) -> None:
    loaded.references = [reference.filter(~rows) for reference in loaded.references]
    loaded.frame = loaded.frame.filter(~rows)


def _identify(loaded: _Loaded) -> Identified:
    identified = identify(loaded.frame, loaded.table.key[0])
    for (reason,), rows in identified.duplicates.group_by("reason"):
        loaded.ledger.add(rows[ID], str(reason), rows["detail"])
    loaded.frame = identified.kept
    return identified


def _link(loaded: _Loaded, identified: Identified, root: str) -> None:
    """Set the key of the company in every row of a child table; set aside rows without one, and repeated keys."""
    frame = loaded.frame
    if loaded.table.parent == root and loaded.references:
        found = resolve(loaded.references, identified.aliases)
        key = loaded.table.key[0]
        frame = frame.with_columns(found["company_id"].alias(key))
        lost = frame[key].is_null()
        if lost.any():
            named = _first(loaded.references)
            ambiguous = found["ambiguous"]
            for reason, rows in (("ambiguous_company", lost & ambiguous), ("no_company", lost & ~ambiguous)):
                loaded.ledger.add(frame.filter(rows)[ID], reason, named.filter(rows))
            frame = frame.filter(~lost)
    elif not loaded.table.parent and "company_id" in frame.columns and frame.height:
        found = resolve([frame["company_id"], *([frame["name"]] if "name" in frame.columns else [])], identified.aliases)
        frame = frame.with_columns(pl.coalesce(found["company_id"], frame["company_id"]).alias("company_id"))
    loaded.frame = _without_repeats(frame, loaded)


def _first(references: list[pl.Series]) -> pl.Series:
    return pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(references)]).select(
        pl.coalesce(pl.all()).fill_null("").str.slice(0, 80)).to_series()


def _without_repeats(frame: pl.DataFrame, loaded: _Loaded) -> pl.DataFrame:
    """Take out rows that repeat a key, the fullest staying; where a part of the key is missing, only equal rows."""
    columns = list(loaded.table.columns)
    key = list(loaded.table.key)
    complete = pl.all_horizontal([pl.col(name).is_not_null() for name in key])
    content = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in columns], separator="\x1f")
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in columns])
    group = pl.when(complete).then(pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator="\x1f"))
    ranked = frame.select(ID, content=content, filled=filled, group=pl.coalesce(group, pl.lit("\x00") + content)).sort(
        "group", pl.col("filled") * -1, "content", ID).with_columns(place=pl.int_range(pl.len()).over("group"))
    repeats = ranked.filter(pl.col("place") > 0)
    if repeats.height:
        loaded.ledger.add(repeats[ID], "duplicate", repeats.select(pl.col("group").str.slice(0, 120).str.replace_all(
            "\x1f", " ").str.replace_all("\x00", "")).to_series())
        frame = frame.join(repeats.select(ID), on=ID, how="anti", maintain_order="left")
    return frame


def _write(manifest: Manifest, folder: Path, loaded: Mapping[str, _Loaded], identified: Identified, root: str,
           as_of: date, basis: AsOfBasis, work: Path) -> Dataset:
    (work / "tables").mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    aside: dict[str, Path] = {}
    rows: dict[str, RowCount] = {}
    notices: list[Problem] = []
    for name, table in loaded.items():
        paths[name] = work / "tables" / f"{name}.parquet"
        aside[name] = work / "set_aside" / f"{name}.parquet"
        clean = _clean(table, root)
        clean.write_parquet(paths[name])
        counted = table.ledger.write(aside[name])
        rows[name] = RowCount(table.ledger.read, clean.height, sum(counted.values()), counted)
        if rows[name].read != rows[name].clean + rows[name].set_aside:
            raise RunError([Problem("run/rows-lost", f"{name}: {rows[name].read} rows were read, but {clean.height} are clean"
                                    f" and {rows[name].set_aside} set aside", remedy="report this with the file")])
        notices.extend(problem for raw in table.raws for problem in raw.problems)
    if rows[root].clean == 0:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in rows[root].set_aside_by_reason.items())
        raise DatasetError([Problem("data/nothing-left", f"no row of {root} can be used ({reasons or 'no rows'})",
                                    remedy="see the reasons; `screen inspect FILE` shows how the file was read")])
    single = len(manifest.tables) == 1 and manifest.dataset.id == "file"
    fund = folder / FUND
    return Dataset(
        id=manifest.dataset.id, label=manifest.dataset.label.model_dump(), synthetic=manifest.dataset.synthetic, root=root,
        tables=paths, available={name: table.available for name, table in loaded.items()},
        absence={name: source.absence for name, source in manifest.tables.items()},
        searched_on={name: source.searched_on for name, source in manifest.tables.items()},
        set_aside=aside, rows=rows, quality=profile(loaded, identified, root, as_of, rows), as_of=as_of, as_of_basis=basis,
        files=tuple(_file_records(manifest, folder, loaded)), notices=tuple(notices),
        fund=read_fund(fund) if fund.is_file() and not single else None)


def _clean(loaded: _Loaded, root: str) -> pl.DataFrame:
    """Return the clean table, sorted by key and content, so that the order of the source cannot be told from it."""
    declared = [*loaded.table.columns, REASONS]
    frame = loaded.frame
    if loaded.name == root:
        frame = frame.with_columns(pl.col(FILE).alias("source_file"), pl.col(ROW).alias("source_row"))
        extra = ["source_file", "source_row"]
    else:
        extra = []
    key = [name for name in loaded.table.key if name in frame.columns]
    order = [*key, *(name for name in declared if name not in key)]
    return frame.select(*declared, *extra).sort(order, nulls_last=True)


def _file_records(manifest: Manifest, folder: Path, loaded: Mapping[str, _Loaded]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for name, table in loaded.items():
        for raw in table.raws:
            records.append({
                "path": raw.label, "sha256": digest(folder / raw.label), "rows": raw.rows, "table": name, "form": raw.form,
                "encoding": raw.encoding, "sheet": raw.sheet, "header_row": raw.header_row, "blank_rows": raw.blank_rows,
                "columns": {match.column: match.header for match in raw.headers.matches},
                "unrecognised": list(raw.headers.unrecognised)})
    return records
