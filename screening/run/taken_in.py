"""Data taken in: cleaned once, and again only when a file, the declared tables or the places have changed.

What intake makes is kept with the trace of the files it read; `verify` takes nothing from there.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from screening import store, trace
from screening.dataset.model import Dataset, RowCount
from screening.errors import problem_of
from screening.identifier import file_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.dataset.loading import Spread
    from screening.rulebook.loader import LoadedPack

KIND = "intake"
_FOLDERS = {"tables": "tables", "set_aside": "set_aside"}


def taken_in(
    loaded: LoadedPack,
    data: Path,
    as_of: datetime.date | None,
    work: Path,
    *,
    today: datetime.date,
    spread: Spread | None = None,
    memory_limit: str | None = None,
) -> Dataset:
    """Return the clean dataset, its files in `work` as `ingest` writes them. `spread`, `memory_limit`, and what is raised: as by `ingest`."""

    def ingested() -> Dataset:
        from screening.dataset import ingest  # noqa: PLC0415 - the readers of all forms of files: not loaded where nothing is read

        tables, places = loaded.pack.tables, loaded.pack.geography
        return ingest(data, tables, places, as_of, work, today=today, spread=spread, memory_limit=memory_limit)

    keeping = store.store()
    if keeping.folder is None:
        return ingested()
    said = loaded.document.data
    name = store.key(
        KIND, said.get("tables"), said.get("places"), str(data.absolute()), str(data), str(as_of), str(today), _here()
    )
    found = _found(keeping, name, work)
    if found is not None:
        return found
    with trace.traced() as seen:
        dataset = ingested()
    record = seen.record()
    if record is not None:
        _keep(keeping, name, record, dataset)
    return dataset


def _here() -> str:
    """Labels of files are told from the working folder."""
    from pathlib import Path  # noqa: PLC0415

    return str(Path.cwd())


def _keep(keeping: store.Store, name: str, record: Mapping[str, Any], dataset: Dataset) -> None:
    files: dict[str, dict[str, str]] = {}
    for folder, paths in (("tables", dataset.tables), ("set_aside", dataset.set_aside)):
        files[folder] = {}
        for table, path in paths.items():
            if not path.exists():
                continue
            sha256 = keeping.keep_file(path)
            if sha256 is None:
                return
            files[folder][table] = sha256
    plain = _plain(dataset)
    told = {"trace": record, "files": files, "dataset": plain}
    try:
        content = json.dumps(told, ensure_ascii=False, default=_no_other).encode()
    except TypeError:
        return
    # What does not come back as it was is not kept.
    if _dataset(json.loads(content)["dataset"], dataset.tables, dataset.set_aside) == dataset:
        keeping.write(KIND, name, content)


def _found(keeping: store.Store, name: str, work: Path) -> Dataset | None:
    content = keeping.read(KIND, name)
    if content is None:
        return None
    told = json.loads(content)
    if not trace.stands(told["trace"]):
        return None
    paths: dict[str, dict[str, Path]] = {}
    for folder in _FOLDERS:
        names = told["dataset"][folder]
        paths[folder] = {table: file_named(work / folder, table, ".parquet") for table in names}
        for table, sha256 in told["files"][folder].items():
            if not keeping.fetch_file(sha256, paths[folder][table]):
                return None
    trace.absorb(told["trace"])
    return _dataset(told["dataset"], paths["tables"], paths["set_aside"])


def _no_other(value: object) -> str:
    raise TypeError(f"{type(value).__name__} is not kept")


def _plain(dataset: Dataset) -> dict[str, Any]:
    """Return a dataset as plain data; of its files only which tables have one."""
    return {
        **{f.name: getattr(dataset, f.name) for f in fields(dataset)},
        "tables": list(dataset.tables),
        "set_aside": list(dataset.set_aside),
        "available": {table: sorted(columns) for table, columns in dataset.available.items()},
        "searched_on": {table: day.isoformat() if day else None for table, day in dataset.searched_on.items()},
        "rows": {table: asdict(counts) for table, counts in dataset.rows.items()},
        "as_of": dataset.as_of.isoformat(),
        "notices": [asdict(notice) for notice in dataset.notices],
    }


def _dataset(plain: Mapping[str, Any], tables: Mapping[str, Path], set_aside: Mapping[str, Path]) -> Dataset:
    day = datetime.date.fromisoformat
    return Dataset(
        **{
            **plain,
            "tables": tables,
            "set_aside": set_aside,
            "available": {table: frozenset(columns) for table, columns in plain["available"].items()},
            "searched_on": {table: day(said) if said else None for table, said in plain["searched_on"].items()},
            "rows": {table: RowCount(**counts) for table, counts in plain["rows"].items()},
            "as_of": day(plain["as_of"]),
            "files": tuple(plain["files"]),
            "notices": tuple(problem_of(notice) for notice in plain["notices"]),
            "confidential": {
                table: tuple(mark) if isinstance(mark, list) else mark for table, mark in plain["confidential"].items()
            },
        }
    )
