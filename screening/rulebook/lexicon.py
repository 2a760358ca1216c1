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

Activity = Literal["make", "service", "train", "trade", "applied", "other", "means", "unstated"]
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
    nearest: dict[str, Items[Text]] = Field(
        default_factory=dict,
        description="仅在领域之下: 词只说明领域时最接近的方向,及其词(一词写一种写法即可);一个方向不列词,其余归它。 "
        "Under a domain: where its words tell the domain alone, the direction they are nearest to (one spelling stands for its "
        "family); the one direction without words takes the rest.",
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

    @model_validator(mode="after")
    def _nearest_are_terms(self) -> LexiconEntry:
        known = {variant for _, family in self.families() for variant in family.split(FAMILY_SEPARATOR)}
        lost = sorted({word for words in self.nearest.values() for word in words} - known)
        if lost:
            raise ValueError(f"`nearest` names {', '.join(lost)}, which is in none of the word lists of this entry")
        rest = [direction_id for direction_id, words in self.nearest.items() if not words]
        if self.nearest and len(rest) != 1:
            raise ValueError("`nearest` needs exactly one direction without words: it takes the rest")
        return self

    def nearest_of(self) -> Iterator[tuple[str, str]]:
        """Yield (spelling, direction nearest to it) for every word of the entry; nothing without `nearest`."""
        rest = next((direction_id for direction_id, words in self.nearest.items() if not words), None)
        told = {word: direction_id for direction_id, words in self.nearest.items() for word in words}
        for _, family in self.families():
            spellings = family.split(FAMILY_SEPARATOR)
            found = next((told[spelling] for spelling in spellings if spelling in told), rest)
            if found:
                yield from ((spelling, found) for spelling in spellings)

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


OF_WORDS = {
    *("strong", "related", "weak", "abbreviations", "scope", "boilerplate", "named", "masks", "needs", "nearest"),
}
"""What of an entry is about words: each touches only the texts in which one of its words stands."""


class Verbs(Strict):
    """One class of activity and the words that tell it. 一类活动及其用词。"""

    label: LabelField | None = Field(default=None, description="名称。 Label.")
    words: Items[Text] = Field(default=(), description="用词。 Words.")
    weight: Share = Field(description="权重。 Weight.")


class Phrase(Strict):
    """A turn of phrase that tells what a hit is. 表明命中是本业、应用场景、客户或手段的句式。

    `own` states the company's own trade (`is a … maker`) in prose: then neither `applied` nor `means` holds. `other` says that
    the words name another thing (an accessory, news of it) and always holds. All patterns see the part of the phrase (up to a
    comma or stop) on their side of the hit.
    """

    activity: Literal["own", "applied", "other", "means"] = Field(
        description="本业,应用场景,另一事物,或手段。 The own trade, a field of use, another thing, or a means."
    )
    opens: bool = Field(
        default=False,
        description="只在自述开头成立,`before` 须从短语之首起。 Only where prose opens; `before` starts with the phrase.",
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
    """The strengths at which something is said. 定级阈值。"""

    core: float = Field(default=0.9, gt=0, description="核心: 该方向的事物本身须达的强度。 Core: of the thing itself.")
    related: float = Field(default=0.6, gt=0, description="计入: 领域须达的强度。 A domain is in from here on.")
    read: float = Field(
        default=0.3,
        gt=0,
        description="待人工判定: 介于此值与 related 之间。 From here up to `related` a person must read.",
    )
    named: float = Field(
        default=0.1,
        ge=0,
        description="领域计入后,最强的方向达此值即指名。 Where the domain is in, its foremost direction is named from here on.",
    )


class Standing(Strict):
    """Where a thing stands in a text, and what that is worth. 事物在文本中的位置及其权重。

    Lists (the scope) are read item by item: an item is worth what it says wherever it stands; one that leads the list, or is
    nearly all of it, tells the main business. Prose says first what a company does: what comes after the opening and is
    not stated as the business counts less.
    """

    leading: Share = Field(
        default=1.25, description="首项、几乎唯一的一项、开头或明述的主业。 The leading or only item, the opening."
    )
    beyond: Share = Field(default=0.6, description="自述开头之后、未作主业陈述者。 Prose beyond its opening.")
    items: int = Field(default=2, ge=0, description="清单的前几项为首项。 How many items lead a list.")
    crowd: int = Field(
        default=250, ge=1, description="长于此(字)的清单为长清单。 A list longer than this is a catalogue."
    )
    crowded: Share = Field(
        default=1.0, description="长清单中不居首的一项。 An item of a catalogue that does not lead it."
    )
    prose: Items[TextField] = Field(default=(), description="属自述的字段。 The fields that are prose.")
    opening: int = Field(default=80, ge=0, description="自述的开头有多少字。 How many characters open prose.")
    statements: Items[Pattern] = Field(
        default=(),
        description="其后的主业陈述(正则): 同一短语中其后的词不减权。 "
        "Words that open a statement of the main business: what follows in the phrase keeps its weight.",
    )
    repeated: Share = Field(
        default=0.0,
        description="自述再次提及同一事物时的加成(至多两次)。 What each further mention in prose adds, twice at most.",
    )


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
    nouns: Items[Family] = Field(
        default=(),
        description="含动词字样的名词,其中的动词不算。 Nouns that hold the letters of a verb: no verb is read inside them.",
    )
    readable: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="文本的字母与汉字中汉字占比低于此值,即为词表读不懂的文本。 "
        "A text with a smaller share of Han among its letters is one that the lexicon cannot read.",
    )
    says_nothing: Items[Pattern] = Field(
        default=(), description="等于没有说明业务的文本(正则)。 Texts that tell nothing (patterns of the whole text)."
    )
    identities: Ids[Identity] = Field(default_factory=dict, description="主业在别处的迹象。 Signs of another trade.")
    entity_kinds: dict[str, Share] = Field(
        default_factory=dict, description="主体类别的权重乘数。 Factor by kind of entity."
    )
    standing: Standing = Field(default_factory=Standing, description="位置。 Where a thing stands in a text.")
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


def phrases(
    settings: Classification, activity: Literal["own", "applied", "other", "means"], mark: str, opening: str = ""
) -> str:
    """Return the pattern of all phrases of an activity over `words before MARK words after`.

    `opening` is the mark before a phrase that stands where prose opens.
    """
    gap = f"[^{mark}]*"
    return either(
        f"{opening if one.opens else ''}(?:{one.before})(?:{one.between or gap}){mark}(?:{one.after})"
        for one in settings.phrases
        if one.activity == activity
    )
