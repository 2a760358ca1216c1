"""After an edit of words only the companies whose texts hold one of them are classified again, after an edit of data only those whose
rows are others; the rest keep what an earlier run said.

A company's classification depends on its own rows alone, and on a word only where it stands in one of its texts: so whoever holds none of
the words that came, went or mean something else is classified as before. Any other edit of what classification reads makes all anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.engine.classify import READS, chunks, classify
from screening.engine.files import DIALECT
from screening.engine.fold import fold, folded, listed
from screening.engine.hits import TEXT_FIELDS
from screening.expression_sql.pieces import column, relation
from screening.rulebook.lexicon import FAMILY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from screening.engine.kept import Kept
    from screening.engine.session import Session
    from screening.rulebook.lexicon import LexiconEntry
    from screening.rulebook.scope import ParsedPack

KEY = "company_id"
MOST_WORDS = 500
"""Words beyond which an edit is no edit of words."""
_TOUCHED, _EARLIER = "companies touched", "earlier {}"
_BREAK = r"\r?\n"

Words = dict[str, list[list[str]]]
"""By entry of the lexicon what it says of words, each thing with the spellings that it is about."""


def words_of(parsed: ParsedPack) -> Words:
    """Return what a lexicon says of words, as plain data."""
    return {entry_id: sorted(_said(entry)) for entry_id, entry in parsed.pack.lexicon.items()}


def _said(entry: LexiconEntry) -> Iterator[list[str]]:
    for kind, family in entry.families():
        yield [family, kind]
    for mask in entry.masks:
        yield [mask, "mask"]
    for term, needed in entry.needs.items():
        yield [term, "needs", *needed]
    for spelling, direction_id in entry.nearest_of():
        yield [spelling, "nearest", direction_id]


def edited(before: Words, after: Words) -> set[str]:
    """Return the folded spellings of which the two say different things."""
    found: set[str] = set()
    for entry_id in before.keys() | after.keys():
        old, new = ({tuple(said) for said in words.get(entry_id, ())} for words in (before, after))
        found |= {fold(spelling) for said in old ^ new for spelling in said[0].split(FAMILY_SEPARATOR)}
    return found


def reclassified(session: Session, kept: Kept, parsed: ParsedPack) -> bool:
    """Make the relations of classification from those of an earlier run that differs in words alone or in data alone; tell whether
    there was one.
    """
    tables = [name for name in READS if name in parsed.pack.tables]
    touched = _by_words(session, kept, parsed, tables)
    if touched is None:
        touched = _by_data(kept)
    if touched is None:
        return False
    if touched.is_empty() and kept.as_before(session):
        return True
    [(count,)] = session.rows("SELECT count(*) FROM companies")
    relations = kept.earlier() if 2 * len(touched) <= count else None
    if relations is None:
        return False
    session.frame(_TOUCHED, pl.DataFrame({KEY: touched}, schema={KEY: pl.String}))
    some = exp.select(column(KEY)).from_(relation(_TOUCHED))
    with session.narrowed(tables, exp.In(this=column(KEY), query=some.copy().subquery())):
        classify(session.connection, parsed.pack, parsed.as_of)
    for made, path in relations.items():
        session.view(_EARLIER.format(made), path)
        others = exp.Not(this=exp.In(this=column(KEY), query=some.copy().subquery()))
        rest = exp.select("*").from_(relation(_EARLIER.format(made))).where(others)
        session.insert(made, rest)
    session.drop(_TOUCHED)
    kept.touched = touched.to_list()
    return True


def _by_words(session: Session, kept: Kept, parsed: ParsedPack, tables: Sequence[str]) -> pl.Series | None:
    """Return the companies that an edit of words may concern, None where there was no such edit."""
    now = words_of(parsed)
    before = kept.but_for_words(now)
    words = sorted(edited(before, now)) if before is not None else []
    return _touched(session, tables, words) if words and len(words) <= MOST_WORDS else None


def _by_data(kept: Kept) -> pl.Series | None:
    """Return the companies that came, went, or say something else in what classification reads of their rows, None where there is no
    earlier run by the same rules, or its tables have other columns.
    """
    pairs = kept.but_for_data()
    if pairs is None:
        return None
    found = [different(now, before, READS[name]) for name, (now, before) in pairs.items()]
    return None if any(ids is None for ids in found) else pl.concat([ids for ids in found if ids is not None]).unique()


def different(now: Path, before: Path, read: Sequence[str]) -> pl.Series | None:
    """Return the companies whose rows are others. Rows stand in the order of companies, so those of the same companies stand side by side;
    None where they do not, or one table has a column that the other lacks.
    """
    there = [[c for c in read if c in pl.read_parquet_schema(path)] for path in (now, before)]
    if there[0] != there[1]:
        return None
    ids = [pl.read_parquet(path, columns=[KEY], glob=False)[KEY] for path in (now, before)]
    odd = pl.Series(KEY, [], dtype=pl.String)
    if not ids[0].equals(ids[1]):
        counts = [each.value_counts(name="rows").lazy() for each in ids]
        either = counts[0].join(counts[1], on=KEY, how="full", coalesce=True)
        odd = either.filter(pl.col("rows").ne_missing(pl.col("rows_right"))).select(KEY).collect()[KEY]
    same = [~each.is_in(odd.implode()) for each in ids]
    beside = ids[0].filter(same[0])
    if not beside.equals(ids[1].filter(same[1])):
        return None
    different = pl.repeat(False, len(beside), eager=True)
    for name in there[0]:
        one, other = (
            pl.read_parquet(path, columns=[name], glob=False)[name].filter(rows)
            for path, rows in zip((now, before), same, strict=True)
        )
        different = different | one.ne_missing(other)
    return pl.concat([odd, beside.filter(different)]).unique()


def _touched(session: Session, tables: Sequence[str], words: Sequence[str]) -> pl.Series:
    """Return the companies one of whose texts, or the title of one of whose patents, holds one of the words (company_id)."""
    ids = [_holding(texts, TEXT_FIELDS, words) for texts in chunks(session.connection)]
    if "patents" in tables:
        titles = exp.select(column(KEY), column("title")).from_(relation("patents"))
        ids.append(_holding(pl.DataFrame(ArrowView(session.connection.sql(titles.sql(DIALECT)))), ("title",), words))
    return pl.concat(ids).unique()


def _holding(texts: pl.DataFrame, fields: Sequence[str], words: Sequence[str]) -> pl.Series:
    """A line break that cuts a word is taken out before terms are looked for, so where one stands the text is read without any too."""
    sought = listed(words)
    ids = [texts[KEY].clear()]
    for field in fields:
        if texts[field].null_count() < texts.height:
            told = texts.lazy().select(KEY, field, text=folded(field))
            whole = pl.col("text").str.contains_any(sought)
            joined = pl.col("text").str.replace_all(_BREAK, "").str.contains_any(sought)
            broken = told.filter(pl.col(field).str.contains("\n", literal=True)).filter(joined)
            ids += [found.select(KEY).collect()[KEY] for found in (told.filter(whole), broken)]
    return pl.concat(ids)
