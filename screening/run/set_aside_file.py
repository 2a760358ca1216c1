"""`set_aside.xlsx`: every row that could not be used, with the reason in words and its cells, to be corrected and read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import polars as pl

from screening.report.sheets import Sheets
from screening.report.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screening.report.wording import Lang
    from screening.rulebook.model import RulePack

NAME = "set_aside.xlsx"
_ROWS = 50_000
_LONGEST_SHEET = 31
_WIDTH = 18
# No table has headers of these names, so the sheets can be read again as they are.
_PLACE = (("搁置文件", "Set aside: file"), ("搁置工作表", "Set aside: sheet"), ("搁置行号", "Set aside: row"))
_WHY = (("搁置原因", "Set aside: reason"), ("搁置细节", "Set aside: detail"))
_LOOSE = ("原样", "As it came")


def risks_first(tables: Sequence[str]) -> list[str]:
    """Return tables in the order in which what they lost matters: records of risk, the companies, the rest."""
    return sorted(tables, key=lambda name: ("risk" not in name, name != "companies", name))


def write_set_aside(folder: Path, pack: RulePack, lang: str) -> None:
    """Write the workbook of a run folder from `set_aside/*.parquet`: one sheet per table with rows, the risks first.

    Columns: file, sheet, row, reason, detail, then the cells under their headers; the cells of a row that fits no header stand
    behind, in order. Nothing is written when nothing was set aside.
    """
    frames = {path.stem: pl.read_parquet(path, glob=False) for path in sorted((folder / "set_aside").glob("*.parquet"))}
    filled = {name: frame for name, frame in frames.items() if frame.height}
    if not filled:
        return
    side = 1 if lang == "en" else 0
    words = Words(cast("Lang", lang))
    book = Sheets()
    for name in risks_first(list(filled)):
        label = pack.tables[name].label.text(lang) if name in pack.tables else name
        rows = filled[name].head(_ROWS)
        cells = [json.loads(text) for text in rows["original"].to_list()]
        headers = list(dict.fromkeys(h for row in cells if isinstance(row, dict) for h in row))
        loose = max((len(row) for row in cells if isinstance(row, list)), default=0)
        titles = [pair[side] for pair in (*_PLACE, *_WHY)] + headers
        titles += [f"{_LOOSE[side]} {place}" for place in range(1, loose + 1)]
        told = (
            _row(record, row, headers, loose, words)
            for row, record in zip(cells, rows.iter_rows(named=True), strict=True)
        )
        columns = [(title, _WIDTH, "") for title in titles]
        book.sheet(_sheet_name(label, book.book.sheetnames), columns, told, len(_PLACE) + len(_WHY))
    (folder / NAME).write_bytes(book.written())


def _row(
    record: Mapping[str, object],
    cells: Mapping[str, str | None] | Sequence[str],
    headers: Sequence[str],
    loose: int,
    words: Words,
) -> list[object]:
    reason = words.of("set_aside", str(record["reason"]))
    first = [record["source_file"], record["source_sheet"], record["source_row"], reason, record["detail"]]
    if isinstance(cells, dict):
        return [*first, *(cells.get(header) for header in headers), *[None] * loose]
    return [*first, *[None] * len(headers), *cells, *[None] * (loose - len(cells))]


def _sheet_name(label: str, taken: Mapping[str, object]) -> str:
    plain = "".join(character for character in label if character not in "[]:*?/\\'")[:_LONGEST_SHEET] or "sheet"
    name, copy = plain, 1
    while name.casefold() in {other.casefold() for other in taken}:
        copy += 1
        name = f"{plain[: _LONGEST_SHEET - 4]} {copy}"
    return name
