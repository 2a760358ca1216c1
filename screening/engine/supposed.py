"""What a case supposes: classes, patents and facts put in the place of those that the engine would find itself.

Only the tests of rules use it. The steps are the engine's own; a supposed fact is read by every later fact and rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.engine.compile.children import COMPANY_FACTS
from screening.expression_sql.decimals import fact_form
from screening.expression_sql.pieces import case, column, relation

if TYPE_CHECKING:
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

PLACES_TAKEN = ("profile", "classification", "patents_judged")
"""Relations whose rows a case can suppose; `sql/suppose/` puts them in."""

GIVEN = "given."
ENDS = ("", ".low", ".high", ".reason")
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


def has_ends(fact: Fact) -> bool:
    """Tell whether a fact has the columns `.low` and `.high`."""
    return fact.type in (*_NUMERIC, "date")


def fact_kind(fact: Fact) -> Any:
    """Return the type of a fact's columns in a frame: as the facts step makes them."""
    if fact.type in _NUMERIC:
        form = fact_form(fact.type, fact.unit)
        return pl.Decimal(form.whole + form.scale, form.scale)
    return {"boolean": pl.Boolean, "date": pl.Date}.get(fact.type, pl.String)


def with_given(statement: exp.Select, parsed: ParsedPack, fact_ids: tuple[str, ...]) -> exp.Select:
    """Return the facts statement with each public column of a given fact taken from `supposed_facts` where it is given there."""
    targets = {f"{fact_id}{end}": fact_id for fact_id in fact_ids for end in ENDS}
    for cte in statement.ctes:
        if cte.alias == COMPANY_FACTS:
            with_given(cte.this, parsed, fact_ids)
        elif cte.alias == "source":
            _join_given(cte.this, parsed, fact_ids)
        elif cte.alias.startswith("layer_"):
            for alias in cte.this.expressions:
                fact_id = targets.get(alias.alias) if isinstance(alias, exp.Alias) else None
                if fact_id is not None:
                    given = column(f"{GIVEN}{alias.alias}")
                    alias.set("this", case([(column(f"{GIVEN}{fact_id}?"), given)], alias.this))
    return statement


def _join_given(source: exp.Select, parsed: ParsedPack, fact_ids: tuple[str, ...]) -> None:
    for fact_id in fact_ids:
        source.append("expressions", column(f"{GIVEN}{fact_id}?", "supposed_facts"))
        for end in ENDS:
            if end in ("", ".reason") or has_ends(parsed.pack.facts[fact_id]):
                source.append("expressions", column(f"{GIVEN}{fact_id}{end}", "supposed_facts"))
    source.join(relation("supposed_facts"), using=[exp.to_identifier("company_id")], join_type="left", copy=False)
