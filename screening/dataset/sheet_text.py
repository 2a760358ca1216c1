"""The cells of a sheet written as their writers saw them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.number_format import NumberFormat, plain_number, shown
from screening.dataset.sheet_cells import Damaged
from screening.dataset.text import map_unique

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Day 1 of the two calendars a workbook may count from, as days before 1970.
_BASE, _BASE_1904 = 25_569, 24_107
_LAST_DAY = 2_958_465


def as_text(
    cells: pl.DataFrame, strings: pl.Series, formats: Sequence[NumberFormat], *, date_1904: bool
) -> pl.DataFrame:
    """Write every cell as its writer saw it."""
    kind, text = pl.col("kind"), pl.col("text")
    shared = kind == "s"
    if cells.select(shared.any()).item():
        index = cells.select(pl.when(shared).then(text.cast(pl.Int64, strict=False)).alias("i"))["i"]
        if (index.max() or 0) >= len(strings) or (index.min() or 0) < 0:  # type: ignore[operator]
            raise Damaged("a cell points to a text that is not there")
        cells = cells.with_columns(text=pl.when(shared).then(pl.lit(strings).gather(pl.lit(index))).otherwise(text))
    cells = cells.with_columns(
        text=pl.when(kind == "b")
        .then(pl.when(text == "1").then(pl.lit("true")).otherwise(pl.lit("false")))
        .otherwise(text)
    )
    inline = kind.is_in(["str", "inlineStr"])
    if cells.select((inline & text.str.contains("_x", literal=True)).any()).item():
        cells = cells.with_columns(text=pl.when(inline).then(unescaped(cells["text"])).otherwise(text))
    return _numbers_as_text(cells, formats, date_1904=date_1904)


def _numbers_as_text(cells: pl.DataFrame, formats: Sequence[NumberFormat], *, date_1904: bool) -> pl.DataFrame:
    number = cells["kind"] == "n"
    used = cells.filter(number)["style"].unique().to_list()
    forms = {style: formats[style] for style in used if 0 <= style < len(formats)}
    dated = [style for style, form in forms.items() if form.kind == "date"]
    worded = {style: form for style, form in forms.items() if form.kind == "number" and not form.says_nothing()}
    text = cells["text"]
    odd = number & ~text.str.contains(r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{0,4}[1-9])?$")
    if odd.any():
        text = _replace(text, odd, plain_number)
    for style, form in worded.items():
        text = _replace(text, number & (cells["style"] == style), partial(shown, form=form))
    for style in dated:
        mine = number & (cells["style"] == style)
        text = _merge(text, mine, _dates(text.filter(mine), monthly=forms[style].monthly, date_1904=date_1904))
    return cells.with_columns(text.alias("text"))


def _dates(texts: pl.Series, *, monthly: bool, date_1904: bool) -> pl.Series:
    """Write serial numbers as dates, with the time of day where there is one; below one day only the time."""
    base = _BASE_1904 if date_1904 else _BASE
    frame = pl.DataFrame({"text": texts}).with_columns(serial=pl.col("text").cast(pl.Float64, strict=False))
    seconds = (pl.col("serial") * 86_400).round(0)
    # The calendar of 1900 has a 29 February that never was: before it, days are one later.
    early = pl.lit(0 if date_1904 else 1) * (pl.col("serial") < 60).cast(pl.Int64)
    fits = pl.col("serial").is_between(0, _LAST_DAY)
    whole = pl.when(fits).then(seconds).cast(pl.Int64)
    moment = ((whole // 86_400 - base + early) * 86_400 + whole % 86_400).cast(pl.Int64) * 1_000_000
    frame = frame.with_columns(moment=moment.cast(pl.Datetime("us")), rest=whole % 86_400, days=whole // 86_400)
    day = pl.col("moment").dt
    return frame.select(
        pl.when(pl.col("moment").is_null())
        .then("text")
        .when(pl.col("days") == 0)
        .then(day.strftime("%H:%M:%S"))
        .when(pl.col("rest") > 0)
        .then(day.strftime("%Y-%m-%d %H:%M:%S"))
        .when(pl.lit(monthly) & (day.day() == 1))
        .then(day.strftime("%Y-%m"))
        .otherwise(day.strftime("%Y-%m-%d"))
        .alias("text")
    )["text"]


def _replace(texts: pl.Series, chosen: pl.Series, function: Callable[[str], str]) -> pl.Series:
    return _merge(texts, chosen, map_unique(texts.filter(chosen), function))


def _merge(texts: pl.Series, chosen: pl.Series, new: pl.Series) -> pl.Series:
    return texts.scatter(chosen.arg_true(), new) if len(new) else texts


def unescaped(texts: pl.Series) -> pl.Series:
    """Turn `_x000D_` and its kin into the characters they stand for."""
    escaped = texts.str.contains(_ESCAPE.pattern).fill_null(False)
    if not escaped.any():
        return texts
    return _replace(texts, escaped, lambda text: _ESCAPE.sub(_character, text))


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
