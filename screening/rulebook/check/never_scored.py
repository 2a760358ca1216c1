"""What is never scored, as data: the inputs, the words that give them away, and why.

The list is design 4 in full. Patterns are matched in the ids, labels and headers of criteria, of the facts they read and of the
columns and tables behind these, and in the texts that they compare with; width, case, blanks, invisible signs and traditional
characters are folded. A name and a code tell the place, so both count as address.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from screening.hanzi import simplify


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One input that no criterion and no deduction may use; `in_gates`: no gate and no verdict may either.

    `no_knock_out`: a gate may warn by it, but neither reject nor send to review, and no verdict may ask for it.

    `columns` are `table.column` (or `table.*`), `names` are names of the engine, `words` a pattern of ids and labels.
    """

    id: str
    what: str
    why: str
    columns: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    in_gates: bool = False
    no_knock_out: bool = False


def _words(chinese: str, english: str = "") -> re.Pattern[str]:
    """Return the pattern of words, blanks between them; those of an id or an English label count whole."""
    whole = [rf"(?<![a-z])(?:{'|'.join(english.split())})(?![a-z])"] if english else []
    return re.compile("|".join([*chinese.split(), *whole]))


def _columns(table: str, columns: str) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for column in columns.split())


NEVER_SCORED: tuple[Forbidden, ...] = (
    Forbidden(
        "reinvestment",
        "a promise to reinvest locally (返投)",
        "国办发〔2025〕1号 forbids it as a condition",
        words=_words("返投 反投 返还投资", "reinvest reinvestment fantou local_investment_ratio"),
        in_gates=True,
    ),
    Forbidden(
        "relocation",
        "a promise to move here, or of local tax",
        "it distorts the single market and says nothing of the company",
        words=_words(
            "迁址 迁入承诺 落户承诺 迁移承诺 税收贡献 纳税承诺 税收承诺 地方留存",
            "relocat(?:e|es|ion) local_tax tax_contribution tax_promise settle_promise",
        ),
        in_gates=True,
    ),
    Forbidden(
        "return_concession",
        "a concession of returns (让利)",
        "it is a matter of the fund's charter, not of the company",
        words=_words("让利 收益让渡", "concession return_concession profit_concession"),
        in_gates=True,
    ),
    Forbidden(
        "registered_address",
        "the place of registration beyond the plan's city fit",
        "companies elsewhere in the province are treated alike; city fit is `place_grade`",
        columns=_columns(
            "companies",
            "province city city_basis district address operating_address uscc registration_no company_id name former_names",
        ),
        names=frozenset(("city", "district", "carrier")),
        words=_words("注册地 住所地", "registered_(?:address|place|city|office) place_of_registration"),
        no_knock_out=True,
    ),
    Forbidden(
        "ownership",
        "the type of ownership as such",
        "state, private and foreign companies are treated alike",
        columns=frozenset(("companies.company_type", "holders.*")),
        # Who owns a patent or a line is no matter of this: only the kind of owner is.
        words=_words(
            "所有制 国有企业 民营企业 国企 民企 外资企业 ^ownership$",
            "ownership_(?:type|form|nature|kind|category|structure) "
            "(?:type|form|nature|kind)_of_ownership "
            "(?:state|privately?|foreign|government|publicly?)_own(?:ed|ership) soe",
        ),
    ),
    Forbidden(
        "personal_trait",
        "a trait of a person: sex, age, ethnicity, origin, party membership",
        "the law forbids it, and merit is not in it",
        words=_words(
            "性别 (?<!企业)(?<!公司)(?<!设立)年龄 民族(?!自治) 籍贯 户籍 出生 国籍 党员 政治面貌 宗教 婚姻 生育",
            "sex gender ethnic(?:ity)? nationality religion party_member(?:ship)? "
            "birth(?:place|day|_date)? native_place hukou marital "
            "(?:founder|founders|ceo|chair|staff|team|average|mean)_age age_of_\\w+",
        ),
        in_gates=True,
    ),
    Forbidden(
        "subscribed_capital",
        "subscribed (认缴) capital",
        "it is a promise that costs nothing; paid-in capital may be used",
        columns=_columns("companies", "registered_capital registered_capital_currency registered_capital_kind"),
        words=_words("认缴 (?<!实缴)(?<!实收)注册资[本金]", "registered_capital subscribed_capital capital_subscribed"),
        no_knock_out=True,
    ),
    Forbidden(
        "raw_patent_count",
        "patents that are not granted, own and in the direction",
        "filings and bought patents can be produced at will",
    ),
    Forbidden(
        "subsidies",
        "subsidies received",
        "points for grants would grow with grants already given",
        columns=frozenset(("financials.government_grants",)),
        words=_words("政府补助 政府补贴 财政补贴 补贴收入", "subsid(?:y|ies) government_grants? grants_received"),
    ),
    Forbidden("name_only_direction", "a direction seen only in the name", "anybody may call a company anything"),
    Forbidden(
        "keyword_strength",
        "length of texts or number of keyword hits",
        "long texts would win over true ones; the grade counts",
        words=_words("关键词 命中数 命中次数 词频", "keyword_\\w+ keywords? term_count hit_count hits match_strength"),
    ),
    Forbidden(
        "analyst_notes",
        "an analyst's notes or impressions",
        "they cannot be reproduced; record an override with its reason instead",
        words=_words("分析师 印象分 主观评价 备注", "analyst(?:_\\w+)? notes? remarks? impression"),
        in_gates=True,
    ),
    Forbidden(
        "fund_affiliation",
        "affiliation with the fund",
        "it is a conflict of interest, to be declared, never rewarded",
        columns=frozenset(("holdings.*",)),
        words=_words("关联方 关联关系 基金关联", "affiliat(?:ed|ion) related_party"),
    ),
    Forbidden(
        "missingness", "whether a datum is missing", "a missing fact is drawn as a band; it is neither good nor bad"
    ),
    Forbidden(
        "same_fact_twice", "one fact in two criteria", "it would count double; put both in one pillar with a `cap:`"
    ),
)

BY_ID = {entry.id: entry for entry in NEVER_SCORED}

PLACE = BY_ID["registered_address"]

NAMES = frozenset(("name", "former_names"))
"""Columns that a gate may read as long as it asks for no place in them: a test company is known by its name."""

TITLE_HOLDERS = ("founders", "employees", "venture_capital", "university", "foundation")
"""Kinds of holder that say who did the work or holds the title to it. They are not ownership as such (所有制)."""

_JOINING = frozenset(("Cf", "Mn", "Pd", "Pc", "Cc", "Zs", "Zl", "Zp"))
_APART = re.compile(r"[-_ .*]")
"""The joining signs of ASCII."""
_GAPS = re.compile(r"[\W_]+")


@functools.lru_cache(maxsize=20_000)
def forms(text: str) -> tuple[str, str]:
    """Return a text in the two forms that patterns see: words joined by `_`, and written without any gap.

    >>> forms("Ownership Type / 返 投\u200b比例")
    ('ownership_type_返_投比例', 'ownershiptype/返投比例')
    """
    if text.isascii() and text.isprintable():
        seen = text.lower()
        return _GAPS.sub("_", seen).strip("_"), _APART.sub("", seen)
    folded = simplify(unicodedata.normalize("NFKC", text)).lower()
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Mn"))
    closed = "".join(c for c in seen if unicodedata.category(c) not in _JOINING and c not in "·.*")
    return _GAPS.sub("_", seen).strip("_"), closed


@functools.lru_cache(maxsize=20_000)
def named_in(texts: tuple[str, ...]) -> tuple[Forbidden, ...]:
    """Return the inputs that one of the texts (an id, a label, a header) gives away."""
    said = {form for text in texts if text for form in forms(text)}
    return tuple(e for e in NEVER_SCORED if e.words is not None and any(e.words.search(form) for form in said))
