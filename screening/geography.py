"""Cities of a province and how exports write them: names, districts, parks, division codes. Data only, no policy.

The functions are pure. `patterns` gives the same knowledge as regular expressions, so that a table can be read column by
column with exactly the answers that `city_of_address` gives one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

from screening.divisions import ABBREVIATIONS, CITIES, PROVINCE_NAMES, PROVINCES, ROMANISED, province_of
from screening.hanzi import simplify

if TYPE_CHECKING:
    from collections.abc import Mapping

CityBasis = Literal["declared", "address", "code", "name"]

_HAN = r"[\x{4E00}-\x{9FFF}]"
_SUFFIX = re.compile(r"(?:市|地区|自治州|盟)$")
_DISTRICT_SUFFIX = re.compile(
    r"(?:(?:深港|粤港澳|粤澳深度)?合作区|新区|(?:满族|回族|苗族|壮族|瑶族|畲族|土家族)*自治县|区|县|市)$"
)
# What follows a bare place name in a road, a building or a market named after the place.
_SIDES = "东西南北中"
# What cannot stand inside the name of a city.
_PARTS = r"市县区镇乡村街路道省场\sA-Za-z0-9()（）,.、-"
_NOT_A_PLACE = "路街道大巷里场站桥楼厦馆园村山江河湖公"


@dataclass(frozen=True, slots=True)
class CityNames:
    """One prefecture-level city and every way it is written. `code`: the first four digits of its division code."""

    name: str
    code: str
    aliases: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Geography:
    """The province and its cities; enough to tell the city from a name, an address or a division code."""

    province: str
    cities: tuple[CityNames, ...] = field(default_factory=tuple)
    other_provinces: tuple[str, ...] = PROVINCE_NAMES


@dataclass(frozen=True, slots=True)
class Patterns:
    """Regular expressions in the common subset of Python and Rust, and the city that a matched text means.

    Each has one group. They are tried in the order of the fields; `elsewhere` and `other_city` match addresses outside
    the province and give the city as written.
    """

    areas: str
    """Administrative areas that override the place they lie in, such as 深汕特别合作区; not in the name of a park or building."""
    elsewhere: str
    bare_elsewhere: str
    """Text that starts with the bare name of another province or of a city outside."""
    other_city: str
    own: str
    """Text that starts with one of the province's own cities."""
    formal: str
    leading: str
    anywhere: str
    named: str
    """A city in the name of a company."""
    district: str
    cities: Mapping[str, str]
    districts: Mapping[str, str]


def short(name: str) -> str:
    """Return a city's name without 市.

    >>> short("深圳市")
    '深圳'
    """
    return _SUFFIX.sub("", name) or name


def district_stem(name: str) -> str:
    """Return a district's name without its kind, when two characters are left; else the whole name."""
    stem = _DISTRICT_SUFFIX.sub("", name)
    return stem if len(stem) >= 2 else name


def _any_of(words: set[str]) -> str:
    # A group that cannot match stands for an empty list; `(?!)` is not known to Rust.
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))) or r"[^\s\S]"


def _is_area(name: str) -> bool:
    """Return whether a name is that of an area with its own administration, such as 深汕特别合作区: long and unmistakable."""
    return len(name) >= 5 and name.endswith("区")


@cache
def patterns(geography: Geography) -> Patterns:
    """Compile what is known of the cities. A district that two cities share, or of one character, tells nothing."""
    shared = Counter(district for city in geography.cities for district in set(city.districts))
    meanings: dict[str, str] = {}
    areas: set[str] = set()
    formal: set[str] = set()
    stems: set[str] = set()
    districts: dict[str, str] = {}
    for city in geography.cities:
        whole = city.name if _SUFFIX.search(city.name) else city.name + "市"
        stems.add(short(city.name))
        formal |= {whole}
        meanings |= {whole: city.name, short(city.name): city.name, city.name: city.name}
    for city in geography.cities:
        for alias in city.aliases:
            if meanings.setdefault(alias, city.name) == city.name and alias != short(city.name):
                (areas if _is_area(alias) else formal).add(alias)
        for district in city.districts:
            if shared[district] == 1 and len(district) >= 3:
                former = district_stem(district) + "市"
                # 南沙片区: a part of a free trade zone, named after the district.
                part = district_stem(district) + "片区"
                if meanings.setdefault(part, city.name) == city.name:
                    formal.add(part)
                for written in {district, former} if former not in meanings else {district}:
                    if meanings.setdefault(written, city.name) == city.name:
                        (areas if _is_area(written) else formal).add(written)
                        districts[written] = district
    others = set(geography.other_provinces) - {geography.province.removesuffix("省")}
    own = _any_of(stems)
    outside = CITIES - stems
    province = re.escape(geography.province.removesuffix("省"))
    # 中山路 and 中山西路 are roads anywhere in China; 中山西区 is a place.
    tail = f"(?:[^{_NOT_A_PLACE}{_SIDES}]|[{_SIDES}](?:[^路街大环]|$)|$)"
    start = rf"^(?:中国|中华人民共和国)?(?:{province}省?)?"
    return Patterns(
        areas=rf"({_any_of(areas)})(?:[^园厦楼]{{0,6}}$|[^园厦楼基]{{7}}|[^园厦楼基]{{0,6}}(?:号|路|街|道|镇|村|区))",
        bare_elsewhere=rf"^(?:中国)?({_any_of(others | outside)})(?:省|市|自治区)?{tail}",
        elsewhere=rf"^(?:中国)?((?:{_any_of(others)})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)"
        rf"|(?:{_any_of(others)})(?:[^{_NOT_A_PLACE}\s市]{_HAN}{{1,3}}市))",
        other_city=rf"^(?:{_HAN}{{2,7}}?(?:省|自治区))?([^{_PARTS}]{{2,4}}市)(?:[^场桥]|$)",
        formal=f"({_any_of(formal)})(?:[^场]|$)",
        own=f"^(?:{own})",
        leading=rf"{start}\(?({own}){tail}",
        anywhere=f"({own}){tail}",
        named=rf"(?:{start}|[(（])({own})",
        district=f"({_any_of(set(districts))})",
        cities=meanings,
        districts=districts,
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: rf"\u{found[1]:>04}", pattern))


def _found(pattern: str, text: str) -> str | None:
    match = _compiled(pattern).search(text)
    return match[1] if match else None


# A free trade zone bears the name of its province in brackets, often with no city before it.
FREE_TRADE_ZONE = (rf"^(?:中国)?\(({_HAN}{{2,3}})\)自由贸易(?:试验区|港)", "自贸区")
"""Pattern of the front of an address and what stands behind the province instead."""


ABROAD = (
    "^(开曼群岛|英属维尔京群岛|英属维京群岛|百慕大群岛|百慕大|萨摩亚|塞舌尔|马绍尔群岛|毛里求斯|美国|英国|德国|法国|日本|韩国|新加坡|加拿大|澳大利亚|新西兰"
    "|荷兰|瑞士|瑞典|以色列|卢森堡|爱尔兰|意大利|马来西亚|泰国|印度尼西亚|印度|越南|俄罗斯)(?:$|[^路街村工科园镇])"
)
"""Pattern of the front of an address abroad."""


def fold_place(text: str) -> str:
    """Return a place as it is compared: width and characters folded, no white space."""
    return re.sub(r"\s+", "", simplify(unicodedata.normalize("NFKC", text)))


def city_of_address(geography: Geography, address: str) -> str | None:
    """Return the city an address lies in: one of the province's, another as written, or None.

    The first place named counts, except that a named administrative area overrides it. A road or market named after a
    city does not name it.
    """
    known = patterns(geography)
    zone, instead = FREE_TRADE_ZONE
    folded = _compiled(zone).sub(rf"\1{instead}", fold_place(address))
    if _found(known.elsewhere, folded) is not None:
        return _city_elsewhere(known, folded)
    local = re.sub(rf"^(?:中国)?{re.escape(geography.province.removesuffix('省'))}省?", "", folded)
    other = _found(known.other_city, local)
    if other is not None and other not in known.cities and not _compiled(known.own).search(other):
        return other
    if (bare := _found(known.bare_elsewhere, folded)) is not None:
        return bare
    if (area := _found(known.areas, folded)) is not None:
        return known.cities[area]
    for pattern in (known.leading, known.formal, known.anywhere):
        if (found := _found(pattern, folded)) is not None:
            return known.cities[found]
    if folded.isascii():
        return city_of_latin_address(geography, address)
    abroad = _compiled(ABROAD).match(folded)
    return abroad[1] if abroad else None


def city_of_latin_address(geography: Geography, address: str) -> str | None:
    """Return the city that a part between commas of an address in Latin letters is, the last one first.

    >>> demo = Geography("广东省", (CityNames("深圳市", "4403"),))
    >>> city_of_latin_address(demo, "Rm 1, Guangzhou Road, Nanshan District, Shenzhen 518000, P.R. China")
    '深圳市'
    """
    for part in reversed(address.casefold().split(",")):
        named = ROMANISED.get(_LATIN_TAIL.sub("", re.sub(r"\b\d{6}\b", "", part).strip()).strip())
        if named is not None:
            return patterns(geography).cities.get(named, named)
    return None


def _city_elsewhere(known: Patterns, folded: str) -> str | None:
    place = _found(known.elsewhere, folded) or ""
    if place.endswith("市") and len(place) == 3:
        return place
    rest = folded.removeprefix("中国")
    rest = rest.removeprefix(place) if not place.endswith("市") else rest
    city = _found(known.other_city, rest)
    return city or place


_NO_CITY = frozenset(
    (
        "中国",
        "全国",
        "国内",
        "境内",
        "境外",
        "海外",
        "国外",
        "省内",
        "省外",
        "省直",
        "省属",
        "市辖区",
        "其他",
        "其它",
        "总部",
    )
)
_POSTCODE, _POSTCODES = 6, {"广东": ("51", "52")}
_LATIN_TAIL = re.compile(r"(?:,?\s*(?:city|shi|municipality|guangdong|province|p\.?r\.?\s*china|china))+\.?$")


# A place that is excepted, or several: no city is declared.
_KIND_OF_CITY = re.compile(
    r"^(?:新?[一二三四五]线|省会|沿海|内陆|其[他它]|中心|副?省级|计划单列|单列|地级|县级|直辖|境内|待定|重点|主要|特大|超大|大型|中小)+城?市$|^城区$"
)
"""A sort of city, which names none."""
_EXCEPT = re.compile(r"不含|不包括|不包含|以外|之外|除外|^[非除]|非本")
_SEVERAL = re.compile(r"[/、,;及和与或|\\·+&-]")


def city_named(geography: Geography, text: str) -> str | None:
    """Return the city that a declared place means; a place outside the province is kept as written.

    None when the text names no city: the province itself, a region (华南, 珠三角), a district of no known city, a number that
    is no division. The address then decides.
    """
    known = patterns(geography)
    folded = fold_place(text)
    if folded.isdigit():
        # A postcode of Guangdong looks like a division of Sichuan or Guizhou.
        postcode = len(folded) == _POSTCODE and folded[:2] in _POSTCODES.get(geography.province.removesuffix("省"), ())
        return None if postcode else _city_of_division(geography, folded)
    if folded.isascii():
        latin = _LATIN_TAIL.sub("", text.strip().casefold()).strip()
        named = ROMANISED.get(latin)
        return None if named is None else known.cities.get(named, named)
    own = geography.province.removesuffix("省")
    if _EXCEPT.search(folded):
        return None
    parts = {
        each for part in _SEVERAL.split(folded) if (each := known.cities.get(part) or known.cities.get(part + "市"))
    }
    if len(parts) > 1:
        return None
    bare = re.sub(rf"^(?:中国)?[-/·,、]?(?:{re.escape(own)}省?)?[-/·,、]?", "", folded)
    if not bare or bare in _NO_CITY or _KIND_OF_CITY.match(bare):
        return None
    for written in (bare, short(bare)):
        if written in known.cities:
            return known.cities[written]
    if bare in ABBREVIATIONS:
        province = PROVINCES[ABBREVIATIONS[bare]]
        return None if province.removesuffix("省") == own else province
    for city in geography.cities:
        if any(district_stem(district) == bare for district in city.districts):
            return city.name
    if bare in geography.other_provinces or short(bare) in CITIES:
        return text.strip()
    return city_of_address(geography, bare)


def _city_of_division(geography: Geography, digits: str) -> str | None:
    """Return the city of a division code (six digits, or the first two or four), the province where it is another."""
    if len(digits) not in (2, 4, 6, 9, 12):
        return None
    province = province_of(digits)
    if province is None or province.removesuffix("省") != geography.province.removesuffix("省"):
        return province
    return next((city.name for city in geography.cities if len(digits) > 2 and city.code == digits[:4]), None)


def city_of_code(geography: Geography, code: str) -> str | None:
    """Return the city whose registrar issued a credit code; the province where it is another, None where the code says neither."""
    return _city_of_division(geography, code[2:8]) if len(code) == 18 and code[2:8].isdigit() else None


def city_of_name(geography: Geography, name: str) -> str | None:
    """Return the city that a company's name starts with or gives in brackets."""
    found = _found(patterns(geography).named, fold_place(name))
    return patterns(geography).cities[found] if found else None


def city_of(
    geography: Geography,
    *,
    declared: str | None = None,
    address: str | None = None,
    code: str | None = None,
    name: str | None = None,
) -> tuple[str | None, CityBasis | None]:
    """Return the city and what it rests on: what is declared, else the address, the credit code, the name.

    >>> demo = Geography("广东", (CityNames("深圳", "4403", districts=("南山区",)),))
    >>> city_of(demo, address="南山区科苑路1号")
    ('深圳', 'address')
    """
    for basis, text, tell in (
        ("declared", declared, city_named),
        ("address", address, city_of_address),
        ("code", code, city_of_code),
        ("name", name, city_of_name),
    ):
        if text and (city := tell(geography, text)) is not None:
            return city, basis  # type: ignore[return-value]
    return None, None
