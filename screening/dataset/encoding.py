"""The encoding of a text file: declared, or found by strict trial; never guessed by statistics alone."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from functools import lru_cache
from typing import IO, TYPE_CHECKING, cast

from screening.errors import DatasetError, Position, did_you_mean
from screening.foreign_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20
MAX_TEXT = 4_000_000_000
"""Bytes of text, unpacked, that are read from one file."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "mac_roman", "cp1252", "latin-1", "shift_jis", "hz")
# Text of mainland exports lies almost wholly in GB 2312; Big5 or Mac Roman read as GB 18030 does not.
_LIKELY_GB = 0.85


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacking gzip."""
    with path.open("rb") as head:
        packed = head.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def kept_text(path: Path, label: str, most: int) -> str:
    """Return a small text file that people keep themselves: UTF-8, or what a spreadsheet program saves as CSV here, found as for data.

    Raises OSError when it cannot be read or has more than `most` bytes, and UnicodeDecodeError when it is in none of them.
    """
    written = read_file(path, most=most)
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return written.decode(find_encoding(path, label, None))
        except DatasetError:
            raise error from None


def find_encoding(path: Path, label: str, declared: str | None) -> str:
    """Return the encoding to read `path` with.

    A byte-order mark decides; else UTF-8 if every byte fits, else GB 18030 if every byte fits and the result looks like
    it. Raises DatasetError when nothing fits, saying where, and what to declare.
    """
    state = path.stat()
    return _find(path, label, declared, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=32)
def _find(path: Path, label: str, declared: str | None, size: int, changed: int) -> str:
    """Look once at a file that does not change: the trial reads it whole."""
    try:
        return _declared(path, label, declared) if declared is not None else _found(path, label)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DatasetError.of(
            "data/damaged",
            f"{label} is a damaged gzip file",
            Position(label),
            "it may be cut short: export or download it again",
        ) from None


def _found(path: Path, label: str) -> str:
    with open_bytes(path) as stream:
        head = stream.read(1 << 16)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _strict(path, label, name)
    unmarked = _utf16_without_mark(head)
    if unmarked is not None and _first_error(path, unmarked) is None:
        return unmarked
    if _is_binary(head):
        raise DatasetError.of(
            "data/binary",
            f"{label} is not a text file, nor a format that is read here",
            Position(label),
            "give a CSV, XLSX, XLS, Parquet or DuckDB file",
        )
    if _first_error(path, "utf-8") is None:
        return "utf-8"
    bad = _first_error(path, "gb18030")
    if bad is None and _looks_like_gb(path):
        return "gb18030"
    place, line = _first_error(path, "utf-8") or (0, 1)
    raise DatasetError.of(
        "data/encoding",
        f"{label} is not UTF-8 (byte {place:,}, line {line}), and read as GB 18030 it makes no Chinese text"
        if bad is None
        else f"{label} is not UTF-8 (byte {place:,}, line {line}), nor GB 18030 (byte {bad[0]:,}, line {bad[1]})",
        Position(label),
        "declare it in dataset.yaml, for example `encoding: big5`, `mac_roman` or `cp1252`, or save it as UTF-8",
    )


def _declared(path: Path, label: str, declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
        if not getattr(codecs.lookup(declared), "_is_text_encoding", True):
            raise LookupError(declared)
    except LookupError:
        hint = did_you_mean(declared.replace("-", "_").lower(), _USUAL) or f"use one of {', '.join(_USUAL)}"
        raise DatasetError.of(
            "data/encoding", f"{label}: there is no encoding '{declared}'", Position(label), hint
        ) from None
    return _strict(path, label, "utf-8-sig" if name == "utf-8" else name)


def _strict(path: Path, label: str, name: str) -> str:
    bad = _first_error(path, name)
    if bad is not None:
        place, line = bad
        raise DatasetError.of(
            "data/encoding",
            f"{label} is not {name}: byte {place:,} (line {line}) does not fit",
            Position(label),
            "declare another `encoding:` in dataset.yaml, or leave it out to have it found",
        )
    return name


def _first_error(path: Path, name: str) -> tuple[int, int] | None:
    """Return (byte, line) of the first byte that does not decode, None when all do."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    done, line = 0, 1
    with open_bytes(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                return done + start, line + chunk[:start].count(b"\n")
            if not chunk:
                return None
            done += len(chunk)
            if done > MAX_TEXT:
                raise DatasetError.of(
                    "data/too-large",
                    f"{path.name} holds more than {MAX_TEXT:,} bytes of text",
                    Position(path.name),
                    "split it, or save it as Parquet",
                )
            line += chunk.count(b"\n")


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by the zero bytes of its ASCII characters, which stand on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 40 and even * 20 < odd:
        return "utf-16-le"
    if even > len(head) // 40 and odd * 20 < even:
        return "utf-16-be"
    return None


def _is_binary(head: bytes) -> bool:
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head))
    return bool(head) and controls * 20 > len(head)


def _looks_like_gb(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with open_bytes(path) as stream:
        text = decoder.decode(stream.read(1 << 18))
    foreign = [character for character in text if ord(character) > 127]
    known = sum(1 for character in foreign if _in_gb2312(character))
    return not foreign or known >= _LIKELY_GB * len(foreign)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
