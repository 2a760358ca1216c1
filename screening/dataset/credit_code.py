"""Unified social credit codes (GB 32100-2015): how they are written, and whether the check digit fits."""

from __future__ import annotations

import polars as pl

from screening.dataset.parsed import Parsed, why_not
from screening.dataset.personal import identity_card
from screening.dataset.reading import ColumnReading
from screening.dataset.text import fold, missing_reason

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_STANDING_ALONE = r"\b[0-9A-Z]{18}\b"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_VALUE_OF = pl.Series([_VALUES.get(chr(byte), -1) for byte in range(256)], dtype=pl.Int16)
_WEIGHT_OF = pl.Series([*_WEIGHTS, 0], dtype=pl.Int16)


def check_digit(first_17: str) -> str | None:
    """Return the check digit of the first 17 characters, or None when one is outside the alphabet.

    >>> check_digit("91350100M000100Y4")
    '3'
    """
    if len(first_17) != LENGTH - 1 or any(character not in _VALUES for character in first_17):
        return None
    total = sum(_VALUES[character] * weight for character, weight in zip(first_17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def passes_check(codes: pl.Expr) -> pl.Expr:
    """Return whether a code has 18 characters of the alphabet and the right check digit; NULL for NULL."""
    return codes.map_batches(_passes, return_dtype=pl.Boolean)


def _passes(codes: pl.Series) -> pl.Series:
    """Check the bytes of all codes at once."""
    whole = (codes.str.len_bytes() == LENGTH).fill_null(False)
    passes = pl.select(pl.when(codes.is_not_null()).then(False)).to_series()
    if not whole.any():
        return passes
    written = codes.filter(whole).cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, LENGTH)).arr.explode()
    values = _VALUE_OF.gather(written.cast(pl.UInt32))
    places = pl.int_range(len(values), eager=True) % LENGTH
    each = pl.DataFrame(
        {"weighed": (values * _WEIGHT_OF.gather(places)).reshape((-1, LENGTH)), "values": values.reshape((-1, LENGTH))}
    )
    total, digit = pl.col("weighed").arr.sum(), pl.col("values").arr.last()
    right = each.select(((31 - total % 31) % 31 == digit) & (pl.col("values").arr.min() >= 0)).to_series()
    return passes.scatter(whole.arg_true(), right)


# Registering department and kind of body of GB 32100, then the division of the registrar, whose province must exist.
_POSSIBLE = (
    r"^(?:1[1239]|2[19]|3[1-59]|4[19]|5[1-49]|6[129]|7[129]|8[1-39]|9[1-39]|A[19]|N[1239]|Y[19])"
    r"(?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|81|82)[0-9]{4}"
)


def tells_apart(codes: pl.Expr) -> pl.Expr:
    """Return whether a code can stand for one company: its check passes and its first characters can exist; NULL for NULL.

    Registration and organisation numbers, codes cut short or with a letter O for a zero, and numbers of the form of an
    identity card do not.
    """
    return passes_check(codes) & _possible(codes)


def _possible(codes: pl.Expr) -> pl.Expr:
    return codes.str.contains(_POSSIBLE) & codes.str.slice(8, 9).str.contains("[^0]")


def _rounded(codes: pl.Series, passes: pl.Series, reading: ColumnReading) -> pl.Series:
    """Return whether a code is a rounded number: all digits, exactly a double, and wrong by its check digit.

    One in 31 of them passes the check by chance. Where more than one in twenty of a column's all-digit codes are rounded
    the column went through numbers, and every exact double in it is taken as rounded.
    """
    digits = codes.str.extract(r"^([0-9]{18})$", 1).cast(pl.Int64, strict=False)
    exact = (digits.cast(pl.Float64).cast(pl.Int64, strict=False) == digits).fill_null(False)
    wrong = exact & ~passes.fill_null(False)
    said = reading.weigh(rounded=wrong.sum(), digits=len(digits) - digits.null_count())
    return exact if said["rounded"] * 20 > said["digits"] else wrong


def parse_credit_code(name: str, cells: pl.Series, *, reading: ColumnReading | None = None) -> Parsed:
    """Read codes: width folded, upper case. A wrong check digit is kept and only counted.

    A masked lower-case `x` is kept as written, since upper-casing would turn the mask into a digit of the alphabet.
    A code that a spreadsheet kept as a number has lost its digits and gives NULL, `unparsable`: one in its notation
    (`9.144E+17`), and one written out again from the rounded number. So does a number of the form of an identity card.
    """
    # Nearly all are codes as they should be; a digit by itself may be lost, and E may stand in a number.
    sound = pl.DataFrame({"cell": cells}).select(tells_apart(pl.col("cell")) & pl.col("cell").str.contains("[A-DF-Z]"))
    odd = ~sound.to_series().fill_null(False)
    if not odd.any():
        return Parsed({name: cells.alias(name)}, pl.Series([None], dtype=pl.String).new_from_index(0, len(cells)))
    codes, reason, counts = _read(cells.filter(odd), reading or ColumnReading())
    if len(codes) < len(cells):
        places = odd.arg_true()
        codes = cells.clone().scatter(places, codes)
        reason = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells)).scatter(places, reason)
    return Parsed({name: codes.alias(name)}, reason, counts)


def _read(cells: pl.Series, reading: ColumnReading) -> tuple[pl.Series, pl.Series, dict[str, int]]:
    cell, upper, written = pl.col("cell"), pl.col("upper"), pl.col("written")
    frame = pl.DataFrame({"cell": cells}).with_columns(missing=missing_reason(cell), folded=fold(cell))
    frame = frame.with_columns(written=pl.col("folded").str.replace_all(r"[-'`_.]", ""))
    frame = frame.with_columns(upper=written.str.to_uppercase())
    frame = frame.with_columns(passes=passes_check(upper))
    looks_like_code = upper.str.contains(r"^[0-9A-Z*]{8,20}$") & upper.str.contains(r"[0-9]{4}")
    lost_digits = pl.col("folded").str.contains(r"(?i)^[0-9.]+E\+?[0-9]+$")
    masked_or_lower = (
        pl.when(written.str.contains("x", literal=True) & ~pl.col("passes")).then(written).otherwise(upper)
    )
    frame = frame.with_columns(
        rounded=_rounded(frame["upper"], frame["passes"], reading),
        person=identity_card(upper) & ~(pl.col("passes") & _possible(upper)).fill_null(False),
    )
    usable = looks_like_code & ~lost_digits & ~pl.col("rounded") & ~pl.col("person") & ~upper.str.contains("^0+$")
    # `91…(三证合一)`, `91…/4401…`: the one code in the cell that can stand for a company; two name none.
    inner = pl.col("folded").str.to_uppercase().str.extract_all(_STANDING_ALONE)
    only = pl.when(inner.list.len() == 1).then(inner.list.first())
    frame = frame.with_columns(inner=pl.when(~looks_like_code & only.is_not_null()).then(only))
    frame = frame.with_columns(inner=pl.when(tells_apart(pl.col("inner")).fill_null(False)).then("inner"))
    frame = frame.with_columns(
        code=pl.when(pl.col("missing").is_null()).then(pl.coalesce(pl.when(usable).then(masked_or_lower), "inner"))
    )
    frame = frame.with_columns(passes=pl.coalesce(pl.when(pl.col("inner").is_not_null()).then(True), "passes"))
    codes = frame["code"]
    masked = codes.str.contains(r"[x*]").fill_null(False)
    invalid = (codes.is_not_null() & ~frame["passes"].fill_null(False) & ~masked).sum()
    counts = {
        "invalid_code": int(invalid),
        "masked_code": int(masked.sum()),
        "identity_card": int(frame["person"].fill_null(False).sum()),
    }
    return codes, why_not(codes, cells), counts
