"""Whom a row may concern that could not be used: the companies it names, those its words resemble, or everybody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.credit_code import tells_apart
from screening.dataset.names import FULL, cores, same_name
from screening.dataset.personal import identity_card
from screening.dataset.text import fold, missing_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.dataset.identity import Aliases

LOST_REASONS = frozenset(
    {
        "no_company",
        "ambiguous_company",
        "field_count",
        "unclosed_quote",
        "cell_too_large",
        "no_key",
        "not_text",
        "no_name",
    }
)
"""Reasons for which a row says something that the clean tables do not."""
NOTED = "note"
_TELLS = r"^[\s*★※(（\[【]*(?:备?注|附注|说明|另|其中|note|remark)"
"""How a note begins that tells of the rows; one of who filled in the table (`填报单位：…`) tells nothing of a company."""

_CODE = re.compile(r"^(?=.*\d{4})[0-9A-Z]{8,20}$")
_IS_CODE = pl.col("said").str.contains(r"^[0-9A-Z]{8,20}$") & pl.col("said").str.contains(r"[0-9]{4}")
_REPAIRS = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5"})
_MASKED = re.compile(r"[*＊×□■●○?？]+|某+|[xX]{2,}")
"""What stands for characters that are not shown."""
_SHORTEST_CORE = 3
_SHORTEST_NAME = 6
_SHORTEST_CUT = 8
_LONGEST = 60


@dataclass(slots=True)
class Concerned:
    """Companies that a table's lost rows may concern. `everybody`: a row of which it cannot be told."""

    companies: set[str] = field(default_factory=set)
    everybody: bool = False

    def add(self, other: Concerned) -> None:
        """Add those of another row."""
        self.companies |= other.companies
        self.everybody |= other.everybody


def _shape(text: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"[A-Za-z]+", lambda found: found[0].upper(), text))


@dataclass(frozen=True, slots=True)
class _Said:
    """A text as it is looked up: folded, compared as a name, as a code. `code_holds`: the code can stand for a company."""

    folded: str
    compared: str
    code: str
    nothing: bool
    is_card: bool
    code_holds: bool


class Roster:
    """The companies of the root table, as far as a row can point at them."""

    def __init__(self, kept: pl.DataFrame, key: str, aliases: Aliases, later: pl.DataFrame) -> None:
        self._later = _ways_to_name(later, key)
        self._said: dict[str, _Said] = {}
        self._aliases = aliases
        self._answering: dict[str, set[str]] = {}
        self._codes = aliases.of_kind("c")
        code = pl.col("uscc") if "uscc" in kept.columns else pl.lit(None, pl.String)
        coded = kept.filter(tells_apart(code).fill_null(False))[key].to_list()
        self._codeless = set(kept[key].to_list()) - set(coded)
        own = aliases.of_kind("k", ~_IS_CODE & ~pl.col("said").str.contains(r"^n-[0-9a-f]{12,24}$"))
        self._key_shapes = {_shape(text) for text in own["said"].unique().to_list()}
        names = aliases.of_kind("n").rename({"said": "name"})
        names = names.with_columns(core=cores(names["name"]))
        if "brand" in kept.columns:
            brands = kept.select(name=same_name(pl.col("brand")), company_id=key).drop_nulls()
            names = pl.concat([names, brands.with_columns(core=pl.col("name"))])
        self._names = names.filter(pl.col("core").str.len_chars() >= 2)

    def concerned(self, cells: Iterable[str]) -> Concerned:
        """Return whom a row may concern whose reference cells are `cells`.

        A whole registered name, a valid code, or a key of the roster's own kind that nobody here has, names a stranger.
        """
        found = Concerned()
        stranger = code_only = False
        for cell in cells:
            kinds = self._read(cell)
            found.companies |= kinds.companies
            stranger |= kinds.stranger
            code_only |= kinds.code_only
        if found.companies or stranger:
            return found
        if code_only:
            # The code is nobody's here, but some companies' codes are not known.
            found.companies = set(self._codeless)
            return found
        found.everybody = True
        return found

    def named_in(self, original: str) -> Concerned:
        """Return whom a row may concern of which only the text as it came is left: whoever is named in it."""
        found = Concerned()
        for line, pieces in _lines(original):
            companies = {company for piece in {line, *pieces} for company in self._exactly(piece)}
            if companies:
                found.companies |= companies
            else:
                found.add(self.concerned(piece for piece in pieces if self._may_name(piece)))
        return found

    def told_in(self, note: str) -> set[str]:
        """Return the companies whose whole name stands in a note below the table."""
        said = pl.lit("".join(_texts(note)))
        whole = pl.col("name").str.contains(FULL) & (pl.col("name").str.len_chars() >= _SHORTEST_NAME)
        compared = pl.select(same_name(said)).item()
        return set(
            self._names.filter(whole & pl.lit(compared).str.contains(pl.col("name"), literal=True))["company_id"]
        )

    def look_at(self, texts: Iterable[str]) -> None:
        """Fold many texts and find who answers to them, at once; one that was not looked at before is looked at when it is met."""
        unseen = sorted({text.strip() for text in texts} - self._said.keys())
        new = pl.DataFrame({"text": unseen}, schema={"text": pl.String})
        text, code = pl.col("text"), pl.col("code")
        folded = new.with_columns(
            folded=fold(text).fill_null(""), compared=same_name(text).fill_null(""), missing=missing_reason(text)
        ).with_columns(code=pl.col("folded").str.to_uppercase().str.replace_all("-", "", literal=True))
        told = folded.select(
            *("text", "folded", "compared", "code"),
            nothing=pl.col("missing").is_not_null() | ~text.str.contains(r"[^\W_]"),
            card=identity_card(code),
            holds=tells_apart(code).fill_null(False),
        )
        found = {text: _Said(*said) for text, *said in told.iter_rows()}
        self._said |= found
        keys = pl.Series(
            "alias", sorted({key for text, said in found.items() for key in _keys(text, said)}), dtype=pl.String
        )
        answering = self._aliases.among([keys])
        for alias, company in answering.join(keys.to_frame(), on="alias", how="semi").iter_rows():
            self._answering.setdefault(alias, set()).add(company)

    def _of(self, text: str) -> _Said:
        if text not in self._said:
            self.look_at([text])
        return self._said[text]

    def _may_name(self, piece: str) -> bool:
        """Return whether a cell of a row that is out of step may be its reference: a code, or a whole name."""
        text = piece.strip()
        if not text or len(text) > _LONGEST:
            return False
        said = self._of(text)
        return bool(_CODE.match(said.folded.upper()) or re.search(FULL, said.compared))

    def _exactly(self, piece: str) -> list[str]:
        text = piece.strip()
        if not text or len(text) > 4 * _LONGEST:
            return []
        keys = _keys(text, self._of(text))
        return [company for key in keys for company in self._answering.get(key, ())]

    def _read(self, cell: str) -> _Kinds:
        text = cell.strip()
        if not text or (said := self._of(text)).nothing:
            return _Kinds()
        if exactly := self._exactly(text):
            return _Kinds(set(exactly))
        if {text, said.code, said.compared} & self._later or (said.is_card and not said.code_holds):
            return _Kinds(stranger=True)
        if _CODE.match(said.code):
            if companies := self._near_codes(said.code):
                return _Kinds(companies)
            return _Kinds(code_only=said.code_holds, stranger=_shape(text) in self._key_shapes)
        if _shape(text) in self._key_shapes:
            return _Kinds(stranger=True)
        companies = self._behind_mask(text) or self._near_names(said.compared)
        return _Kinds(companies, stranger=not companies and bool(re.search(FULL, said.compared)))

    def _near_codes(self, code: str) -> set[str]:
        """Companies of which this may be the code: letters for digits, cut short, its organisation part, one slip."""
        said, repaired = pl.col("said"), code.translate(_REPAIRS)
        tests = [said == repaired]
        if len(code) < 18:
            tests += [said.str.contains(part, literal=True) for part in {code, repaired} if len(part) >= _SHORTEST_CUT]
        elif len(code) == 18:
            other = [(said.str.slice(place, 1) != code[place]).cast(pl.Int32) for place in range(18)]
            tests.append((said.str.len_chars() == 18) & (pl.sum_horizontal(other) <= 2))
        return set(self._codes.filter(pl.any_horizontal(tests))["company_id"].to_list())

    def _behind_mask(self, text: str) -> set[str]:
        """Companies whose name a text may be of which a publisher has hidden a part (`广州**科技有限公司`)."""
        shown = re.split(_MASKED, text)
        if len(shown) == 1:
            return set()
        parts = [re.escape(self._of(part).compared) for part in shown]
        return set(self._names.filter(pl.col("name").str.contains(f"^{'.+'.join(parts)}$"))["company_id"].to_list())

    def _near_names(self, name: str) -> set[str]:
        """Companies that a name may mean: one whose name begins it, whose own part is the same but for a character, or begins so."""
        own = cores(pl.Series([name]))[0]
        known, core = self._names, pl.col("core")
        tests = [core == own]
        beginnings = [name[:length] for length in range(_SHORTEST_NAME, len(name))]
        if beginnings:
            tests.append(pl.col("name").is_in(beginnings))
        if len(own) >= _SHORTEST_CORE:
            slip = [own[:place] + own[place + 1 :] for place in range(len(own))]
            patterns = [re.escape(own[:place]) + "." + re.escape(own[place + 1 :]) for place in range(len(own))]
            patterns += [re.escape(own[:place]) + "." + re.escape(own[place:]) for place in range(len(own) + 1)]
            if len(own) > _SHORTEST_CORE:
                tests += [core.is_in(slip), core.str.contains("^(?:" + "|".join(patterns) + ")$")]
        if not re.search(FULL, name):
            tests += [core.str.starts_with(own), core.str.contains(own, literal=True)] if len(own) >= 2 else []
        return set(known.filter(pl.any_horizontal(tests))["company_id"].to_list())


def _keys(text: str, said: _Said) -> tuple[str, str, str]:
    """Return what is looked up for a text, as an id, a code and a name."""
    return f"k\x1f{text}", f"c\x1f{said.folded.upper()}", f"n\x1f{said.compared}"


@dataclass(frozen=True, slots=True)
class _Kinds:
    companies: set[str] = field(default_factory=set)
    stranger: bool = False
    code_only: bool = False


def _ways_to_name(rows: pl.DataFrame, key: str) -> frozenset[str]:
    """The keys, codes and names by which rows of the root table can be pointed at."""
    named = [pl.col(key).cast(pl.String)] if key in rows.columns else []
    named += [fold(pl.col("uscc")).str.to_uppercase()] if "uscc" in rows.columns else []
    named += [same_name(pl.col("name"))] if "name" in rows.columns else []
    return frozenset(
        x for column in rows.select(n.alias(str(i)) for i, n in enumerate(named)) for x in column.drop_nulls()
    )


def _lines(original: str) -> list[tuple[str, list[str]]]:
    """Return the lines of a row as it came, each with the pieces in which it may name somebody."""
    lines = [line for line in re.split(r"[\r\n]+", "\t".join(_texts(original))) if line.strip()]
    return [(line, re.split(r"[\t,;|，；\"“”]+", line)) for line in lines]


def _texts(original: str) -> list[str]:
    try:
        cells = json.loads(original)
    except ValueError:
        return [original]
    listed = list(cells.values()) if isinstance(cells, dict) else cells if isinstance(cells, list) else [cells]
    return [str(cell) for cell in listed if cell is not None]


def concerned_by(
    roster: Callable[[], Roster],
    references: Sequence[pl.Series],
    among: pl.Series,
    refused: Sequence[str],
    notes: Sequence[str] = (),
) -> tuple[Concerned, Concerned]:
    """Return whom lost rows may concern: those whose company is ambiguous, and all others.

    `references` and `among` are of the lost rows alone; `refused` are rows as they came that could not be read into cells; `notes` lines
    below the table. `roster` is asked for where it is needed.
    """
    shared, lost = Concerned(), Concerned()
    rows = pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(references)])
    for companies in among.drop_nulls().to_list():
        shared.companies.update(companies)
    unclear = rows.filter(among.is_null()).unique() if rows.width else rows
    told = [[cell for cell in row if cell is not None] for row in unclear.iter_rows()]
    pieces = {each for text in refused for line, listed in _lines(text) for each in (line, *listed)}
    notes = sorted({text for text in notes if re.match(_TELLS, "".join(_texts(text)), re.IGNORECASE)})
    if not told and not refused and not notes:
        return shared, lost
    known = roster()
    known.look_at({cell for cells in told for cell in cells} | {each for each in pieces if len(each) <= 4 * _LONGEST})
    for cells in told:
        lost.add(known.concerned(cells))
    for text in refused:
        lost.add(known.named_in(text))
    for text in notes:
        lost.companies |= known.told_in(text)
    return shared, lost
