"""The number model: exact decimals wherever they fit, and one rounding where a division forces binary.

- A number of a table, a rule or a fact is DECIMAL. Sums, differences and products of decimals are decimals of a known scale, as
  long as 38 digits hold them; comparing, rounding down and adding up such numbers is exact.
- A quotient, and a product that does not fit, is DOUBLE. It never meets a bound as it is: it is `settled` first, rounded once to
  `DIGITS` significant digits (and no finer than `SETTLED.scale` decimals), and from there on a decimal again. Binary noise is
  some 1e-16 of a number, so a quotient that is exactly at a bound in the reader's arithmetic is at the bound here too.
- A sum or difference with a DOUBLE in it is rounded to `DIGITS` digits of its larger part: 1.015 - 1 is 0.015.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from screening.catalog import DECIMAL
from screening.expression_sql.nodes import cast, own

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGITS = 14
"""Significant digits that a settled number keeps: one yuan in 10^13."""
MOST = 38
"""Digits of the widest DECIMAL."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A DECIMAL: how many digits stand before and after the point at most."""

    whole: int
    scale: int

    @property
    def sql_type(self) -> str:
        """The type that holds it."""
        return f"DECIMAL({self.whole + self.scale}, {self.scale})"

    @property
    def fits(self) -> bool:
        """Whether a DECIMAL can hold it."""
        return self.whole + self.scale <= MOST


Form = Exact | Literal["binary", "day"]
"""What stands for a number: a decimal, a DOUBLE that is not settled yet; `day` for dates."""

COLUMN = Exact(DECIMAL[0] - DECIMAL[1], DECIMAL[1])
"""A number of a table."""
WHOLE = Exact(19, 0)
"""A whole number of a table: BIGINT."""
ELAPSED = Exact(9, 0)
"""Years, months, days between two dates; a year."""
SETTLED = Exact(18, 16)
"""A quotient after its one rounding; and every numeric fact that is not an amount."""
SHOWN = Exact(7, 2)
"""Points of the contract, DECIMAL(9, 2)."""
SHARE = Exact(1, 4)
"""Coverage, DECIMAL(5, 4)."""
HELD = 16
"""Digits before the point of a number within ±LIMIT."""


def fact_form(type_: str, unit: str) -> Exact:
    """Return the form of a numeric fact: amounts and whole numbers keep the decimals of a table, all else those of a quotient."""
    return COLUMN if unit == "cny" or type_ == "integer" else SETTLED


def decimal_of(value: float) -> Decimal:
    """Return the decimal that was written: the shortest that reads back as `value`."""
    return Decimal(repr(float(value)))


def digits(value: Decimal) -> str:
    """Return a decimal without exponent and without zeros behind."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def written(value: Decimal) -> exp.Expr:
    """Return a decimal literal of exactly its own digits: `12.` is DECIMAL(2, 0), where 12 would count as ten digits.

    DuckDB gives up decimals where a choice or comparison between two types would need more than 38 digits, so every literal,
    like every column, must be of the type that its form says.
    """
    text = digits(abs(value))
    literal = exp.Literal.number(text if "." in text else f"{text}.")
    return exp.Neg(this=literal) if value < 0 else literal


def form_of(value: float) -> Exact:
    """Return the form of a written number."""
    whole, _, decimals = digits(abs(decimal_of(value))).partition(".")
    return Exact(len(whole), len(decimals))


def common(forms: Sequence[Form]) -> Form:
    """Return the form that holds all of `forms`: binary where one is, or where 38 digits do not do."""
    exact = [form for form in forms if isinstance(form, Exact)]
    if len(exact) < len(forms):
        return "day" if "day" in forms else "binary"
    joined = Exact(max(form.whole for form in exact), max(form.scale for form in exact))
    return joined if joined.fits else "binary"


def sum_form(left: Form, right: Form) -> Form:
    """Return the form of a sum or difference."""
    joined = common((left, right))
    if not isinstance(joined, Exact):
        return joined
    wider = Exact(joined.whole + 1, joined.scale)
    return wider if wider.fits else "binary"


def product_form(left: Form, right: Form) -> Form:
    """Return the form of a product."""
    if not isinstance(left, Exact) or not isinstance(right, Exact):
        return "binary"
    joined = Exact(left.whole + right.whole, left.scale + right.scale)
    return joined if joined.fits else "binary"


def rounded_form(form: Form, digits_: Sequence[object]) -> Form:
    """Return the form of a number rounded to written digits; none is a whole number."""
    if not isinstance(form, Exact):
        return form
    places = max(int(digits_[0]), 0) if digits_ and isinstance(digits_[0], float) else 0
    return Exact(form.whole + 1, places) if places < form.scale else form


def reciprocal(value: float) -> float | None:
    """Return 1 / value where it is a short decimal, else None: dividing by 10,000 is multiplying by 0.0001."""
    if value == 0:
        return None
    inverse = 1 / Fraction(decimal_of(value))
    rest = inverse.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    written = float(inverse)
    return written if Fraction(decimal_of(written)) == inverse and form_of(written).scale <= DIGITS else None


def double(expression: exp.Expr) -> exp.Expr:
    """Return `expression` as DOUBLE."""
    return cast(expression, "DOUBLE")


def as_decimal(expression: exp.Expr, form: Exact) -> exp.Expr:
    """Return `expression` as the DECIMAL of a form; what goes beyond its scale is rounded half away from zero."""
    return cast(expression, form.sql_type)


def settled(expression: exp.Expr, form: Form) -> tuple[exp.Expr, Form]:
    """Return a number that may be compared, rounded down or kept: a DOUBLE is rounded once, to DIGITS significant digits.

    Written out and read again, because DuckDB's own round works on the binary value and misses one number in twenty. NULL stays
    NULL, and so does in rows what lies beyond 10^18.
    """
    if form != "binary":
        return own(expression), form
    written = exp.Anonymous(this="printf", expressions=[exp.Literal.string(f"%.{DIGITS - 1}e"), own(expression)])
    return exp.TryCast(this=written, to=exp.DataType.build(SETTLED.sql_type, dialect="duckdb")), SETTLED


def near(sum_: exp.Expr, terms: Sequence[exp.Expr]) -> exp.Expr:
    """Return a binary sum rounded to the digits that its largest term is known to."""
    largest = exp.Greatest(
        this=exp.Abs(this=own(terms[0])),
        expressions=[*(exp.Abs(this=own(term)) for term in terms[1:]), exp.Literal.number("1e-15")],
        ignore_nulls=True,
    )
    places = exp.Sub(
        this=exp.Literal.number(DIGITS - 1),
        expression=exp.Floor(this=exp.Anonymous(this="log10", expressions=[largest])),
    )
    return exp.Round(this=own(sum_), decimals=cast(places, "INTEGER"))
