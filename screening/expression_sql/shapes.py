"""What an expression yields once it is SQL, and what names stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from screening.expression_sql.decimals import settled

if TYPE_CHECKING:
    from sqlglot import exp

    from screening.expression_sql.decimals import Form


@dataclass(frozen=True, slots=True)
class Band:
    """A number or a date (DATE) between two ends, both included. Neither end is ever NULL.

    A number is DECIMAL, or a DOUBLE that must be settled before it meets a bound: `form` says which.
    """

    low: exp.Expr
    high: exp.Expr
    form: Form

    def settled(self) -> Band:
        """Return the band in decimals (dates as they are): what may be compared, rounded down and kept."""
        (low, form), (high, _) = settled(self.low, self.form), settled(self.high, self.form)
        return Band(low, high, form)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a condition can be. Both columns are BOOLEAN, never NULL, and at least one is TRUE; both TRUE means unknown."""

    can_be_true: exp.Expr
    can_be_false: exp.Expr


@dataclass(frozen=True, slots=True)
class Choice:
    """A text (VARCHAR), NULL when unknown; then it is one of `values`, or any text when there are none."""

    value: exp.Expr
    values: tuple[str, ...] = ()


Shape = Band | Truth | Choice


class Columns(Protocol):
    """What names stand for in the relation an expression reads."""

    def band(self, name: str) -> Band:
        """Return the ends of a number or a date."""

    def truth(self, name: str) -> Truth:
        """Return what a boolean can be."""

    def choice(self, name: str) -> Choice:
        """Return a text or category."""

    def idle(self, name: str) -> exp.Expr | None:
        """Return the condition under which a name does not apply and plays no part; None where it always applies."""

    def hoist(self, expression: exp.Expr, hint: str) -> exp.Expr:
        """Keep `expression` as a column of an earlier layer and return a reference to it."""

    def catalogue(self, id: str) -> tuple[tuple[str, ...], str]:
        """Return the values of a catalogue and `exact` or `prefix`."""
