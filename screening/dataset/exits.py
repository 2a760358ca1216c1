"""What a fund still holds on the date of knowledge: of every ticket its state and the cost at stake, and where its row contradicts itself.

Where a row leaves open whether a ticket was sold, it counts as held and whole: what is at stake is never understated in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.columns import REASONS
from screening.dataset.loading import FILE
from screening.dataset.raw import ROW
from screening.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

TABLE = "holdings"
_NEEDED = frozenset(
    {"invested_on", "invested", "status", "exited_on", "exited_cost", "remaining", "state", "at_stake", "observed_on"}
)
_SHOWN = 5
_ROUNDED = 10_000
"""Books are kept in 万元: what two amounts differ by below it is rounding."""
_DOUBT = "\x00doubt"
_SAYS = {
    "exit_before_investment": ("the exit is dated before the investment", "they count as held, with the whole amount"),
    "exit_date_unreadable": ("the date of exit cannot be read", "they count as held, with the whole amount"),
    "exited_without_date": (
        "the status says exited, no date of exit is given",
        "they count as exited by the date of knowledge",
    ),
    "exited_by_later_status": (
        "the status says exited, no date is given, and the list was made after the date of knowledge",
        "they count as held, with the whole amount",
    ),
    "held_despite_exit": (
        "the status says held, a date of exit is given and no amount that remains",
        "they count as held, with the whole amount",
    ),
    "remaining_despite_exit": ("the status says exited, yet an amount remains", "what remains counts as held"),
    "nothing_left": ("the status says held, yet nothing remains", "they count as held, the amount as not known"),
    "more_than_invested": (
        "more was exited or remains than was invested; it may be proceeds or a valuation and not cost",
        "where a part was exited, what remains counts as not known",
    ),
    "sums_differ": ("what was exited and what remains do not add up to what was invested", "what remains counts"),
    "part_unknown": (
        "a part was exited, no cost of it and no amount that remains is given",
        "what remains counts as not known",
    ),
}
"""Why a row is in doubt, in the order in which one reason is told, and how it counts."""


class Exits:
    """Judges what the fund has left, some rows of the table at a time, and remembers which contradict themselves.

    `made_on`: the day of the list, where it states one. What is dated after `as_of` has been blanked before.
    """

    def __init__(self, as_of: date, made_on: date | None) -> None:
        self._as_of, self._made_on = as_of, made_on
        self._doubts: list[pl.DataFrame] = []

    def judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with `state` and `at_stake` (yuan, at cost; NULL: not known). Of a pack that does not declare the columns they stay as they are."""
        if not _NEEDED.issubset(rows.columns):
            return rows
        frame = _judged(rows, self._as_of, self._made_on)
        doubted = frame.filter(pl.col(_DOUBT).is_not_null())
        self._doubts.append(doubted.select("name", "holding_id", FILE, ROW, _DOUBT))
        return frame.drop(_DOUBT)

    def told(self) -> Iterator[Problem]:
        """Yield what the rows contradict each other in."""
        if not self._doubts:
            return
        doubts = pl.concat(self._doubts)
        for reason, (what, counts) in _SAYS.items():
            rows = doubts.filter(pl.col(_DOUBT) == reason).sort(FILE, ROW)
            if rows.height:
                listed = "; ".join(
                    f"{name or key or ''} ({file}:{row})" for name, key, file, row, _ in rows.head(_SHOWN).iter_rows()
                )
                yield Problem(
                    "data/holdings",
                    f"holdings: {what} ({rows.height:,}): {listed}",
                    remedy=f"{counts}; correct the rows if that is wrong",
                    severity="warning",
                    details=(("table", TABLE), ("count", str(rows.height))),
                )


def _judged(rows: pl.DataFrame, as_of: date, made_on: date | None) -> pl.DataFrame:
    c = pl.col
    invested, remaining, sold = c("invested"), c("remaining"), c("exited_cost")
    dated, status = c("exited_on").is_not_null(), c("status")
    gone = (status == "exited").fill_null(False) | ((status == "liquidating").fill_null(False) & dated)
    kept = status.is_in(["held", "liquidating"]).fill_null(False) & ~gone
    part_told = (status == "partly_exited").fill_null(False)
    left = (remaining > 0).fill_null(False)
    fits = (remaining <= invested).fill_null(True)
    some_sold = ((sold > 0) & (sold < invested)).fill_null(False)
    all_sold = ((sold > 0) & (sold == invested)).fill_null(False)
    before = (c("exited_on") < c("invested_on")).fill_null(False)
    unreadable = c(REASONS).str.contains("exited_on=unparsable", literal=True).fill_null(False) & status.is_null()
    day = pl.coalesce("observed_on", pl.lit(made_on, pl.Date))
    later = (gone & ~dated & (day > as_of)).fill_null(False)
    # By the amounts alone, where no status is told: the part that remains, all sold, or a date without amounts.
    by_amounts = (
        pl.when(left & (dated | (remaining < invested)))
        .then(pl.lit("partly_exited"))
        .when(left | (unreadable & ~some_sold))
        .then(pl.lit("held"))
        .when((remaining == 0) | all_sold)
        .then(pl.lit("exited"))
        .when(some_sold)
        .then(pl.lit("partly_exited"))
        .when(dated)
        .then(pl.lit("exited"))
        .when(sold > 0)
        .then(pl.lit("partly_exited"))
        .otherwise(pl.lit("held"))
    )
    state = (
        pl.when(before | later)
        .then(pl.lit("held"))
        .when((gone & left) | part_told | (kept & ((left & (remaining < invested)) | some_sold).fill_null(False)))
        .then(pl.lit("partly_exited"))
        .when(gone)
        .then(pl.lit("exited"))
        .when(kept)
        .then(status)
        .otherwise(by_amounts)
    )
    frame = rows.with_columns(state=state)
    partly, out = c("state") == "partly_exited", c("state") == "exited"
    emptied = ~out & ~before & ~later & ((remaining == 0) | (remaining.is_null() & all_sold)).fill_null(False)
    at_stake = (
        pl.when(out)
        .then(pl.lit(0))
        .when(emptied)
        .then(None)
        .when(before | later)
        .then(invested)
        .when(remaining.is_not_null() & fits)
        .then(remaining)
        .when(partly & remaining.is_null() & (sold <= invested))
        .then(invested - sold)
        .when(partly)
        .then(None)
        .otherwise(invested)
    )
    beyond = ~out & ((remaining > invested) | (sold > invested)).fill_null(False)
    differ = (~out & ((remaining + sold - invested).abs() >= _ROUNDED)).fill_null(False)
    tests = {
        "exit_before_investment": before,
        "exit_date_unreadable": unreadable,
        "exited_by_later_status": later,
        "remaining_despite_exit": gone & left,
        "exited_without_date": gone & ~dated,
        "held_despite_exit": kept & dated & ~partly,
        "nothing_left": emptied,
        "more_than_invested": beyond,
        "sums_differ": differ,
        "part_unknown": partly & remaining.is_null() & sold.is_null(),
    }
    doubt = pl.coalesce(pl.when(test).then(pl.lit(reason)) for reason, test in tests.items())
    return frame.with_columns(at_stake.cast(rows.schema["at_stake"]).alias("at_stake"), doubt.alias(_DOUBT))
