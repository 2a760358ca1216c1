"""The classification sections of a pack: the words of each direction, and how hits become grades.

An item of a word list is one *family*: spellings and synonyms of one thing, separated by `|`. However many spellings of
a family a text holds, the family counts once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from screening.catalog import Ids, Items, LabelField, Strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TextField = Literal["products", "description", "business_scope", "industry_name", "name"]
"""The company columns that are read as text."""

TermKind = Literal["strong", "abbreviation", "related", "scope", "weak", "boilerplate", "named"]
"""What a term is worth; the weights are `classification.kinds`."""

Activity = Literal["make", "service", "trade", "applied", "means", "unstated"]
"""What the text says the company does with the thing."""

FAMILY_SEPARATOR = "|"

LONGEST_TERM = 60
LONGEST_PATTERN = 1_000
"""Characters of the longest spelling of a term, and of the longest pattern."""


def _family(item: str) -> str:
    variants = item.split(FAMILY_SEPARATOR)
    if any(not variant.strip() or variant != variant.strip() for variant in variants):
        raise ValueError("an empty spelling, or blanks beside '|'")
    if any(len(variant) > LONGEST_TERM for variant in variants):
        raise ValueError(f"a spelling has more than {LONGEST_TERM} characters")
    return item


Family = Annotated[str, AfterValidator(_family)]
"""One thing with its spellings: `锂离子电池|锂电池`."""

_NOT_LINEAR = re.compile(r"\(\?(?:=|!|<=|<!)|\\[1-9]")
_ANCHORS = re.compile(r"(?<![\[\\])\^|(?<!\\)\$")


def _pattern(value: str) -> str:
    if _NOT_LINEAR.search(value):
        raise ValueError("look-around and back-references are not supported: patterns run in linear time")
    if len(value) > LONGEST_PATTERN:
        raise ValueError(f"a pattern has more than {LONGEST_PATTERN:,} characters")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression without look-around and back-references, seen against folded text. `check` compiles it."""

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TERM)]

Share = Annotated[float, Field(ge=0, le=2)]


class LexiconEntry(Strict):
    """The words of one direction (or of a domain). 一个方向(或领域)的词表。

    Under the id of a domain only `related`, `scope`, `weak`, `boilerplate`, `masks` and `industries` make sense: they
    tell the domain without a direction.
    """

    strong: Items[Family] = Field(default=(), description="单独即可认定的词。 Enough alone: the thing itself.")
    related: Items[Family] = Field(
        default=(),
        description="同领域的供应链或邻近技术,单独可定为相关。 Supply chain or adjacent technology: enough for `related`.",
    )
    weak: Items[Family] = Field(default=(), description="须与其他词同现。 Counts only beside another family.")
    abbreviations: Items[Family] = Field(
        default=(), description="英文缩写(按词边界匹配)。 ASCII terms, matched with boundaries."
    )
    scope: Items[Family] = Field(
        default=(),
        description="经营范围中的具体项目: 几项可定,一项不足,名称可佐证。 "
        "Specific scope items: several carry, one does not, the name may corroborate.",
    )
    boilerplate: Items[Family] = Field(
        default=(), description="人人可勾选的套话,再多也不算。 Phrases anyone may tick; never count, however many."
    )
    named: Items[Family] = Field(
        default=(), description="只在企业名称中作旁证的词。 Words that only corroborate, and only in a company's name."
    )
    masks: Items[Family] = Field(default=(), description="先行遮蔽的假朋友。 False friends, masked first.")
    needs: dict[str, Items[Text]] = Field(
        default_factory=dict,
        description="歧义词: 同句须有其一。 An ambiguous term and the words of which its clause must hold one.",
    )
    patents: Items[Text] = Field(default=(), description="IPC/CPC 分类号前缀。 Patent class prefixes.")
    industries: Items[Text] = Field(default=(), description="GB/T 4754 代码前缀。 Industry code prefixes.")

    @model_validator(mode="after")
    def _needs_are_terms(self) -> LexiconEntry:
        known = {variant for _, family in self.families() for variant in family.split(FAMILY_SEPARATOR)}
        lost = sorted(set(self.needs) - known)
        if lost:
            raise ValueError(f"`needs` names {', '.join(lost)}, which is in none of the word lists of this entry")
        return self

    def families(self) -> Iterator[tuple[TermKind, str]]:
        """Yield (kind, family) in written order, masks left out."""
        kinds: tuple[tuple[TermKind, tuple[str, ...]], ...] = (
            ("strong", self.strong),
            ("abbreviation", self.abbreviations),
            ("related", self.related),
            ("scope", self.scope),
            ("weak", self.weak),
            ("boilerplate", self.boilerplate),
            ("named", self.named),
        )
        for kind, families in kinds:
            for family in families:
                yield kind, family


class Verbs(Strict):
    """One class of activity and the words that tell it. 一类活动及其用词。"""

    label: LabelField | None = Field(default=None, description="名称。 Label.")
    words: Items[Text] = Field(default=(), description="用词。 Words.")
    weight: Share = Field(description="权重。 Weight.")


class Phrase(Strict):
    """A turn of phrase that tells what a hit is. 表明命中是本业、应用场景、客户或手段的句式。

    `own` states the company's own trade (`is a … maker`) in prose (the fields of `opening`): then no phrase of the other
    kinds holds. All patterns see the
    part of the phrase (up to a comma or stop) on their side of the hit.
    """

    activity: Literal["own", "applied", "means"] = Field(
        description="本业,应用场景,或手段。 The own trade, a field of use, or a means."
    )
    before: Pattern = Field(default="", description="命中之前须匹配(正则,空为不限)。 Must match before the hit.")
    between: Pattern = Field(
        default="",
        description="其匹配与命中之间只能是(正则,空为任意)。 All that may stand between that match and the hit.",
    )
    after: Pattern = Field(default="", description="命中之后须匹配(正则,空为不限)。 Must match after the hit.")

    @model_validator(mode="after")
    def _says_something(self) -> Phrase:
        if not self.before and not self.after:
            raise ValueError("give `before:` or `after:`")
        if any(_ANCHORS.search(pattern) for pattern in (self.before, self.between, self.after)):
            raise ValueError(
                "no ^ or $ here: `before` is searched in the words before the hit, `after` starts at its end"
            )
        return self


class Identity(Strict):
    """A sign that the company's own trade is another one. 表明主业在别处的迹象。

    Where it holds, every hit of the company weighs `factor`, so that an advertiser who ticked 光模块 stays an advertiser.
    """

    label: LabelField | None = Field(default=None, description="名称。 Label.")
    field: TextField = Field(description="看哪个字段。 Which field.")
    pattern: Pattern = Field(min_length=1, description="正则表达式(RE2)。 Regular expression (RE2).")
    unless: Pattern = Field(default="", description="例外(正则)。 Except where this matches.")
    unless_told: Pattern = Field(
        default="",
        description="经营范围、产品或自述中的例外(正则)。 Except where the scope, products or description match this.",
    )
    factor: Share = Field(description="权重乘数。 Factor on every weight.")


class Thresholds(Strict):
    """The strengths at which a grade is reached. 定级阈值。"""

    core: float = Field(default=1.0, gt=0, description="核心。 Core.")
    related: float = Field(default=0.6, gt=0, description="相关。 Related.")
    told: float = Field(
        default=0.3,
        ge=0,
        description="名称以外的文本至少须有的强度。 Strength that texts other than the name must hold.",
    )
    thin: float = Field(
        default=0.75,
        gt=0,
        description="只有弱词与条目、名称又无佐证时的相关阈值。 `related` where only weak and scope terms speak and the name does not.",
    )
    corroborated: float = Field(
        default=0.6,
        gt=0,
        description="首项为自制且名称佐证时的相关阈值。 `related` where the company makes the leading thing and its name agrees.",
    )
    core_bonus: float = Field(
        default=0.5,
        ge=0,
        description="比较领域时核心的加分。 What a core direction adds when domains are compared for the lead.",
    )
    second_share: Share = Field(
        default=0.6, description="次要领域的强度须达主要领域的这一份额。 A second domain needs this share of the first."
    )


class Dilution(Strict):
    """How a thing weighs less where it is a small part of a long text. 稀释:长文本中的一小部分减权。"""

    full_share: float = Field(
        default=0.2, gt=0, le=1, description="占比达到此值不减权。 Share of the text at full weight."
    )
    floor: Share = Field(default=0.3, description="减权下限。 The lowest factor.")
    fields: Items[TextField] = Field(default=("business_scope",), description="适用字段。 Fields it applies to.")
    each: Share = Field(
        default=0.0,
        description="每多一种自制的核心事物,下限提高多少。 How much each further strong thing that is made lifts the floor.",
    )
    by_end: Share = Field(
        default=0.0, description="越靠后越轻: 文末减去的份额。 Share lost towards the end of the text."
    )
    short: int = Field(
        default=40, ge=0, description="短于此长度(字)的文本不减权。 Texts shorter than this are not diluted."
    )


class Lead(Strict):
    """The leading items of a text say what the company mainly does; they are not diluted. 首项说明主业,不稀释。"""

    items: int = Field(default=2, ge=0, description="前几项。 How many items.")
    within: int = Field(default=60, ge=0, description="须在前多少字内。 Within so many characters.")
    factor: Share = Field(default=1.0, description="权重乘数。 Factor on their weight.")


class Opening(Strict):
    """Prose says first what a company does; what comes later weighs less. 自述先说主业,其后减权。"""

    within: int = Field(default=100, ge=0, description="开头多少字。 How many characters open the text.")
    fields: Items[TextField] = Field(default=(), description="适用字段。 Fields it applies to.")
    statements: Items[Pattern] = Field(
        default=(),
        description="其后的主业陈述(正则): 同一短语中其后的词不减权。 "
        "Words that open a statement of the main business: what follows in the phrase keeps its weight.",
    )
    repeated: Share = Field(
        default=0.0,
        description="同一事物再次提及时的加成(至多两次)。 What each further mention of a thing adds, twice at most.",
    )
    beyond: Share = Field(default=1.0, description="其后的权重乘数。 Factor beyond the opening.")


class Classification(Strict):
    """How hits become grades. 命中如何定级。"""

    fields: dict[TextField, Share] = Field(default_factory=dict, description="字段权重。 Weight of each field.")
    kinds: dict[TermKind, Share] = Field(default_factory=dict, description="词类权重。 Weight of each kind of term.")
    activities: dict[Activity, Verbs] = Field(default_factory=dict, description="活动及权重。 Activities and weights.")
    phrases: Items[Phrase] = Field(
        default=(), description="表明应用场景或手段的句式。 Turns of phrase that tell a use or a means."
    )
    separators: str = Field(
        default="。;\n", min_length=1, max_length=LONGEST_TERM, description="分句符。 Clause separators."
    )
    item_separators: str = Field(
        default="、,", min_length=1, max_length=LONGEST_TERM, description="项目分隔符。 Item separators."
    )
    exclusions: Items[Pattern] = Field(default=(), description="排除语(正则),不参与匹配。 Exclusion patterns, blanked.")
    tails: Items[Pattern] = Field(default=(), description="监管套语(正则),不参与匹配。 Regulatory tails, blanked.")
    masks: Items[Family] = Field(default=(), description="通用假朋友。 False friends of no direction in particular.")
    says_nothing: Items[Pattern] = Field(
        default=(), description="等于没有说明业务的文本(正则)。 Texts that tell nothing (patterns of the whole text)."
    )
    identities: Ids[Identity] = Field(default_factory=dict, description="主业在别处的迹象。 Signs of another trade.")
    entity_kinds: dict[str, Share] = Field(
        default_factory=dict, description="主体类别的权重乘数。 Factor by kind of entity."
    )
    dilution: Dilution = Field(default_factory=Dilution, description="稀释。 Dilution.")
    lead: Lead = Field(default_factory=Lead, description="首项。 The leading items of a text.")
    opening: Opening = Field(default_factory=Opening, description="开头。 The opening of prose.")
    thresholds: Thresholds = Field(default_factory=Thresholds, description="阈值。 Thresholds.")
    precedence: Items[str] = Field(
        default=(), description="强度相同时在前的方向。 Directions that lead when strengths are equal."
    )
    patent_weight: Share = Field(default=0.6, description="专利证据的权重。 Weight of patent evidence.")
    industry_weight: Share = Field(default=0.3, description="行业代码证据的权重。 Weight of industry code evidence.")


_NEVER = r"[^\s\S]"


def either(patterns: Iterable[str]) -> str:
    """Join patterns into one; with none, a pattern that matches nothing."""
    return "|".join(f"(?:{pattern})" for pattern in patterns) or _NEVER


def blanked(settings: Classification) -> str:
    """Return the pattern of all that is overwritten before matching, empty when there is none."""
    patterns = (*settings.exclusions, *settings.tails)
    return either(patterns) if patterns else ""


def silent(settings: Classification) -> str:
    """Return the pattern of a text that tells nothing."""
    return rf"\A\s*(?:{'|'.join(settings.says_nothing)})\s*\z"


def phrases(settings: Classification, activity: Literal["own", "applied", "means"], mark: str) -> str:
    """Return the pattern of all phrases of an activity over `words before MARK words after`."""
    gap = f"[^{mark}]*"
    return either(
        f"(?:{one.before})(?:{one.between or gap}){mark}(?:{one.after})"
        for one in settings.phrases
        if one.activity == activity
    )
