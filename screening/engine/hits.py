"""Text -> hits. Terms of the lexicon found in company text, with code-point offsets into the text as stored.

Folding (`fold`) maps code point to code point, so every offset holds in the stored text. One cheap pass over all text keeps
the texts that hold any term; the rest is done for those alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import polars as pl

from screening.engine.fold import FILLER, MARK, NOUN, fold, folded, listed
from screening.engine.linebreaks import BREAKS, joined
from screening.rulebook.lexicon import FAMILY_SEPARATOR, Classification, blanked, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.rulebook.model import RulePack

TELLING_FIELDS = ("products", "description", "business_scope")
"""Columns in which a company says what it does."""

LABEL_FIELDS = ("industry_name", "name")
"""Short columns that only point to it."""

TEXT_FIELDS = (*TELLING_FIELDS, *LABEL_FIELDS)

TITLE = "title"
"""The field of titles of patents, which are read as descriptions are."""

LONGEST_SCOPE, LONGEST_CLAUSE = 4_000, 400
"""Code points: a text longer than the first is cut into clauses of at most the second."""

_LONGEST_FILL = 20_000

IN_TEXT = ~pl.col("name_only")
IN_NAME = (pl.col("length") > 1) & (pl.col("counts") | pl.col("mask"))
"""Terms that are looked for: in a name a single character is a syllable, and a phrase that anyone may tick hides no word that corroborates."""


@dataclass(frozen=True, slots=True)
class LexiconTables:
    """The lexicon as tables.

    `terms`: one row per folded term (term_no, term, length, mask, name_only, counts, ascii_start, ascii_end); `counts`:
    some meaning of it is worth more than boilerplate.
    `meanings`: one row per term, domain, direction and kind (term_no, domain_id, direction_id, kind, family, needs);
    direction_id NULL: only the domain is told; needs NULL: no other word is asked for.
    """

    terms: pl.DataFrame
    meanings: pl.DataFrame

    def words(self, field: str) -> list[str]:
        """Return the terms and masks to look for in a field."""
        return self._seen_in(field)["term"].to_list()

    def bearing(self, field: str) -> list[str]:
        """Return those of the words that mean something: masks left out."""
        return self._seen_in(field).filter(~pl.col("mask"))["term"].to_list()

    def _seen_in(self, field: str) -> pl.DataFrame:
        return self.terms.filter(IN_NAME if field == "name" else IN_TEXT)


def vocabulary(pack: RulePack) -> LexiconTables:
    """Compile the lexicon and the masks of a pack."""
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in pack.directions()}
    meanings: list[tuple[str, str, str | None, str, str, list[str] | None]] = []
    masks = {fold(spelling) for item in pack.classification.masks for spelling in _spellings(item)}
    for entry_id, entry in pack.lexicon.items():
        direction_id = entry_id if entry_id in domain_of else None
        domain_id = domain_of.get(entry_id, entry_id)
        masks |= {fold(spelling) for item in entry.masks for spelling in _spellings(item)}
        needs = {fold(term): [fold(word) for word in words] for term, words in entry.needs.items()}
        for kind, family in entry.families():
            spellings = fold(family).split(FAMILY_SEPARATOR)
            meanings += [(term, domain_id, direction_id, kind, spellings[0], needs.get(term)) for term in spellings]
    bearing = {meaning[0] for meaning in meanings}
    counting = {meaning[0] for meaning in meanings if meaning[3] != "boilerplate"}
    anywhere = {meaning[0] for meaning in meanings if meaning[3] != "named"} | masks
    words = sorted(bearing | masks)
    number = {word: position for position, word in enumerate(words)}
    terms = pl.DataFrame(
        [
            (
                *(position, word, len(word), word not in bearing, word in counting, word not in anywhere),
                *(end.isascii() and end.isalnum() for end in (word[0], word[-1])),
            )
            for position, word in enumerate(words)
        ],
        schema={"term_no": pl.Int32, "term": pl.String, "length": pl.Int32}
        | dict.fromkeys(("mask", "counts", "name_only", "ascii_start", "ascii_end"), pl.Boolean),
        orient="row",
    )
    rows = sorted(
        {(number[m[0]], m[1], m[2], m[3], m[4], tuple(m[5]) if m[5] else None) for m in meanings},
        key=lambda row: (row[0], row[1], row[2] or "", row[3], row[4]),
    )
    return LexiconTables(
        terms,
        pl.DataFrame(
            [(*row[:5], list(row[5]) if row[5] else None) for row in rows],
            orient="row",
            schema={
                "term_no": pl.Int32,
                "domain_id": pl.String,
                "direction_id": pl.String,
                "kind": pl.String,
                "family": pl.String,
                "needs": pl.List(pl.String),
            },
        ),
    )


def _spellings(item: str) -> Iterator[str]:
    return iter(item.split(FAMILY_SEPARATOR))


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found.

    `clauses`: one row per clause that holds a term (company_id, field, place, head, size, opens, makes, wording_id): `place` is the
    clause's offset in the text, `head` the colon head of this or an earlier clause of the text, spoken (NULL: none), `size` the length of the
    text without what was blanked, `opens` whether nothing but that stands before the clause. Offsets are those of the text without the `breaks`.
    `wordings`: one row per different clause of a field (wording_id, field, clause, spoken): `clause` is folded and blanked, `spoken` the
    same with nouns that hold a verb overwritten. Many companies write the same, so it is read once.
    `found`: one row per occurrence (wording_id, start, term_no), start within the clause. Boundaries, masks and nesting
    are not yet applied.
    `signs`: one row per company with a hit and sign of another trade (company_id, identity_id, factor).
    `silent`: one row per company none of whose texts tells what it does, or can be read (company_id).
    `breaks`: one row per line break taken out of a text (`linebreaks.BREAKS`).
    """

    clauses: pl.DataFrame
    wordings: pl.DataFrame
    found: pl.DataFrame
    signs: pl.DataFrame
    silent: pl.DataFrame
    breaks: pl.DataFrame

    @classmethod
    def concat(cls, parts: Sequence[Hits]) -> Hits:
        """Join the hits of several sets of companies."""
        names = [each.name for each in fields(cls)]
        joined: dict[str, list[pl.DataFrame]] = {name: [] for name in names}
        past = 0
        for part in parts:
            for name in names:
                frame: pl.DataFrame = getattr(part, name)
                after = [pl.col("wording_id") + past] if "wording_id" in frame.columns else []
                joined[name].append(frame.with_columns(after))
            past += part.wordings.height
        return cls(**{name: pl.concat(frames) for name, frames in joined.items()})


def find(
    texts: pl.DataFrame, lexicon: LexiconTables, settings: Classification, titles: pl.DataFrame | None = None
) -> Hits:
    """Find the terms in the text columns of `texts` (column `company_id` and those of TEXT_FIELDS), and in `titles` of patents
    (title_key, title), which stand beside them as texts of the field TITLE.
    """
    told = _told(texts, titles)
    of_name = pl.col("field") == "name"
    holding, breaks = _mended(told.filter(~of_name), lexicon)
    names = told.filter(of_name)
    holding = pl.concat([holding, _names(names, holding, lexicon)])
    clauses = pl.concat(
        [
            _clauses(holding.filter(~of_name), lexicon.bearing("business_scope"), settings),
            _clauses(holding.filter(of_name), lexicon.bearing("name"), settings),
        ]
    )
    nouns = [fold(noun) for item in settings.nouns for noun in _spellings(item)]

    def spoken(column: str) -> pl.Expr:
        hidden = [NOUN * len(noun) for noun in nouns]
        return pl.col(column).str.replace_many(nouns, hidden, leftmost=True) if nouns else pl.col(column)

    wordings = (
        clauses.select("field", "clause")
        .unique(maintain_order=True)
        .with_row_index("wording_id")
        .with_columns(pl.col("wording_id").cast(pl.Int32), spoken=spoken("clause"))
    )
    clauses = (
        clauses.join(wordings.select("field", "clause", "wording_id"), on=["field", "clause"])
        .drop("clause")
        .with_columns(head=spoken("head"))
    )
    signs = _signs(texts, told, holding, clauses, settings)
    return Hits(clauses, wordings, _occurrences(wordings, lexicon), signs, _silent(texts, settings), breaks)


def _told(texts: pl.DataFrame, titles: pl.DataFrame | None) -> pl.DataFrame:
    """Return every text that is there, folded (field, company_id, text). All fields stand in one column, so that what is looked for is
    made ready once.
    """
    parts = [
        texts.select(pl.lit(field).alias("field"), "company_id", text=field).drop_nulls("text") for field in TEXT_FIELDS
    ]
    if titles is not None:
        parts.append(titles.select(pl.lit(TITLE).alias("field"), company_id="title_key", text="title"))
    # not lazy: the optimiser would fold part by part
    return pl.concat(parts).with_columns(folded("text"))


def _mended(told: pl.DataFrame, lexicon: LexiconTables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the texts that hold a term, single line breaks within terms taken out, and those breaks."""
    words = lexicon.bearing("business_scope")
    held = told.filter(pl.col("text").str.contains_any(listed(words)))
    broken = told.filter(pl.col("text").str.contains("\n", literal=True))
    if not broken.height:
        return held, pl.DataFrame(schema=BREAKS)
    mended, breaks = joined(broken, words)
    return pl.concat([held.join(mended, on=["field", "company_id"], how="anti"), mended]), breaks


def _signs(
    texts: pl.DataFrame, told: pl.DataFrame, holding: pl.DataFrame, clauses: pl.DataFrame, settings: Classification
) -> pl.DataFrame:
    """Return the signs of another trade: of telling texts where they hold a term, of labels for every company hit."""
    of_label = pl.col("field").is_in(LABEL_FIELDS)
    hit = clauses.filter(pl.col("field") != TITLE).select("company_id").unique()
    seen = pl.concat([holding.filter(~of_label), told.filter(of_label).join(hit, on="company_id", how="semi")])
    signs = [pl.DataFrame(schema={"company_id": pl.String, "identity_id": pl.String, "factor": pl.Float64})]
    for identity_id, identity in settings.identities.items():
        text = pl.col("text")
        holds = text.str.contains(identity.pattern)
        if identity.unless:
            holds = holds & ~text.str.contains(identity.unless)
        signed = seen.filter(pl.col("field") == identity.field).filter(holds)
        if identity.unless_told:
            signed = signed.join(_telling(texts, signed, identity.unless_told), on="company_id", how="anti")
        signs.append(
            signed.select(
                "company_id", pl.lit(identity_id).alias("identity_id"), pl.lit(identity.factor).alias("factor")
            )
        )
    return pl.concat(signs)


def _telling(texts: pl.DataFrame, companies: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Return those of the companies one of whose telling texts matches a pattern (company_id)."""
    # not lazy: the optimiser would move the dear filter before the join
    told = texts.select("company_id", *TELLING_FIELDS).join(companies, on="company_id", how="semi")
    return told.filter(
        pl.any_horizontal(folded(field).str.contains(pattern).fill_null(False) for field in TELLING_FIELDS)
    ).select("company_id")


def _names(names: pl.DataFrame, holding: pl.DataFrame, lexicon: LexiconTables) -> pl.DataFrame:
    """Return the folded names that hold a term; words that only corroborate count where there is a text to support."""
    named = names.filter(pl.col("text").str.contains_any(listed(lexicon.bearing("name"))))
    told = holding.filter(pl.col("field") != TITLE)["company_id"].implode()
    telling = lexicon.terms.filter(~pl.col("name_only") & ~pl.col("mask") & pl.col("counts") & (pl.col("length") > 1))
    supported = pl.col("company_id").is_in(told)
    return named.filter(supported | pl.col("text").str.contains_any(listed(telling["term"].to_list())))


def _silent(texts: pl.DataFrame, settings: Classification) -> pl.DataFrame:
    """Return the companies none of whose texts tells what they do, or can be read (company_id)."""
    pattern = silent(settings)
    telling = [field for field in TELLING_FIELDS if texts[field].null_count() < texts.height]
    if not telling:
        return texts.select("company_id")
    share = settings.readable

    def nothing(field: str) -> pl.Expr:
        return pl.col(field).str.contains(pattern).fill_null(True)

    def doubtful(field: str) -> pl.Expr:
        # who opens in plain Chinese can be read: a look at the first characters spares nearly all texts the second one
        return ~pl.col(field).str.slice(0, _OPENING).str.contains(_PLAIN) if share else pl.lit(False)

    def unread(field: str) -> pl.Expr:
        text = pl.col(field)
        letters = text.str.count_matches(r"\p{L}")
        foreign = text.str.count_matches(_FOREIGN) > share * letters
        return nothing(field) | foreign | (text.str.count_matches(_HAN) < share * letters)

    told = texts.filter(pl.all_horizontal((nothing(field) | doubtful(field)).fill_null(True) for field in telling))
    return told.filter(pl.all_horizontal(unread(field).fill_null(True) for field in telling)).select("company_id")


_HAN = "[\u3400-\u9fff]"
_FOREIGN = "[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0590-\u06ff\u0e00-\u0eff]"
"""A letter of a script that no word of a lexicon stands in: kana, hangul, Cyrillic, Hebrew, Arabic, Thai."""

_PLAIN = rf"\A[^{_FOREIGN[1:]}*{_HAN}{{4}}[^{_FOREIGN[1:]}*\z"
"""Four Chinese characters in a row and no letter of such a script."""

_OPENING = 24

_CLAUSE_COLUMNS = ("field", "company_id", "clause_no", "place", "clause", "head", "size", "opens", "makes")


def _clauses(holding: pl.DataFrame, words: list[str], settings: Classification) -> pl.DataFrame:
    """Cut texts (field, company_id, text) into clauses and keep those that hold one of the words."""
    stops = "".join(rf"\x{{{ord(stop):x}}}" for stop in fold(settings.separators))
    plain, bracketed = rf"[^{stops}]", rf"(?:\((?:[^()]|\([^()]*\))*\)|[^{stops}])"
    # a stop inside brackets does not end a clause; few texts have one, and the pattern for them is slow
    odd = holding["text"].str.contains(rf"\([^()]*[{stops}]")
    # The work on a hit grows with its clause: a text far beyond any real scope is cut by length, whatever its brackets.
    endless = holding["text"].str.len_chars() > LONGEST_SCOPE
    blank = blanked(settings)
    verbs = [fold(word) for activity in settings.activities.values() for word in activity.words]
    cuts = (
        (~odd & ~endless, rf"{plain}*[{stops}]|{plain}+\z"),
        (odd & ~endless, rf"{bracketed}*[{stops}]|{bracketed}+\z"),
        (endless, rf"{plain}{{0,{LONGEST_CLAUSE}}}[{stops}]|{plain}{{1,{LONGEST_CLAUSE}}}"),
    )
    kept = [
        _cut(part, clause, blank, verbs)
        for number, (which, clause) in enumerate(cuts)
        if (part := holding.filter(which)).height or number == 0
    ]
    clauses = pl.concat(kept).filter(pl.col("clause").str.contains_any(listed(words)))
    # what stands before is looked at only where little can: it is most of a long text otherwise
    early = pl.when((pl.col("clause_no") > 0) & (pl.col("clause_no") <= _EARLY)).then(pl.col("text"))
    before = early.str.slice(0, pl.col("place"))
    before = before.str.replace_all(blank, "") if blank else before
    clauses = clauses.with_columns(opens=(pl.col("clause_no") == 0) | ~before.str.contains(r"\p{L}").fill_null(True))
    return _blank(clauses.select(_CLAUSE_COLUMNS), blank)


_MAKES = "制造|生产|加工"
"""What the items of a list that somebody makes end with, in the standard wording of registries."""

_SHORT = 160
"""A text longer than this is long whatever is blanked in it."""

_EARLY = 4
"""A clause no later than this may still open a text: before it may stand general items and regulatory phrases alone."""


def _cut(holding: pl.DataFrame, clause: str, blank: str, verbs: list[str]) -> pl.DataFrame:
    """Cut texts into clauses. The clauses cover the text, so plain running sums give their places."""
    text = pl.col("text")
    short = pl.when(text.str.len_chars() <= _SHORT).then(text)
    cut = (
        holding.with_row_index("row")
        .with_columns(
            # masked before it is blanked: both branches of a condition are computed for every row
            size=pl.coalesce(short.str.replace_all(blank, "") if blank else short, text).str.len_chars().cast(pl.Int32),
            clause=text.str.extract_all(clause),
            makes=text.str.count_matches(_MAKES).cast(pl.Int32),
            length=text.str.len_chars(),
        )
        .with_columns(
            past=pl.col("length").cum_sum() - pl.col("length"),
            past_clauses=pl.col("clause").list.len().cum_sum() - pl.col("clause").list.len(),
        )
        .drop("length")
        .explode("clause", empty_as_null=False)
    )
    length = pl.col("clause").str.len_chars()
    return (
        cut.with_columns(
            place=(length.cum_sum() - length - pl.col("past")).cast(pl.Int32),
            clause_no=(pl.int_range(pl.len()) - pl.col("past_clauses")).cast(pl.Int32),
            head=pl.col("clause").str.extract(r"^([^:]*):"),
        )
        # "销售:二类:…": a head without a verb leaves the one before it in force
        .with_columns(head=pl.when(pl.col("head").str.contains_any(listed(verbs))).then(pl.col("head")))
        .with_columns(
            head_row=pl.when(pl.col("head").is_not_null()).then(pl.col("row")).forward_fill(),
        )
        .with_columns(head=pl.when(pl.col("head_row") == pl.col("row")).then(pl.col("head").forward_fill()))
    )


def _blank(clauses: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Overwrite exclusions and regulatory tails with fillers of equal length.

    The pattern runs in the linear-time engine; the texts between its matches are put back beside fillers.
    """
    touched = clauses["clause"].str.contains(pattern) if pattern else pl.repeat(False, clauses.height, eager=True)
    if not touched.any():
        return clauses
    dirty = clauses.filter(touched).with_row_index("row")
    cut = dirty.select(
        "row",
        gap=pl.col("clause").str.replace_all(pattern, MARK).str.split(MARK),
        fill=pl.col("clause")
        .str.extract_all(pattern)
        .list.eval(pl.element().str.len_chars())
        .list.concat(pl.lit(0, dtype=pl.UInt32)),
    ).explode("gap", "fill")
    filler = pl.lit(FILLER * _LONGEST_FILL).str.slice(0, pl.col("fill"))
    whole = cut.group_by("row", maintain_order=True).agg(clause=pl.concat_str("gap", filler).str.join(""))
    return pl.concat(
        [
            clauses.filter(~touched),
            dirty.drop("clause").join(whole, on="row", how="inner").select(clauses.columns),
        ]
    )


def _occurrences(wordings: pl.DataFrame, lexicon: LexiconTables) -> pl.DataFrame:
    """Return every occurrence of a term, those that lie within others too, that is looked for in the field it stands in."""
    words = listed(lexicon.terms["term"].to_list())
    start = pl.col("clause").cast(pl.Binary).bin.slice(0, pl.col("byte")).cast(pl.String).str.len_chars().cast(pl.Int32)
    return (
        wordings.lazy()
        .select(
            "wording_id",
            "clause",
            of_name=pl.col("field") == "name",
            term=pl.col("clause").str.extract_many(words, overlapping=True),
            byte=pl.col("clause").str.find_many(words, overlapping=True),
        )
        .explode("term", "byte", empty_as_null=False)
        .with_columns(start=start)
        .join(lexicon.terms.lazy(), on="term", how="inner")
        .filter(pl.when("of_name").then(IN_NAME).otherwise(IN_TEXT))
        .select("wording_id", "start", "term_no")
        .collect()
    )
