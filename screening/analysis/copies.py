"""Companies of a run as copies, each with some facts at other values, judged by the very statements of the run.

Everything else about a copy stands as the run found it; a fact that rests on others alone is worked out again, so that it follows.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.engine.compile.given import ENDS, GIVEN
from screening.engine.files import DIALECT
from screening.engine.inputs import MAIN, inputs_of
from screening.engine.pipeline import facts_again, judge, start
from screening.engine.session import session
from screening.engine.supposed import fact_kind
from screening.expression_sql.pieces import column, relation, text
from screening.identifier import file_named
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    """Where a copy comes to stand. `level` compares outcomes, then tiers; higher is better."""

    outcome: str
    tier: str | None
    score: Decimal | None
    level: tuple[int, int]


class Copies:
    """Some judged companies of a run, ready to be judged at other values of their facts; `ids` is their order."""

    def __init__(self, run: RunData, company_ids: Sequence[str]) -> None:
        self.run, self.pack, self.parsed, self.program = run, run.pack, run.parsed, run.parsed.program
        judged = {r["company_id"] for r in run.select(rows_of("verdict", company_ids))}
        self.ids = [c for c in company_ids if c in judged]
        self.facts = self._typed(self._frame("facts"))
        self.beside = {name: self._frame(name) for name in _TAKEN}
        path = file_named(run.folder / "tables", MAIN, ".parquet")
        self.companies = self._in_order(pl.scan_parquet(path, glob=False).filter(pl.col("company_id").is_in(self.ids)))
        self.labels = list(self.pack.verdict.tier_labels())
        self.derived = {f for f in self.pack.facts if f in self.facts.columns and self._is_derived(f)}
        self.moving = {f: {d for d in self.derived - {f} if f in self.program.bases(d)} for f in self.pack.facts}

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

    def _is_derived(self, fact_id: str) -> bool:
        rule = self.program.rules[Key("fact", fact_id)]
        return any(key.kind == "fact" for key in rule.reads) and all(c.startswith(f"{MAIN}.") for c in rule.columns)

    def stands(self, asked: Sequence[tuple[int, Values]]) -> list[Stand]:
        """Return where each setting of a company (by its place in `ids`) puts it: one walk of the engine over as many copies."""
        if not asked:
            return []
        with self._made(asked) as (running, names):
            judge(running, self.parsed, inputs_of(self.run.manifest))
            told = {r["company_id"]: r for r in running.table_rows("verdict")}
            scores = dict(running.rows("SELECT company_id, score FROM criteria"))
        return [self._stand(told[name], scores.get(name)) for name in names]

    def facts_at(self, asked: Sequence[tuple[int, Values]]) -> list[dict[str, Any]]:
        """Return all facts of each setting, with what rests on those that it changes."""
        if not asked:
            return []
        with self._made(asked) as (running, names):
            found = {r["company_id"]: r for r in running.table_rows("facts")}
        return [found[name] for name in names]

    @contextmanager
    def _made(self, asked: Sequence[tuple[int, Values]]) -> Iterator[tuple[Session, list[str]]]:
        """A session in which each setting stands as a company of its own, with its facts; and their ids."""
        names = pl.Series("company_id", [f"s{number:07}" for number in range(len(asked))])
        own = pl.Series("own", [o for o, _ in asked], dtype=pl.UInt32)

        def copies(frame: pl.DataFrame) -> pl.DataFrame:
            return frame[own].with_columns(names)

        facts = self._changed(copies(self.facts), [values for _, values in asked])
        again = [i for i, (_, vs) in enumerate(asked) if any(self.moving[f] - dict(vs).keys() for f, _ in vs)]
        with tempfile.TemporaryDirectory(prefix="screen-copies-") as folder:
            path = file_named(Path(folder), MAIN, ".parquet")
            copies(self.companies).write_parquet(path)
            # Rules are wide and copies few: planning costs more than running.
            with session(Path(folder), threads=2, memory_limit=MEMORY, small=True) as running:
                start(running, self.parsed, {MAIN: path})
                for name, frame in self.beside.items():
                    running.frame(name, copies(frame))
                if again:
                    given = tuple(f for f in self.pack.facts if f in facts.columns)
                    supposed = self._given(facts[again], given, [asked[i][1] for i in again])
                    worked = facts_again(running, self.parsed, inputs_of(self.run.manifest), supposed, given)
                    rest = facts.filter(~pl.col("company_id").is_in(worked["company_id"].implode()))
                    facts = pl.concat([rest, worked.select(facts.columns).cast(facts.schema)])
                running.frame("facts", facts)
                yield running, names.to_list()

    def _changed(self, facts: pl.DataFrame, settings: Sequence[Values]) -> pl.DataFrame:
        """The facts of the copies, with those that a setting has at another value."""
        changed: dict[str, tuple[list[int], list[Any]]] = {}
        for row, values in enumerate(settings):
            for fact_id, value in values:
                at, put = changed.setdefault(fact_id, ([], []))
                at.append(row)
                put.append(value)
        columns = []
        for fact_id, (at, put) in changed.items():
            for end in ENDS:
                name = f"{fact_id}{end}"
                if name in facts.columns:
                    kind = facts.schema[name]
                    ends = [None if end == ".reason" else _as(v, kind) for v in put]
                    columns.append(facts[name].scatter(at, pl.Series(ends, dtype=kind)))
        return facts.with_columns(columns)

    def _given(self, facts: pl.DataFrame, given: Sequence[str], settings: Sequence[Values]) -> pl.DataFrame:
        """Every fact as it stands, but those worked out from others only where a setting has them."""
        columns = [facts["company_id"]]
        for fact_id in given:
            told = [fact_id not in self.derived or fact_id in dict(values) for values in settings]
            columns.append(pl.Series(f"{GIVEN}{fact_id}?", told, dtype=pl.Boolean))
            columns += [facts[n].alias(f"{GIVEN}{n}") for n in (f"{fact_id}{e}" for e in ENDS) if n in facts.columns]
        return pl.DataFrame(columns)

    def _stand(self, row: Mapping[str, Any], score: Decimal | None) -> Stand:
        tier = -self.labels.index(row["tier"]) if row["tier"] in self.labels else -len(self.labels)
        return Stand(row["outcome"], row["tier"], score, (STANDING.index(row["outcome"]), tier))


def rows_of(name: str, company_ids: Sequence[str]) -> exp.Select:
    """Return the query for the rows of some companies in a relation."""
    wanted = exp.In(this=column("company_id"), expressions=[text(c) for c in company_ids])
    return exp.select(exp.Star()).from_(relation(name)).where(wanted)


def _as(value: Any, kind: pl.DataType) -> Any:
    return int(value) if isinstance(value, Decimal) and kind.is_integer() else value
