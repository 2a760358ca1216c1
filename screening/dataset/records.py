"""Lines of a delimited text put together to records: every physical line is placed once, and the counts are compared.

A line whose quotes are sound is a record by itself and is split in bulk; only lines that leave a quote open are looked
at one by one.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field

import polars as pl

from screening.dataset.notes import told_apart
from screening.dataset.raw import REFUSED_SCHEMA, ROW, Body, original
from screening.errors import DatasetError, Position, RunError

MAX_FIELD = 16_000_000
"""Characters of one line, and of one record, that are split into cells."""
MAX_RECORD_LINES = 500
"""Lines over which one quoted cell may run; a quote that closes later was never meant to open."""
_MAX_LOOKED_AT = 5_000_000


@dataclass(slots=True)
class Records:
    """The records of a text, put together block by block."""

    label: str
    separator: str
    width: int
    skip: int
    number: int = 0
    """Physical lines taken so far."""
    records: int = 0
    skipped_lines: int = 0
    blank: int = 0
    rows: int = 0
    lines_in_rows: int = 0
    looked_at: int = 0
    waiting: list[str] = field(default_factory=list)
    waiting_ends: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    frames: list[pl.DataFrame] = field(default_factory=list)
    refused: list[tuple[str, int, str, str, str]] = field(default_factory=list)

    def take(self, block: list[str], ends: list[str], *, last: bool = False) -> None:
        """Take a block of lines; lines of a record that may go on wait for the next."""
        lines = [*self.waiting, *block]
        self.ends = [*self.waiting_ends, *ends]
        first = self.number + 1
        texts = pl.Series("line", lines, dtype=pl.String)
        quoted = texts.str.contains('"', literal=True)
        odd = self._odd(texts, quoted)
        done = 0
        while self.records < self.skip and done < len(lines):
            taken = self._record(lines, done, first, last=last)
            if taken == 0:
                break
            done += taken
        if self.records >= self.skip:
            bulk = pl.Series([True], dtype=pl.Boolean).new_from_index(0, len(lines))
            taken_one_by_one: list[int] = []
            begun, done = done, len(lines)
            after = begun
            for place in odd:
                if place < after:
                    continue
                taken = self._record(lines, place, first, last=last)
                if taken == 0:
                    done = place
                    break
                after = place + taken
                taken_one_by_one.extend(range(place, after))
            bulk = bulk.scatter(taken_one_by_one, False) if taken_one_by_one else bulk
            self._bulk(texts, quoted, bulk, begun, done, first)
        self.waiting, self.waiting_ends = lines[done:], self.ends[done:]
        self.number += done

    def _odd(self, texts: pl.Series, quoted: pl.Series) -> list[int]:
        """Return the places of the lines whose quotes are not sound by themselves."""
        if not quoted.any():
            return []
        s = re.escape(self.separator)
        cell = rf'(?:"(?:[^"]|"")*"|[^"{s}][^{s}]*|)'
        sound = texts.str.contains(rf"^{cell}(?:{s}{cell})*$")
        return (quoted & ~sound).arg_true().to_list()

    def _bulk(self, texts: pl.Series, quoted: pl.Series, bulk: pl.Series, start: int, end: int, first: int) -> None:
        """Split the lines that are records by themselves."""
        if end <= start:
            return
        numbers = pl.int_range(first + start, first + end, dtype=pl.Int64, eager=True).alias(ROW)
        frame = pl.DataFrame(
            {ROW: numbers, "line": texts[start:end], "quoted": quoted[start:end], "bulk": bulk[start:end]}
        ).filter("bulk")
        self.records += frame.height
        self._plain(frame.filter(~pl.col("quoted")))
        if quoted.any():
            self._quoted(frame.filter("quoted"))

    def _plain(self, lines: pl.DataFrame) -> None:
        """Split lines without a quote."""
        s, text = re.escape(self.separator), lines["line"]
        fields = text.str.count_matches(self.separator, literal=True) + 1
        blank = text.str.contains(rf"^[\s{s}]*$")
        fits = (fields == self.width) & ~blank
        self._split(lines.filter(fits), self.separator)
        self.blank += int(blank.sum())
        for number, line in lines.filter(~fits & ~blank).select(ROW, "line").iter_rows():
            # Empty cells behind the last column are no cells.
            too_long = line.count(self.separator) >= self.width
            if too_long and re.sub(rf"(?:{s}\s*)+$", "", line).count(self.separator) < self.width:
                self._keep([number], [line.split(self.separator)[: self.width]])
            else:
                self._refuse_width(number, line.split(self.separator))

    def _quoted(self, marked: pl.DataFrame) -> None:
        """Split lines with sound quotes."""
        huge = marked["line"].str.len_chars() >= MAX_FIELD
        for number, line in marked.filter(huge).select(ROW, "line").iter_rows():
            detail = f"a line has more than {MAX_FIELD:,} characters"
            self.refused.append((self.label, number, "cell_too_large", detail, original([line])))
        marked = marked.filter(~huge)
        # Where every cell is quoted and none holds a quote, the quotes part the cells.
        between, s = f'"{self.separator}"', re.escape(self.separator)
        regular = marked["line"].str.contains(rf'^"[^"]*"(?:{s}"[^"]*")*$')
        regular &= marked["line"].str.count_matches(between, literal=True) + 1 == self.width
        regular &= ~marked["line"].str.contains(rf'^[\s"{s}]*$')
        inside = marked.filter(regular).with_columns(pl.col("line").str.strip_prefix('"').str.strip_suffix('"'))
        self._split(inside, between)
        marked = marked.filter(~regular)
        numbers_kept: list[int] = []
        rows: list[list[str]] = []
        for number, record in zip(
            marked[ROW].to_list(), csv.reader(marked["line"].to_list(), delimiter=self.separator), strict=True
        ):
            if self._fits(number, record):
                numbers_kept.append(number)
                rows.append(record)
        self._keep(numbers_kept, rows)

    def _split(self, frame: pl.DataFrame, separator: str) -> None:
        if frame.is_empty():
            return
        if self.width == 1:
            cells = [frame["line"].alias("0")]
        else:
            parts = frame["line"].str.split_exact(separator, self.width - 1).struct.unnest()
            cells = [series.alias(str(place)) for place, series in enumerate(parts.iter_columns())]
        self.frames.append(pl.DataFrame([frame[ROW], *cells]))
        self.rows += frame.height
        self.lines_in_rows += frame.height

    def _keep(self, numbers: list[int], rows: list[list[str]]) -> None:
        """Keep records that were split one by one, each of one line."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        self.frames.append(
            pl.DataFrame(
                [
                    pl.Series(ROW, numbers, dtype=pl.Int64),
                    *(pl.Series(str(place), cells, dtype=pl.String) for place, cells in enumerate(columns)),
                ]
            )
        )
        self.rows += len(rows)
        self.lines_in_rows += len(rows)

    def _fits(self, number: int, record: list[str]) -> bool:
        """Return whether a record has the width of the headers; count it as blank or refuse it where it has not."""
        if len(record) > self.width and not any(cell.strip() for cell in record[self.width :]):
            del record[self.width :]
        if not any(cell.strip() for cell in record):
            self.blank += 1
        elif len(record) != self.width:
            self._refuse_width(number, record)
        else:
            return True
        return False

    def _refuse_width(self, number: int, record: list[str]) -> None:
        detail = f"{len(record)} fields, the header has {self.width}"
        self.refused.append((self.label, number, "field_count", detail, original(record)))

    def _record(self, lines: list[str], place: int, first: int, *, last: bool) -> int:
        """Take the record that begins at `place`; return its lines, 0 when the rest of the text is needed to tell."""
        number = first + place
        heading = self.records < self.skip
        span = self._span(lines, place, last=last)
        if span == 0:
            return 0
        if span < 0 and not heading:
            detail = "a quote opens in this line and never closes"
            self.refused.append((self.label, number, "unclosed_quote", detail, original([lines[place]])))
            self.records += 1
            return 1
        span = max(span, 1)
        self.records += 1
        if heading:
            self.skipped_lines += span
            return span
        texts = lines[place : place + span]
        if span > 1 and self._swallows(texts):
            detail = f"this line stands inside quotes that open in line {number} and looks like a row of its own"
            self.refused += [
                (self.label, number + inner, "unclosed_quote", detail, original([text]))
                for inner, text in enumerate(texts)
            ]
            self.records += span - 1
            return span
        record = cells_of(texts, self.separator, self.ends[place : place + span])
        blank_before, refused_before = self.blank, len(self.refused)
        if self._fits(number, record):
            self._keep([number], [record])
            self.lines_in_rows += span - 1
        elif self.blank > blank_before:
            self.blank += span - 1
        elif len(self.refused) > refused_before:
            self.lines_in_rows += span - 1
        return span

    def _span(self, lines: list[str], place: int, *, last: bool) -> int:
        span, looked_at = record_span(lines, place, self.separator, last=last)
        self.looked_at += looked_at
        if self.looked_at > _MAX_LOOKED_AT:
            raise DatasetError.of(
                "data/quotes",
                f"{self.label}: quotes do not match in very many lines",
                Position(self.label),
                remedy="mend the quotes, or save the file as XLSX",
            )
        return span

    def _swallows(self, texts: list[str]) -> bool:
        """Tell whether a record over several lines holds lines that are rows of their own.

        Lines inside one cell hold no quote; two stray quotes are the only ones of the lines that they join.
        """
        widths = [len(text.split(self.separator)) for text in texts]
        inside = any(
            width == self.width and '"' not in text for text, width in zip(texts[1:-1], widths[1:-1], strict=True)
        )
        stray = texts[0].count('"') == texts[-1].count('"') == 1
        return self.width > 1 and (inside or (stray and widths[0] == widths[-1] == self.width))

    def finish(self) -> None:
        """Take what is still waiting, now that nothing follows."""
        while self.waiting:
            waiting = self.waiting
            self.take([], [], last=True)
            if len(self.waiting) >= len(waiting):
                raise RunError.of("run/lines-lost", f"{self.label}: a line could not be placed")

    def body(self, limit: int | None = None) -> Body:
        """Return the rows in the order of the file."""
        schema = {ROW: pl.Int64, **{str(place): pl.String for place in range(self.width)}}
        frame = pl.concat([pl.DataFrame(schema=schema), *self.frames]).sort(ROW)
        refused = told_apart(pl.DataFrame(self.refused, schema=REFUSED_SCHEMA, orient="row").sort("source_row"))
        lines = self.number - self.skipped_lines
        if limit is not None:
            return Body(frame.head(limit), refused, self.blank)
        counted = self.lines_in_rows + self.blank + refused.height
        if counted != lines:
            raise RunError.of(
                "run/lines-lost",
                f"{self.label}: {lines:,} lines stand below the headers, but {counted:,} were placed",
                Position(self.label),
                "report this with the file",
            )
        return Body(frame, refused, self.blank, lines=lines)


def cells_of(texts: list[str], separator: str, ends: list[str] | None = None) -> list[str]:
    """Split the lines of one record into cells; a line end inside a cell stays as it was."""
    ended = [text + end for text, end in zip(texts, ends or ["\n"] * len(texts), strict=True)]
    ended[-1] = texts[-1]
    return next(csv.reader(ended, delimiter=separator), [])


def record_span(lines: list[str], place: int, separator: str, *, last: bool) -> tuple[int, int]:
    """Return over how many lines the record at `place` runs, and how many lines were looked at for it.

    -1 when a quote opens that never closes, 0 when more lines are needed to tell.
    """
    if '"' not in lines[place] or not _ends_open(lines[place], separator):
        return 1, 0
    most = min(len(lines), place + MAX_RECORD_LINES)
    size = len(lines[place])
    for inner in range(place + 1, most):
        size += len(lines[inner]) + 1
        if size >= MAX_FIELD:
            return -1, inner - place
        state = _closes(lines[inner], separator) if '"' in lines[inner] else "open"
        if state != "open":
            return (inner - place + 1 if state == "closed" else -1), inner - place
    return (-1 if last or most - place >= MAX_RECORD_LINES else 0), most - place


def _ends_open(line: str, separator: str) -> bool:
    """Return whether a line ends inside a quoted cell, as spreadsheet programs read it."""
    place, size = 0, len(line)
    while place < size:
        if line[place] == '"':
            place += 1
            while True:
                close = line.find('"', place)
                if close < 0:
                    return True
                if line[close + 1 : close + 2] == '"':
                    place = close + 2
                    continue
                place = close + 1
                break
        following = line.find(separator, place)
        if following < 0:
            return False
        place = following + 1
    return False


def _closes(line: str, separator: str) -> str:
    """Return what a line does with a cell that is open when it begins: `open`, `closed`, or `broken`.

    A closing quote is followed by a separator or the end of the line; any other is the start of another cell's stray one.
    """
    place = 0
    while True:
        close = line.find('"', place)
        if close < 0:
            return "open"
        if line[close + 1 : close + 2] == '"':
            place = close + 2
            continue
        rest = line[close + 1 :]
        if rest.strip() and not rest.lstrip(" ").startswith(separator):
            return "broken"
        after = rest.lstrip(" ")[len(separator) :]
        return "open" if after and _ends_open(after, separator) else "closed"
