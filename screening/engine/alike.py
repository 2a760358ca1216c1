"""A step over many companies: those that are alike in all it reads are judged once, and where memory ends it goes part by part.

A registry without accounts has a hundred kinds of companies among sixty thousand: what the rules cannot tell apart need not be worked
out sixty thousand times. A million companies with all their tables need more than a run may take for one statement: the same statement
over stretches of ids, one after the other, needs no more than it has. The relation is the same, row for row.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

from screening.engine.files import DIALECT
from screening.engine.inputs import MAIN
from screening.errors import RunError
from screening.expression_sql.pieces import column, relation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screening.engine.session import Session
    from screening.engine.steps import Step

KEY = "company_id"
FEWEST = 3_000
"""Companies below which planning further statements costs more than it can save."""
WIDE = 100_000
"""Characters of a statement from which a row is dear enough to look for those that are alike."""

LOOKED_AT = 4_096
_SOURCE, _KINDS, _JUDGED = "what is read", "kinds of companies", "judged once"


def create(session: Session, step: Step) -> None:
    """Run a step and keep its relation as a table: over all companies at once, else over stretches of them."""
    if step.grain == "company":
        within_memory(session, lambda: _whole(session, step), lambda parts: _in_parts(session, step, parts))
    else:
        _whole(session, step)


def within_memory(
    session: Session, at_once: Callable[[], None], in_parts: Callable[[Sequence[exp.Expr]], None]
) -> None:
    """Do something for all companies at once; where memory ends, for twice as many stretches of ids, in their order, until it does not.

    A stretch is a condition on the id. Raises RunError when the stretches are few companies and memory still ends.
    """
    try:
        at_once()
        return
    except RunError as error:
        if not _out_of_memory(error):
            raise
    [(companies,)] = session.rows(exp.select(exp.Count(this=exp.Star())).from_(relation(MAIN)).sql(DIALECT))
    parts = 2
    while True:
        try:
            in_parts(_stretches(session, parts))
            return
        except RunError as error:
            if not _out_of_memory(error) or companies < FEWEST * parts:
                raise
        parts *= 2


def _out_of_memory(error: RunError) -> bool:
    return isinstance(error.__cause__, duckdb.OutOfMemoryException)


def _stretches(session: Session, parts: int) -> list[exp.Expr]:
    """Return conditions that each hold for about as many companies as the others, in the order of ids."""
    shares = exp.Array(expressions=[exp.Literal.number(f"{n / parts:.6f}") for n in range(1, parts)])
    cut = exp.Anonymous(this="quantile_disc", expressions=[column(KEY), shares])
    [(cuts,)] = session.rows(exp.select(cut).from_(relation(MAIN)).sql(DIALECT))
    return [
        exp.and_(
            *([column(KEY) >= exp.Literal.string(low)] if low is not None else []),
            *([column(KEY) < exp.Literal.string(high)] if high is not None else []),
        )
        for low, high in itertools.pairwise((None, *cuts, None))
    ]


def _in_parts(session: Session, step: Step, stretches: Sequence[exp.Expr]) -> None:
    for name in (step.name, _JUDGED, _KINDS):
        session.drop(name)
    divided = [name for name in step.reads if any(c == KEY for c, _ in session.columns(name))]
    for number, stretch in enumerate(stretches):
        with session.narrowed(divided, stretch):
            (session.append if number else session.create)(step.name, step.sql)


def _whole(session: Session, step: Step) -> None:
    if not step.source or step.grain != "company" or len(step.sql) < WIDE:
        session.create(step.name, step.sql)
        return
    session.create_view(_SOURCE, step.source)
    told = [column(name) for name, _ in session.columns(_SOURCE) if name != KEY]
    if not _worthwhile(session, told):
        session.create(step.name, step.sql)
        return
    members = exp.alias_(exp.Anonymous(this="list", expressions=[column(KEY)]), "members", quoted=True)
    one = exp.alias_(exp.Min(this=column(KEY)), KEY, quoted=True)
    session.create(_KINDS, exp.select(one, members).from_(relation(_SOURCE)).group_by(*told))
    ones = exp.select(column(KEY)).from_(relation(_KINDS))
    with session.narrowed([step.over], exp.In(this=column(KEY), query=ones.subquery())):
        session.create(_JUDGED, step.sql)
    session.create(step.name, _given_to_each(session))
    for name in (_JUDGED, _KINDS):
        session.drop(name)


def _worthwhile(session: Session, told: list[exp.Column]) -> bool:
    """Tell whether the companies are many and most of some are alike."""
    [(count,)] = session.rows(exp.select(exp.Count(this=exp.Star())).from_(relation(_SOURCE)).sql(DIALECT))
    if count < FEWEST:
        return False
    some = exp.select(*told).from_(relation(_SOURCE)).limit(LOOKED_AT).subquery("some")
    kinds = exp.select(*told).distinct().from_(some).subquery("kinds")
    [(different,)] = session.rows(exp.select(exp.Count(this=exp.Star())).from_(kinds).sql(DIALECT))
    return bool(different < LOOKED_AT // 2)


def _given_to_each(session: Session) -> exp.Select:
    others = [column(name, _JUDGED) for name, _ in session.columns(_JUDGED) if name != KEY]
    member = exp.alias_(exp.Anonymous(this="unnest", expressions=[column("members")]), "member", quoted=True)
    each = exp.select(member, column(KEY)).from_(relation(_KINDS)).subquery("each")
    mine = exp.alias_(column("member", "each"), KEY, quoted=True)
    same = exp.EQ(this=column(KEY, "each"), expression=column(KEY, _JUDGED))
    return exp.select(mine, *others).from_(each).join(relation(_JUDGED), on=same)
