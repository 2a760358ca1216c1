"""Companies that are alike in all that a step reads are judged once, and the judgement is given to each of them.

A registry without accounts has a hundred kinds of companies among sixty thousand: what the rules cannot tell apart need not be worked
out sixty thousand times. The relation is the same, row for row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.files import DIALECT
from screening.expression_sql.pieces import column, relation

if TYPE_CHECKING:
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
    """Run a step and keep its relation as a table."""
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
    session.shadow(step.over, _few(step.over))
    session.create(_JUDGED, step.sql)
    session.unshadow(step.over)
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


def _few(name: str) -> exp.Select:
    """Return the rows of a relation that belong to the one company of each kind."""
    # By its whole name, or the stand-in would stand on itself.
    place = {"db": exp.to_identifier("main"), "catalog": exp.to_identifier("memory")}
    whole = exp.Table(this=exp.to_identifier(name, quoted=True), **place)
    ones = exp.select(column(KEY)).from_(relation(_KINDS))
    return exp.select("*").from_(whole).where(exp.In(this=column(KEY), query=ones.subquery()))


def _given_to_each(session: Session) -> exp.Select:
    others = [column(name, _JUDGED) for name, _ in session.columns(_JUDGED) if name != KEY]
    member = exp.alias_(exp.Anonymous(this="unnest", expressions=[column("members")]), "member", quoted=True)
    each = exp.select(member, column(KEY)).from_(relation(_KINDS)).subquery("each")
    mine = exp.alias_(column("member", "each"), KEY, quoted=True)
    same = exp.EQ(this=column(KEY, "each"), expression=column(KEY, _JUDGED))
    return exp.select(mine, *others).from_(each).join(relation(_JUDGED), on=same)
