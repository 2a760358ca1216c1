"""The plan against the pool: where it names a sub-industry and somebody is there, where nobody is, where it is crowded; who belongs to
a demonstration combination; how many stand on each rung of the ladder; what can be said of the targets.

Counts are of companies in scope, whatever became of them. They say nothing of companies that are not in the data.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
from sqlglot import exp

from screening.analysis.answers import empty, shaped
from screening.analysis.rulewords import share
from screening.engine.compile.measures import LADDER
from screening.engine.fold import FILLER, fold, folded
from screening.expression_sql.pieces import column, relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.model import Combo, Crowding, RulePack

Place = tuple[str, str | None, str | None]
COMBOS_READ = ("classification", "profile", "companies")
STATES = ("named_filled", "named_empty", "filled")


def coverage_relations(run: RunData) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield `plan_places`, `plan_stages`, `plan_combos`, `plan_ladder`, `plan_targets`; empty where the pack has no such thing."""
    cities = list(run.pack.places.cities) if run.pack.places else []
    stages = run.rows("plan_stages", cities=cities)
    yield "plan_places", _places(run, stages, set(cities))
    yield "plan_stages", shaped("plan_stages", pl.DataFrame(stages)) if stages else empty("plan_stages")
    yield "plan_combos", run.once("plan_combos", COMBOS_READ, ("domains", "combos"), _combos)
    ladder = _ladder(run)
    yield "plan_ladder", ladder
    yield "plan_targets", _targets(run, ladder)


def named_places(pack: RulePack) -> dict[Place, str]:
    """Return what the plan names: (domain, direction, city) → `city`, or `region` where only the entry of a region names it."""
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in pack.directions()}
    known = set(pack.places.cities) if pack.places else set()
    named: dict[Place, str] = {}
    for entry_id, entry in pack.places.entries.items() if pack.places else ():
        for city in entry.cities or tuple(c for c in known if entry_id.endswith(c)):
            for sub in entry.sub_industries:
                named[domain_of[sub.direction], sub.direction, city] = "region" if entry.cities else "city"
    return named


def _places(run: RunData, stages: list[Row], cities: set[str]) -> pl.DataFrame:
    counts: dict[Place, Counter] = {}
    for row in stages:
        here = counts.setdefault((row["domain_id"], row["direction_id"], row["city"]), Counter())
        here.add(row)
    named = named_places(run.pack)
    held: dict[Place, tuple[int, int]] = {}
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in run.pack.directions()}
    for row in run.rows("holding_counts") if run.has("holdings") else ():
        if row["direction_id"] in domain_of:
            place = (
                domain_of[row["direction_id"]],
                row["direction_id"],
                row["city"] if row["city"] in cities else None,
            )
            before = held.get(place, (0, 0))
            held[place] = before[0] + row["count"], before[1] + row["known"]
    rows = []
    for place in {*counts, *named, *held}:
        here, (holds, both) = counts.get(place, Counter()), held.get(place, (0, 0))
        rows.append(
            {
                "domain_id": place[0],
                "direction_id": place[1],
                "city": place[2],
                "named": named.get(place),
                "state": "filled" if place not in named else "named_filled" if here.companies else "named_empty",
                "companies": here.companies,
                "ranked": here.ranked,
                "shortlisted": here.shortlisted,
                "held": holds,
                # A holding that is a candidate too counts once.
                "together": here.companies + holds - both,
            }
        )
    if not rows:
        return empty("plan_places")
    frame = pl.DataFrame(rows, infer_schema_length=None)
    of_direction = pl.col("together").sum().over("domain_id", "direction_id")
    frame = frame.with_columns(
        pl.when(of_direction > 0)
        .then((pl.col("together") / of_direction).round(4))
        .otherwise(None)
        .alias("direction_share"),
        _crowded(run.pack.crowding).alias("crowded"),
    )
    return shaped("plan_places", frame)


class Counter:
    """Companies of one place, over its stages."""

    def __init__(self) -> None:
        self.companies = self.ranked = self.shortlisted = 0

    def add(self, row: Row) -> None:
        """Count one stage more."""
        self.companies += row["companies"]
        self.ranked += row["ranked"]
        self.shortlisted += row["shortlisted"]


def _crowded(stated: Crowding | None) -> pl.Expr:
    """Why a place of a direction and a city is crowded by the pack's measure: `candidates` or `holdings`; NULL: it is not."""
    if stated is None:
        return pl.lit(None, pl.String)
    together = pl.col("together").cast(pl.Int64)
    many = together >= stated.at_least
    for given, whole in (
        (stated.share, together.sum().over("domain_id", "direction_id")),
        (stated.of_all, together.sum()),
    ):
        top, bottom = share(given).as_integer_ratio()
        many &= together * bottom >= whole * top
    told = pl.col("direction_id").is_not_null() & pl.col("city").is_not_null()
    own = pl.col("held") >= stated.holdings if stated.holdings is not None else pl.lit(value=False)
    return pl.when(told & own).then(pl.lit("holdings")).when(told & many).then(pl.lit("candidates"))


def _combos(run: RunData) -> pl.DataFrame:
    """The companies of each combination: in one of its directions, and with an application word or in one of the other directions."""
    members = {
        combo_id: run.frame("combo_companies", directions=list(combo.directions), others=list(combo.with_directions))
        for combo_id, combo in run.pack.combos.items()
    }
    if not any(map(len, members.values())):
        return empty("plan_combos")
    # A company may stand in several: its text is read once.
    ids = pl.concat([frame["company_id"] for frame in members.values()]).unique()
    texts = run.frame("combo_texts", companies=ids.to_list()).with_columns(folded("texts").fill_null(""))
    return shaped(
        "plan_combos",
        pl.concat(
            _combo(combo_id, combo, members[combo_id].join(texts, on="company_id", maintain_order="left"))
            for combo_id, combo in run.pack.combos.items()
        ),
    )


def _combo(combo_id: str, combo: Combo, frame: pl.DataFrame) -> pl.DataFrame:
    masks = [fold(m) for m in combo.masks]
    if masks:
        frame = frame.with_columns(pl.col("texts").str.replace_many(masks, [FILLER * len(m) for m in masks]))
    words = sorted(combo.applications, key=len, reverse=True)
    told: list[pl.Expr] = [pl.when(_holds(fold(word))).then(pl.lit(word)) for word in words]
    term = pl.coalesce([*told, pl.lit(None, pl.String)])
    return (
        frame.with_columns(term.alias("term"))
        .filter(pl.col("term").is_not_null() | pl.col("with_id").is_not_null())
        .select(
            pl.lit(combo_id).alias("combo_id"),
            "company_id",
            "direction_id",
            pl.when(pl.col("term").is_not_null())
            .then(pl.lit("application"))
            .otherwise(pl.lit("direction"))
            .alias("by"),
            pl.coalesce("term", "with_id").alias("what"),
        )
    )


def _holds(word: str) -> pl.Expr:
    """True where the text holds the word; a word of Latin letters stands by itself."""
    if word.isascii():
        return pl.col("texts").str.contains(rf"(?:^|[^a-z0-9]){_escaped(word)}(?:$|[^a-z0-9])")
    return pl.col("texts").str.contains(word, literal=True)


def _escaped(word: str) -> str:
    return "".join(c if c.isalnum() else f"\\{c}" for c in word)


def _ladder(run: RunData) -> pl.DataFrame:
    names = {rung_id: f"{LADDER}.{rung_id}.state" for rung_id in run.pack.ladder}
    judged = [name for name in names.values() if name in run.columns("measures")]
    counts = _states(run, judged) if judged else {}
    rows = [
        {"position": position, "rung_id": rung_id, **counts.get(name, dict.fromkeys(("met", "open", "in_scope")))}
        for position, (rung_id, name) in enumerate(names.items(), 1)
    ]
    return shaped("plan_ladder", pl.DataFrame(rows, infer_schema_length=None)) if rows else empty("plan_ladder")


def _states(run: RunData, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each column of `measures` how many companies in scope meet it, how many may, and how many there are."""
    in_scope = exp.In(
        this=column("fit_grade", "ranking"), expressions=[exp.Literal.string(g) for g in ("core", "related")]
    )
    tree = exp.select(*[column(name, "measures") for name in names]).from_(relation("measures"))
    tree = tree.join(relation("ranking"), using="company_id").where(in_scope)
    frame = run.wide(tree)
    return {
        name: {
            "met": int((frame[name] == "met").sum()),
            "open": int((frame[name] == "open").sum()),
            "in_scope": len(frame),
        }
        for name in names
    }


def _targets(run: RunData, ladder: pl.DataFrame) -> pl.DataFrame:
    by_rung = {r["rung_id"]: r for r in ladder.iter_rows(named=True)}
    rows = [
        {
            "target_id": target_id,
            "year": target.year,
            "value": Decimal(repr(float(target.value))),
            "relation": target.relation,
            "indicator": target.indicator,
            "met": by_rung[target.indicator]["met"] if target.indicator in by_rung else None,
            "open": by_rung[target.indicator]["open"] if target.indicator in by_rung else None,
        }
        for target_id, target in run.pack.targets.items()
    ]
    return shaped("plan_targets", pl.DataFrame(rows, infer_schema_length=None)) if rows else empty("plan_targets")
