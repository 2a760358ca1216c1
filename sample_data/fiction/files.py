"""The files, byte for byte the same each time: LF line ends, fixed XLSX dates, and archives stored, not deflated."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import xlsxwriter

from . import sheets as rows_of
from .cast import PARKS, PIPELINE, REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .firm import Row
    from .sheets import Sheets

_PARK_TITLE = "样例园区入园企业名册（企业均为虚构，截至2026年6月30日，金额单位：万元）"
PARK_SHEET = "企业名册"
PARK_HEADER_ROW = 3
FLAW_FILE = "seeded_flaws.csv"


def contents(sheets: Sheets) -> dict[str, bytes]:
    """File name → bytes of every file that the script writes."""
    out: dict[str, bytes] = {}
    for file, encoding in ((PIPELINE, "utf-8"), (REGISTRY, "gb18030")):
        headers = rows_of.HEADERS[file]
        out[rows_of.COMPANY_FILES[file]] = _csv(sheets.companies[file], headers, encoding)
    out[rows_of.COMPANY_FILES[PARKS]] = _workbook(sheets.companies[PARKS], rows_of.HEADERS[PARKS])
    for table, (name, headers) in rows_of.CHILD_FILES.items():
        out[name] = _csv(sheets.children[table], headers, "utf-8")
    name, headers = rows_of.PARK_ACCOUNTS
    # A byte-order mark, as spreadsheets add it.
    out[name] = _csv(sheets.park_accounts, headers, "utf-8-sig")
    name, columns = rows_of.HOLDINGS
    out[name] = _csv(sheets.holdings, {column: column for column in columns}, "utf-8")
    titles = ("flaw", "file", "row", "column", "detail")
    flaws = (dict(zip(titles, flaw, strict=True)) for flaw in sheets.flaws)
    out[FLAW_FILE] = _csv(flaws, {title: title for title in titles}, "utf-8")
    return out


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def _csv(rows: Iterable[Row], headers: Mapping[str, str], encoding: str) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(headers.values())
    for row in rows:
        writer.writerow([_text(row.get(column)) for column in headers])
    return buffer.getvalue().encode(encoding)


def _workbook(rows: Iterable[Row], headers: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "样例园区企业名册", "created": dt.datetime(2026, 6, 30, 9, 0, 0)})
    sheet = book.add_worksheet(PARK_SHEET)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, len(headers) - 1, _PARK_TITLE, bold)
    for column, header in enumerate(headers.values()):
        sheet.write_string(PARK_HEADER_ROW - 1, column, header, bold)
    for line, row in enumerate(rows, start=PARK_HEADER_ROW):
        for column, name in enumerate(headers):
            value = row.get(name)
            if isinstance(value, dt.date):
                sheet.write_datetime(line, column, dt.datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, value)
    sheet.freeze_panes(PARK_HEADER_ROW, 2)
    book.close()
    return _stored(buffer.getvalue())


def _stored(archive: bytes) -> bytes:
    """Pack again without compression: what zlib makes of the same text differs between builds."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (2026, 6, 30, 9, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
