"""Relations that stand in one session while rules are edited: each is made again only when its text or what it reads is new.

What it replaces stays beside it under another name until the next edit, so that both can be compared.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from screening.arrow import ArrowView
from screening.engine.alike import create
from screening.engine.files import static_sql
from screening.engine.kept import CLASSES, Kept
from screening.engine.pipeline import classified, start
from screening.engine.reclassify import reclassified
from screening.engine.steps import STEPS, Step, step
from screening.engine.tables import plan_rows
from screening.store import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.engine.inputs import Inputs
    from screening.engine.session import Session
    from screening.rulebook.scope import ParsedPack

WATCHED = tuple(name for name in STEPS if name not in ("measures", "fact_sources", "rules"))
"""Steps that the ranking and its reasons rest on."""

_PATENTS = "patents_judged"


class Standing:
    """The relations of one dataset under one pack, as it is edited."""

    def __init__(self, session: Session, parsed: ParsedPack, inputs: Inputs, tables: Mapping[str, Path]) -> None:
        self.session, self.inputs, self.tables = session, inputs, tables
        self.declared = _declared(parsed)
        # A folder of its own: what an earlier state took lies in the folder of that, and is still read.
        self.place = Path(tempfile.mkdtemp(dir=session.work))
        start(session, parsed, tables)
        kept = self._identities(parsed, None)
        self.views: set[str] = set()
        if kept.take(session, CLASSES):
            self.views |= set(CLASSES)
        else:
            if not reclassified(session, kept, parsed):
                classified(session, parsed, ())
            kept.keep(session, CLASSES)
        if _PATENTS in kept.identities:
            session.create(_PATENTS, static_sql(_PATENTS))
        for name in WATCHED:
            each = step(parsed, inputs, name)
            kept.step(each)
            if kept.take(session, [name]):
                self.views.add(name)
            else:
                create(session, each)
        self.made = dict(kept.identities)
        self.replaced: set[str] = set()

    def again(self, parsed: ParsedPack) -> bool:
        """Make what an edit of the rules reaches again; False, and nothing done, where texts or tables must be read anew."""
        if _declared(parsed) != self.declared:
            return False
        kept = self._identities(parsed, self.made)
        if any(kept.identities.get(name) != self.made.get(name) for name in CLASSES):
            return False
        for name in self.replaced:
            self.session.rows(f'DROP TABLE IF EXISTS "before {name}"')
        self.replaced.clear()
        for name in WATCHED:
            each = step(parsed, self.inputs, name)
            kept.step(each)
            if kept.identities.get(name) == self.made.get(name) and name in self.made:
                continue
            if name in self.views:
                self.session.rows(f'CREATE TABLE "before {name}" AS FROM "{name}"')
                self.session.rows(f'DROP VIEW "{name}"')
                self.views.discard(name)
            else:
                self.session.rows(f'ALTER TABLE "{name}" RENAME TO "before {name}"')
            self.replaced.add(name)
            create(self.session, each)
            self.made[name] = kept.identities.get(name, "")
        return True

    def rows(self, name: str, company_ids: Sequence[str], *, before: bool = False) -> pl.DataFrame:
        """Return the rows of some companies, as they stand or as they stood before the last edit."""
        self.session.rows("DROP TABLE IF EXISTS asked")
        self.session.frame("asked", pl.DataFrame({"company_id": company_ids}, schema={"company_id": pl.String}))
        named = f"before {name}" if before and name in self.replaced else name
        found = self.session.connection.table(f'"{named}"').join(
            self.session.connection.table("asked"), "company_id", how="semi"
        )
        return pl.DataFrame(ArrowView(found))

    def _identities(self, parsed: ParsedPack, known: Mapping[str, str] | None) -> Kept:
        kept = Kept(store(), self.place / "result", self.place / "aside")
        if known is None:
            kept.tables(self.tables)
        else:
            kept.identities |= {name: known[name] for name in self.tables}
        kept.lookups(plan_rows(parsed))
        if parsed.pack.domains:
            kept.classes(parsed, ())
        else:
            kept.without_classes()
        if "patents" in parsed.pack.tables:
            kept.step(Step(_PATENTS, "company", ("patents", "patent_directions"), static_sql(_PATENTS)))
        return kept


def _declared(parsed: ParsedPack) -> object:
    """What of a pack stands beside the relations: its tables and what the plan says of places."""
    return parsed.pack.tables, plan_rows(parsed), parsed.as_of
