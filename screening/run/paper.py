"""A Word file in the making: real headings, tables and pictures, in the language of its text, and nothing of the library's own template.

The template that python-docx brings says it was written on a Macintosh in 2013, shows a picture of another page in a folder, and takes
Chinese for English: Word would mark every line as misspelt.
"""

from __future__ import annotations

import datetime
import importlib
import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from screening.errors import RunError
from screening.report.figures import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.report.wording import Lang

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
_FOREIGN = ("/docProps/app.xml", "/docProps/thumbnail.jpeg")
GREY, TINT, INK = (228, 225, 217), (134, 160, 186), (27, 32, 38)
WIDE, HIGH = 480, 40


class Paper:
    """A Word file on A4. Raises RunError with `code` and `remedy` when the library is not installed."""

    def __init__(self, lang: Lang, code: str, remedy: str, margin: float = 1.5) -> None:
        try:
            docx: Any = importlib.import_module("docx")
            self._shared: Any = importlib.import_module("docx.shared")
            self._oxml: Any = importlib.import_module("docx.oxml")
            self._qn: Any = importlib.import_module("docx.oxml.ns").qn
        except ImportError as error:
            raise RunError.of(code, "the library for Word files is not installed", remedy=remedy) from error
        self._made = docx.Document()
        for key, link in list(self._made.part.package.rels.items()):
            if str(link.target_part.partname) in _FOREIGN:
                del self._made.part.package.rels[key]
        section, shared = self._made.sections[0], self._shared
        section.page_width, section.page_height = shared.Cm(21), shared.Cm(29.7)
        section.left_margin = section.right_margin = shared.Cm(margin)
        self._made.styles["Normal"].font.size = shared.Pt(9)
        for spoken in self._made.styles.element.iter(self._qn("w:lang")):
            spoken.set(self._qn("w:val"), LANGUAGES[lang])
            spoken.set(self._qn("w:eastAsia"), "zh-CN")
        self._made.core_properties.language = LANGUAGES[lang]

    def about(self, title: str, said: str, as_of: datetime.date | None) -> None:
        """Say in the properties what this is and of which run; its day is the run's, so that the same run writes the same bytes."""
        core = self._made.core_properties
        core.author, core.comments, core.title = "", said, plain(title)[:200]
        day = as_of or datetime.date(1980, 1, 1)
        core.created = core.modified = datetime.datetime(day.year, day.month, day.day)

    def title(self, name: str, below: str) -> None:
        """Put the title, a line below it, and both into the running head."""
        self.heading(name, 1)
        self.text(below)
        self._made.sections[0].header.paragraphs[0].text = plain(f"{name} · {below}")

    def heading(self, text: str, level: int = 2) -> None:
        """Put a heading."""
        self._made.add_heading(plain(text), level=level)

    def text(self, text: str) -> None:
        """Put a paragraph; nothing where there is nothing to say."""
        if text:
            self._made.add_paragraph(plain(text))

    def listed(self, title: str, items: Iterable[str]) -> None:
        """Put a heading and a list; nothing where the list is empty."""
        found = list(items)
        if found:
            self.heading(title)
            for item in found:
                self._made.add_paragraph(plain(item), style="List Bullet")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str | Bar]], widths: Sequence[float] = ()) -> None:
        """Put a table; its head, where it has one, is said again on every page. `widths` are in centimetres."""
        table = self._made.add_table(rows=0, cols=0)
        table.style = "Table Grid"
        for i, row in enumerate((*([head] if any(head) else []), *rows)):
            if i == 0:
                for _ in row:
                    table.add_column(self._shared.Cm(18 / len(row)))
            line = table.add_row()
            if i == 0 and any(head):
                line._tr.get_or_add_trPr().append(self._oxml.OxmlElement("w:tblHeader"))
            for at, (cell, value) in enumerate(zip(line.cells, row, strict=True)):
                if isinstance(value, Bar):
                    self._picture(cell, value)
                else:
                    cell.text = plain(value)
                if widths:
                    cell.width = self._shared.Cm(widths[at])

    def _picture(self, cell: Any, bar: Bar) -> None:
        shape = cell.paragraphs[0].add_run().add_picture(io.BytesIO(bar.png()), width=self._shared.Cm(8))
        shape._inline.docPr.set("descr", bar.described)

    def bytes(self) -> bytes:
        """Return the file."""
        content = io.BytesIO()
        self._made.save(content)
        return content.getvalue()


class Bar:
    """A score on its axis as a picture: the band that missing data leave, a line at the value. Numbers are shares of the axis."""

    def __init__(self, described: str, low: float, high: float, value: float) -> None:
        self.described, self._low, self._high, self._value = described, low, high, value

    def png(self) -> bytes:
        """Return the picture."""
        at = [min(max(round(x * (WIDE - 5)), 0), WIDE - 5) for x in (self._low, self._high, self._value)]
        colours = [TINT if at[0] <= x <= at[1] + 4 else GREY for x in range(WIDE)]
        line = [INK if at[2] <= x < at[2] + 5 else None for x in range(WIDE)]
        edge = b"".join(bytes(mark or (255, 255, 255)) for mark in line)
        core = b"".join(bytes(mark or colour) for mark, colour in zip(line, colours, strict=True))
        rows = b"".join(b"\0" + (core if HIGH // 4 <= y < HIGH * 3 // 4 else edge) for y in range(HIGH))
        head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        chunks = (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in parts
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
