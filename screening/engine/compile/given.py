"""The facts step with what cases suppose in it: a supposed fact is read by every later fact and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.children import COMPANY_FACTS
from screening.expression_sql.pieces import case, column, relation

if TYPE_CHECKING:
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

GIVEN = "given."
SUPPOSED = "supposed_facts"
"""Relation of the facts given."""
ENDS = ("", ".low", ".high", ".reason")


def has_ends(fact: Fact) -> bool:
    """Tell whether a fact has the columns `.low` and `.high`."""
    return fact.type in ("decimal", "integer", "date")


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
        source.append("expressions", column(f"{GIVEN}{fact_id}?", SUPPOSED))
        for end in ENDS:
            if end in ("", ".reason") or has_ends(parsed.pack.facts[fact_id]):
                source.append("expressions", column(f"{GIVEN}{fact_id}{end}", SUPPOSED))
    source.join(relation(SUPPOSED), using=[exp.to_identifier("company_id")], join_type="left", copy=False)
