"""Which measures of the plan are worth a look: for one company, and for anybody at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.measures import LADDER
from screening.expression_sql.pieces import column, equals, relation, text

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData

_STATE = ".state"


def _is_measure(name: str) -> bool:
    """The rungs of the ladder stand beside the measures."""
    return name.endswith(_STATE) and not name.startswith(f"{LADDER}.")


def measures_held(run: RunData) -> dict[str, tuple[str, ...]]:
    """Return for each judged company the measures whose condition surely holds; those without a condition are left out."""
    return {
        str(row["company_id"]): tuple(n.removesuffix(_STATE) for n, s in row.items() if _is_measure(n) and s == "met")
        for row in run.all("measures")
    }


def measures_reached(run: RunData) -> frozenset[str]:
    """Return the measures whose condition surely holds for at least one company."""
    names = [c for c in run.connection.table("measures").columns if _is_measure(c)]
    if not names:
        return frozenset()
    reached = exp.select(
        *[
            exp.alias_(
                exp.Anonymous(this="bool_or", expressions=[equals(column(name), text("met"))]),
                exp.to_identifier(name, quoted=True),
            )
            for name in names
        ]
    ).from_(relation("measures"))
    return frozenset(name.removesuffix(_STATE) for name, holds in run.select(reached)[0].items() if holds)
