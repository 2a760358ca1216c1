"""What a case supposes: classes, patents and facts put in the place of those that the engine would find itself.

Only the tests of rules use it. The steps are the engine's own; a supposed fact is read by every later fact and rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.expression_sql.decimals import fact_form

if TYPE_CHECKING:
    from screening.rulebook.model import Fact

_NUMERIC = ("decimal", "integer")


@dataclass(frozen=True, slots=True)
class Supposed:
    """Rows that replace what would be found.

    `classes`: company_id, domain_id, direction_id, second_domain_id, second_direction_id, fit_grade. `patents`: company_id,
    patent_no, in_direction. `facts`: company_id and, per fact of `fact_ids`, `given.<fact>?` (TRUE where it is given),
    `given.<fact>`, `.low`, `.high` (numbers and dates), `.reason`.
    """

    classes: pl.DataFrame
    patents: pl.DataFrame
    facts: pl.DataFrame
    fact_ids: tuple[str, ...]


def fact_kind(fact: Fact) -> Any:
    """Return the type of a fact's columns in a frame: as the facts step makes them."""
    if fact.type in _NUMERIC:
        form = fact_form(fact.type, fact.unit)
        return pl.Decimal(form.whole + form.scale, form.scale)
    return {"boolean": pl.Boolean, "date": pl.Date}.get(fact.type, pl.String)
