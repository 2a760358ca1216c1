"""Industries of GB/T 4754: a cell is a code or the name of a section or division; anything else tells nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - checked at run time
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from screening.dataset.parsed import Parsed, why_not
from screening.dataset.text import map_unique
from screening.dataset.vocabulary import fold_word
from screening.errors import RunError
from screening.strict_yaml import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

_CODE = re.compile(r"^([A-T])?[-.]?(\d{2,4})?(?![A-Z\d])")
# `金融业(除外)`, `金融业(原)`: what stands in brackets takes the name back.
_TAKEN_BACK = re.compile(
    r"[(][^()]*(?:除外|以外|不含|不包括|不属于|非|原|拟|曾|已变更|待定)[^()]*[)]|^(?:除|非|不含|不属于|拟|原)|(?:除外|以外)$"
)
_PARTS = re.compile(r"[-/>|\\→]+")


@cache
def _standard() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return folded name → code of sections and divisions, and division → section."""
    text = resources.files("screening.dataset").joinpath("industries.yaml").read_text(encoding="utf-8")
    document = parse(text, "industries.yaml")
    if document.problems:
        raise RunError(document.problems)
    sections, divisions = document.data["sections"], document.data["divisions"]
    names = {fold_word(name): section for section, name in sections.items()}
    owners: dict[str, str] = {}
    for section, listed in divisions.items():
        for digits, name in listed.items():
            owners[digits] = section
            names[fold_word(name)] = f"{section}{digits}"
    # 房地产业 and 教育 are section and division in one.
    return names, owners


def industry_of(text: str) -> str | None:
    """Return the code that a cell gives: as written, or of the section or division that it names; None for anything else.

    >>> industry_of("C39 计算机、通信和其他电子设备制造业"), industry_of("金融业"), industry_of("3921"), industry_of("量子产业")
    ('C39', 'J', '3921', None)
    """
    names, _ = _standard()
    folded = fold_word(text).upper()
    if (whole := names.get(folded.casefold())) is not None:
        return whole
    if _TAKEN_BACK.search(folded):
        return None
    found: list[str] = []
    parts = [part for part in _PARTS.split(folded) if part]
    for part in parts:
        code = _code(part)
        name = names.get(re.sub(r"^[A-Z]?\d*", "", re.sub(r"\([^()]*\)$", "", part)).casefold())
        inner = _code(match[1]) if (match := re.search(r"\(([A-T]?\d{0,4})\)$", part)) else None
        told = [each for each in (code, inner, name) if each is not None]
        if not told:
            return None
        found += told
    return _narrowest(found) if found else None


def _code(part: str) -> str | None:
    """Return a code at the start of a part, when its letter and its digits belong together."""
    _, owners = _standard()
    match = _CODE.match(part)
    if match is None or not (match[1] or match[2]):
        return None
    rest = part[match.end() :]
    if rest and not re.match(r"[\u4e00-\u9fff(.:,]", rest):
        return None
    section = owners.get((match[2] or "")[:2])
    if match[2] and section is None:
        return None
    if match[1] and match[2] and match[1] != section:
        return None
    return re.sub("[-.]", "", match[0])


def _narrowest(codes: Sequence[str]) -> str | None:
    """Return the longest of the codes when the others lie above it, None where they contradict each other."""
    _, owners = _standard()

    def full(code: str) -> str:
        return code if code[0].isalpha() else owners[code[:2]] + code

    narrowest = max(codes, key=lambda code: (len(full(code)), code))
    if not all(full(narrowest).startswith(full(code)) for code in codes):
        return None
    return full(narrowest) if any(code[0].isalpha() for code in codes) else narrowest


def parse_industry(name: str, cells: pl.Series) -> Parsed:
    """Read a column of industries as codes; a cell that is no code and no name of the standard is `unparsable`."""
    codes = map_unique(cells, industry_of)
    return Parsed({name: codes.alias(name)}, why_not(codes, cells))
