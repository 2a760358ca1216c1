"""A word tried before it enters the lexicon: what it would hit, which false friends it would bring, whom it would move.

Only the companies whose texts hold the word are read, once with the pack as it is and once with the word. A lexicon should
be judged on text that the word was not taken from, and by labels where there are any.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from screening.arrow import ArrowView
from screening.engine.classify import classify
from screening.engine.fold import fold, folded
from screening.engine.hits import TEXT_FIELDS
from screening.errors import RulesError, did_you_mean
from screening.result.contract import IN_SCOPE
from screening.rulebook.lexicon import FAMILY_SEPARATOR, LexiconEntry
from screening.rulebook.names import direction_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.analysis.rundata import RunData
    from screening.result.evaluation_records import GoldRow
    from screening.rulebook.lexicon import TermKind
    from screening.rulebook.model import RulePack

READ = ("company_id", "uscc", *TEXT_FIELDS, "industry_code", "entity_kind")
BESIDE = 2
"""Code points on either side that tell one surrounding from another."""

SURROUNDINGS = 12
_LISTS: dict[TermKind, str] = {"abbreviation": "abbreviations"}


@dataclass(frozen=True, slots=True)
class Shifted:
    """A company that the word would move. States: `in`, `read` (by a person), `out`; domains NULL: in none."""

    company_id: str
    name: str
    before: str
    after: str
    domain_before: str | None
    domain_after: str | None
    direction_after: str | None
    context: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a word would do in one run.

    `hits`, `companies`: occurrences in texts and names, before masks, boundaries and longer words have their say.
    `surroundings`: the letters on either side with how often, most frequent first: false friends show here. `labelled`: companies
    of the gold file that hold the word; `right_before`, `right_after`: those whose primary domain is a labelled one (or none where none is labelled).
    """

    word: str
    domain_id: str
    direction_id: str | None
    kind: str
    already: tuple[str, ...]
    hits: int
    companies: int
    surroundings: tuple[tuple[str, int], ...]
    moved: tuple[Shifted, ...]
    labelled: int
    right_before: int
    right_after: int


def trial(run: RunData, word: str, direction: str, kind: TermKind, gold: Sequence[GoldRow] = ()) -> Trial:
    """Try a word, or spellings of one thing joined with `|`, as a term of a direction or domain (id or name).

    Raises RulesError where the pack has no such direction, or a spelling has no letter or figure.
    """
    names = direction_names(run.pack)
    direction = direction.strip()
    spellings = [fold(one) for one in word.split(FAMILY_SEPARATOR) if one]
    if not spellings or not all(any(letter.isalnum() for letter in one) for one in spellings):
        said = f"'{word}' is no word: it would hit every mark of its kind"
        raise RulesError.of("terms/no-word", said, remedy="give a word of letters or figures")
    if direction not in names:
        raise RulesError.of(
            "terms/unknown-direction",
            f"the rule pack has no direction '{direction}'",
            remedy=did_you_mean(direction, names) or "write the id or the name of a direction or domain",
        )
    domain_id, direction_id = names[direction]
    entry_id = direction_id or domain_id
    there = {column for column, *_ in run.connection.execute("DESCRIBE companies").fetchall()}
    companies = pl.DataFrame(ArrowView(run.connection.table("companies"))).select(
        pl.col(one) if one in there else pl.lit(None, dtype=pl.String).alias(one) for one in READ
    )
    holding = companies.filter(
        pl.any_horizontal(folded(field).str.contains_any(spellings).fill_null(False) for field in TEXT_FIELDS)
    )
    before, after = _classified(holding, run.pack), _classified(holding, with_word(run.pack, entry_id, kind, word))
    found = {row["company_id"]: _found(row, spellings) for row in holding.iter_rows(named=True)}
    around = Counter(place for places in found.values() for place, _ in places)
    moved = tuple(
        Shifted(
            one,
            row["name"] or "",
            _state(before[one]),
            _state(after[one]),
            before[one][1],
            after[one][1],
            after[one][2],
            found[one][0][1],
        )
        for row in holding.sort("company_id").iter_rows(named=True)
        if _told(before[one := row["company_id"]]) != _told(after[one])
    )
    labels = {key: row for row in gold for key in (row.uscc, row.name) if key}
    known = [
        (row["company_id"], labels[key])
        for row in holding.iter_rows(named=True)
        if (key := next((k for k in (row["uscc"], row["name"]) if k in labels), None))
    ]
    return Trial(
        word,
        domain_id,
        direction_id,
        kind,
        tuple(_standing(run.pack, spellings)),
        sum(around.values()),
        holding.height,
        tuple(around.most_common(SURROUNDINGS)),
        moved,
        len(known),
        *(sum(_right(profile[one], row) for one, row in known) for profile in (before, after)),
    )


def with_word(pack: RulePack, entry_id: str, kind: TermKind, word: str) -> RulePack:
    """Return the pack with a word as a term of an entry; where the entry holds it in another list, it moves."""
    entry = pack.lexicon.get(entry_id, LexiconEntry())
    ours = set(word.split(FAMILY_SEPARATOR))
    lists: dict[str, tuple[str, ...]] = {}
    for one, family in entry.families():
        kept = FAMILY_SEPARATOR.join(each for each in family.split(FAMILY_SEPARATOR) if each not in ours)
        lists[_LISTS.get(one, one)] = (*lists.get(_LISTS.get(one, one), ()), *([kept] if kept else ()))
    name = _LISTS.get(kind, kind)
    lists[name] = (*lists.get(name, ()), word)
    return pack.model_copy(update={"lexicon": {**pack.lexicon, entry_id: entry.model_copy(update=lists)}})


def _classified(companies: pl.DataFrame, pack: RulePack) -> dict[str, tuple[str, str | None, str | None, bool]]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given", ArrowView(companies))
        connection.execute("CREATE TABLE companies AS FROM given")
        classify(connection, pack)
        rows = connection.execute(
            "SELECT company_id, fit_grade, domain_id, direction_id, is_open FROM profile"
        ).fetchall()
    return {company_id: (grade, domain, direction, is_open) for company_id, grade, domain, direction, is_open in rows}


def _state(profile: tuple[str, str | None, str | None, bool]) -> str:
    return "in" if profile[0] in IN_SCOPE else "read" if profile[3] else "out"


def _told(profile: tuple[str, str | None, str | None, bool]) -> tuple[str | None, ...]:
    return (_state(profile), *(profile[1:3] if profile[0] in IN_SCOPE else ()))


def _right(profile: tuple[str, str | None, str | None, bool], row: GoldRow) -> bool:
    domain = profile[1] if profile[0] in IN_SCOPE else None
    return domain in row.domains if domain or row.domains else True


def _found(row: dict[str, str | None], spellings: Sequence[str]) -> list[tuple[str, str]]:
    """Return for every occurrence its nearest letters and a longer context, both around the word in brackets."""
    places = []
    for field in TEXT_FIELDS:
        stored = row[field] or ""
        text = fold(stored)
        for word in spellings:
            start = text.find(word)
            while start >= 0:
                stop = start + len(word)
                near, far = (
                    f"{text[max(0, start - n) : start]}【{text[start:stop]}】{text[stop : stop + n]}"
                    for n in (BESIDE, 14)
                )
                places.append((near, far.replace("\n", " ")))
                start = text.find(word, stop)
    return places


def _standing(pack: RulePack, spellings: Sequence[str]) -> Iterable[str]:
    """Yield where the spellings stand in the lexicon already, as `entry kind spelling`."""
    for entry_id, entry in pack.lexicon.items():
        for kind, family in entry.families():
            for one in family.split(FAMILY_SEPARATOR):
                if fold(one) in spellings:
                    yield f"{entry_id} {kind} {one}"
        for family in entry.masks:
            for one in family.split(FAMILY_SEPARATOR):
                if fold(one) in spellings:
                    yield f"{entry_id} mask {one}"
