"""A data file opened by what it is, not by what its name says."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from screening.dataset.delimited import read_delimited
from screening.dataset.stored import read_duckdb, read_parquet
from screening.dataset.workbook import read_workbook
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset.raw import RawTable, ReadOptions

_MAX_UNPACKED = 2_000_000_000


def form_of(path: Path, label: str) -> str:
    """Return the form of a file from its first bytes: parquet, duckdb, xlsx, xls or csv.

    Raises DatasetError for what is known not to be a table, with how to make one of it.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise DatasetError(
            [
                Problem(
                    "data/unreadable",
                    f"cannot read {label}: {error.strerror}",
                    Position(label),
                    "check that it is a file and may be read",
                )
            ]
        ) from None
    if not head:
        raise DatasetError(
            [
                Problem(
                    "data/empty-file",
                    f"{label} is empty",
                    Position(label),
                    "give a file with a header row and at least one row",
                )
            ]
        )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, label)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    refusals = {
        b"%pdf": ("a PDF", "export the table as CSV or XLSX"),
        b"<html": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
        b"<!doctype html": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
        b"<table": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
        b"<?xml": ("XML", "open it in a spreadsheet program and save it as XLSX"),
        b"{\\rtf": ("an RTF document", "save the table as CSV or XLSX"),
        b"sqlite format 3": ("an SQLite database", "export the table as CSV or Parquet"),
        b"7z\xbc\xaf": ("a 7z archive", "unpack it first"),
        b"rar!": ("a RAR archive", "unpack it first"),
        b"{": ("JSON", "save the table as CSV or Parquet"),
        b"[{": ("JSON", "save the table as CSV or Parquet"),
    }
    for mark, (what, remedy) in refusals.items():
        if start.startswith(mark):
            raise DatasetError(
                [Problem("data/form", f"{label} is {what}, which is not read here", Position(label), remedy)]
            )
    return "csv"


def _zipped(path: Path, label: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise DatasetError(
            [
                Problem(
                    "data/damaged",
                    f"{label} is a damaged workbook or archive",
                    Position(label),
                    "it may be cut short: export or download it again",
                )
            ]
        ) from None
    if unpacked > _MAX_UNPACKED:
        raise DatasetError(
            [
                Problem(
                    "data/too-large",
                    f"{label} unpacks to {unpacked:,} bytes; the limit is {_MAX_UNPACKED:,}",
                    Position(label),
                    "split it, or save it as Parquet",
                )
            ]
        )
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return "xlsx"
    raise DatasetError(
        [
            Problem(
                "data/form",
                f"{label} is an archive, not a workbook",
                Position(label),
                "unpack it and give the file inside",
            )
        ]
    )


def read_source(path: Path, table: Table, options: ReadOptions) -> RawTable:
    """Read one file as text. Raises DatasetError when it cannot be used."""
    readers = {
        "parquet": read_parquet,
        "duckdb": read_duckdb,
        "xlsx": read_workbook,
        "xls": read_workbook,
        "csv": read_delimited,
    }
    raw = readers[form_of(path, options.label)](path, table, options).counted()
    raw.sha256 = digest(path)
    return raw


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
