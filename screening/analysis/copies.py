"""Companies of a run as copies, each with some facts at other values, judged by the very statements of the run.

Everything else about a copy stands as the run found it; a fact that rests on others alone is worked out again, so that it follows.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.catalog import PROVENANCE
from screening.engine.compile.facts import STORED, derived_statement
from screening.engine.compile.given import ENDS, GIVEN, SUPPOSED
from screening.engine.files import DIALECT, static_sql
from screening.engine.inputs import COMPANY, MAIN, STEPS_READ, inputs_of
from screening.engine.pipeline import judging
from screening.engine.session import session
from screening.engine.steps import KIND as SQL
from screening.engine.supposed import fact_kind
from screening.engine.tables import clean_view
from screening.expression_sql.needed import needed
from screening.expression_sql.pieces import column, relation, text
from screening.identifier import file_named
from screening.rulebook.program import Key
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.analysis.rundata import RunData
    from screening.engine.session import Session

MEMORY = "2GB"
STANDING = ("out_of_scope", "rejected", "insufficient_data", "direction_open", "review", "ranked", "shortlisted")
"""Outcomes, the lowest first."""
_TAKEN = ("profile", "place")
"""Relations of the run that a copy takes over as they are."""

Values = tuple[tuple[str, Any], ...]
"""Facts at other values, by id."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a copy comes to stand. `level` compares outcomes, then tiers; `near` tells of equal ones which is nearer to a higher one: by the
    place of the gate that decides, then by the score. Higher is better.
    """

    outcome: str
    tier: str | None
    score: Decimal | None
    level: tuple[int, int]
    near: tuple[int, Decimal]


@contextmanager
def copies_of(run: RunData, company_ids: Sequence[str]) -> Iterator[Copies]:
    """Make those of some companies that were judged ready to be judged at other values of their facts."""
    judged = {r["company_id"] for r in run.select(rows_of("verdict", company_ids))}
    ids = [c for c in company_ids if c in judged]
    # Rules are wide and copies few: planning costs more than running.
    with (
        tempfile.TemporaryDirectory(prefix="screen-copies-") as folder,
        session(Path(folder), threads=2, memory_limit=MEMORY, small=True) as running,
    ):
        yield Copies(run, ids, running)


class Copies:
    """Some judged companies of a run, ready to be judged at other values of their facts; `ids` is their order."""

    def __init__(self, run: RunData, ids: list[str], running: Session) -> None:
        self.run, self.pack, self.parsed, self.program = run, run.pack, run.parsed, run.parsed.program
        self.ids, self.running = ids, running
        self.facts = self._typed(self._frame("facts"))
        self.columns = frozenset(self.facts.columns)
        self.derived = {f for f in self.pack.facts if f in self.columns and self._is_derived(f)}
        self.moving = {f: {d for d in self.derived - {f} if f in self.program.bases(d)} for f in self.pack.facts}
        self.labels, self.gates = list(self.pack.verdict.tier_labels()), list(self.pack.gates)
        self.judging, self.fact_text, read = self._statements()
        given = [n for d in self.derived for n in self._ends(d)]
        self.used = self.facts.select(c for c in self.facts.columns if c == COMPANY or c in read or c in given)
        self.beside = {name: self._frame(name) for name in _TAKEN} | {MAIN: self._companies(read)}
        self.beside = {name: frame.select(c for c in frame.columns if c in read) for name, frame in self.beside.items()}

    def _statements(self) -> tuple[str, str, frozenset[str]]:
        """The statement that judges copies, the one that works their facts out, and the columns that either reads."""
        own = [name for d in self.derived for name in self._ends(d)]
        stored = [c for c in self.facts.columns if c != COMPANY and c not in own]
        inputs = inputs_of(self.run.manifest)
        parts = judging(self.parsed, inputs, derived_statement(self.parsed, inputs, self.derived, stored))
        worked_out = exp.select(*map(column, (COMPANY, *sorted(self.derived)))).from_(relation("facts")).sql(DIALECT)

        def made() -> bytes:
            judged, read = needed(parts, static_sql("stands"), COMPANY)
            facts, also = needed({"facts": parts["facts"]}, worked_out, COMPANY)
            return json.dumps([judged, facts, sorted(read | also)], ensure_ascii=False).encode()

        judged, facts, read = json.loads(once(SQL, ["copies", static_sql("stands"), worked_out, parts], made))
        return judged, facts, frozenset(read)

    def _companies(self, read: frozenset[str]) -> pl.DataFrame:
        """The clean rows with their declared columns, as the steps of a run read them, where a rule reads any; the other tables have no rows here."""
        if not read & ({*self.pack.tables[MAIN].columns, *PROVENANCE, *dict(STEPS_READ)} - {COMPANY}):
            return pl.DataFrame({COMPANY: self.ids}, schema={COMPANY: pl.String})
        path = file_named(self.run.folder / "tables", MAIN, ".parquet")
        own = file_named(self.running.work, MAIN, ".parquet")
        self._in_order(pl.scan_parquet(path, glob=False).filter(pl.col(COMPANY).is_in(self.ids))).write_parquet(own)
        clean_view(self.running, MAIN, self.pack.tables[MAIN], own)
        found = pl.DataFrame(ArrowView(self.running.connection.table(MAIN)))
        self.running.drop(MAIN, "VIEW")
        return self._in_order(found.lazy())

    def _frame(self, name: str) -> pl.DataFrame:
        sql = rows_of(name, self.ids).sql(DIALECT)
        return self._in_order(pl.LazyFrame(pl.DataFrame(ArrowView(self.run.connection.sql(sql)))))

    def _typed(self, facts: pl.DataFrame) -> pl.DataFrame:
        """A fact that nobody has is stored without a type; the database takes no such column back."""
        kinds = {
            f"{fact_id}{end}": pl.String if end == ".reason" else fact_kind(fact)
            for fact_id, fact in self.pack.facts.items()
            for end in ENDS
        }
        return facts.cast({c: kinds.get(c, pl.String) for c, kind in facts.schema.items() if kind == pl.Null})

    def _in_order(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """One row per company, in the order of `ids`."""
        order = pl.LazyFrame({"company_id": self.ids}, schema={"company_id": pl.String})
        return order.join(frame, on="company_id", how="left", maintain_order="left").collect()

    def _ends(self, fact_id: str) -> list[str]:
        return [n for n in (f"{fact_id}{end}" for end in ENDS) if n in self.columns]

    def _is_derived(self, fact_id: str) -> bool:
        rule = self.program.rules[Key("fact", fact_id)]
        alone = not self.pack.facts[fact_id].table and all(c.startswith(f"{MAIN}.") for c in rule.columns)
        return alone and any(key.kind == "fact" for key in rule.reads)

    def stands(self, asked: Sequence[tuple[int, Values]]) -> list[Stand]:
        """Return where each setting of a company (by its place in `ids`) puts it: one statement over as many copies."""
        names = self._put(asked)
        told = {row[0]: row[1:] for row in self.running.connection.execute(self.judging).fetchall()} if asked else {}
        return [self._stand(*told[name]) for name in names]

    def facts_at(self, asked: Sequence[tuple[int, Values]]) -> list[dict[str, Any]]:
        """Return all facts of each setting, with what rests on those that it changes."""
        names = self._put(asked)
        frame = pl.DataFrame(ArrowView(self.running.connection.sql(self.fact_text))) if asked else pl.DataFrame()
        found = {row["company_id"]: row for row in frame.iter_rows(named=True)}
        return [found[name] for name in names]

    def _put(self, asked: Sequence[tuple[int, Values]]) -> list[str]:
        """Let each setting stand as a company of its own, with its facts; return their ids."""
        names = pl.Series("company_id", [f"s{number:07}" for number in range(len(asked))])
        own = pl.Series("own", [o for o, _ in asked], dtype=pl.UInt32)
        facts = self._changed(self.used[own].with_columns(names), [values for _, values in asked])
        frames = {name: frame[own].with_columns(names) for name, frame in self.beside.items()}
        frames |= {STORED: facts, SUPPOSED: self._given(facts, [values for _, values in asked])}
        for name, frame in frames.items() if asked else ():
            self.running.drop(name)
            self.running.frame(name, frame)
        return names.to_list()

    def _changed(self, facts: pl.DataFrame, settings: Sequence[Values]) -> pl.DataFrame:
        """The facts of the copies, with those that a setting has at another value."""
        changed: dict[str, tuple[list[int], list[Any]]] = {}
        for row, values in enumerate(settings):
            for fact_id, value in values:
                at, put = changed.setdefault(fact_id, ([], []))
                at.append(row)
                put.append(value)
        columns, kinds = [], facts.schema
        for fact_id, (at, put) in changed.items():
            ends: dict[pl.DataType, pl.Series] = {}
            for name in (n for n in self._ends(fact_id) if n in kinds):
                kind = kinds[name]
                if name.endswith(".reason"):
                    columns.append(facts[name].scatter(at, None))
                    continue
                if kind not in ends:
                    ends[kind] = pl.Series([_as(v, kind) for v in put], dtype=kind)
                columns.append(facts[name].scatter(at, ends[kind]))
        return facts.with_columns(columns)

    def _given(self, facts: pl.DataFrame, settings: Sequence[Values]) -> pl.DataFrame:
        """The facts worked out from others as they stand, each given but where a setting changes what it rests on and not itself."""
        columns = [facts["company_id"]]
        for fact_id in self.derived:
            told = [all(fact_id not in self.moving[f] for f, _ in vs) or fact_id in dict(vs) for vs in settings]
            columns.append(pl.Series(f"{GIVEN}{fact_id}?", told, dtype=pl.Boolean))
            columns += [facts[n].alias(f"{GIVEN}{n}") for n in self._ends(fact_id)]
        return pl.DataFrame(columns)

    def _stand(self, outcome: str, tier: str | None, score: Decimal | None, reason: str | None) -> Stand:
        rank = -self.labels.index(tier) if tier in self.labels else -len(self.labels)
        gate = self.gates.index(reason) if reason in self.gates else len(self.gates)
        return Stand(outcome, tier, score, (STANDING.index(outcome), rank), (gate, score or Decimal(0)))


def rows_of(name: str, company_ids: Sequence[str]) -> exp.Select:
    """Return the query for the rows of some companies in a relation."""
    wanted = exp.In(this=column("company_id"), expressions=[text(c) for c in company_ids])
    return exp.select(exp.Star()).from_(relation(name)).where(wanted)


def _as(value: Any, kind: pl.DataType) -> Any:
    return int(value) if isinstance(value, Decimal) and kind.is_integer() else value
