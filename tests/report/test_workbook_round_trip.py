"""The workbook after another office program has opened and saved it: values, filters, widths and formats stand.

Frozen panes are not asked for: without a window LibreOffice makes no view of a sheet, and saves none.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import fastexcel
import pytest
from lxml import etree

from tests.run.shared import sample_run

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BUILT_IN = {
    "0": "General",
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "14": "date",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine (libreoffice-calc): the round trip is not tried")
    work = tmp_path_factory.mktemp("office")
    ours = work / "ranking.xlsx"
    shutil.copyfile(sample_run(tmp_path_factory.getbasetemp()).run_dir / "ranking.xlsx", ours)
    subprocess.run(
        [
            office,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            work / "saved",
            ours,
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return ours, work / "saved" / "ranking.xlsx"


def sheets(book: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(book) as archive:
        root = etree.fromstring(archive.read("xl/workbook.xml"))
        names = [str(sheet.get("name")) for sheet in root.iter(f"{MAIN}sheet")]
        return {n: etree.fromstring(archive.read(f"xl/worksheets/sheet{i}.xml")) for i, n in enumerate(names, 1)}


def formats(book: Path, sheet: etree._Element) -> list[str]:
    """Return the number format of each cell of the second row."""
    with zipfile.ZipFile(book) as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml"))
    own = {f.get("numFmtId"): str(f.get("formatCode")) for f in styles.iter(f"{MAIN}numFmt")}
    applied = [x.get("numFmtId") for x in next(styles.iter(f"{MAIN}cellXfs"))]
    rows = [row for row in sheet.iter(f"{MAIN}row") if row.get("r") == "2"]
    cells = [c for c in rows[0] if c.find(f"{MAIN}v") is not None] if rows else []
    codes = [applied[int(c.get("s") or 0)] for c in cells if c.get("t") in (None, "n")]
    found = [own.get(code) or BUILT_IN.get(str(code), str(code)) for code in codes]
    return [re.sub(r"[\\\"]", "", f).replace("yyyy-mm-dd", "date").casefold() for f in found]


def test_every_cell_keeps_its_value(books: tuple[Path, Path]) -> None:
    ours, saved = (fastexcel.read_excel(book) for book in books)
    assert ours.sheet_names == saved.sheet_names and len(ours.sheet_names) >= 9
    for name in ours.sheet_names:
        one, other = (book.load_sheet(name, header_row=None).to_polars() for book in (ours, saved))
        assert one.equals(other), name


def test_filters_widths_and_formats_stand(books: tuple[Path, Path]) -> None:
    ours, saved = (sheets(book) for book in books)
    for name, before in ours.items():
        after = saved[name]
        filters = [x.get("ref") for x in before.iter(f"{MAIN}autoFilter")]
        assert [x.get("ref") for x in after.iter(f"{MAIN}autoFilter")] == filters, name
        assert formats(books[1], after) == formats(books[0], before), name
        widths = _widths(before)
        assert widths.keys() <= _widths(after).keys()
        assert all(abs(_widths(after)[c] - w) < 1.5 for c, w in widths.items()), name


def _widths(sheet: etree._Element) -> dict[int, float]:
    return {
        column: float(str(c.get("width")))
        for c in sheet.iter(f"{MAIN}col")
        if c.get("customWidth") in ("1", "true")
        for column in range(int(str(c.get("min"))), min(int(str(c.get("max"))), 200) + 1)
    }
