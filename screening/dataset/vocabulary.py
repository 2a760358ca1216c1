"""The words of exports and the standard values they stand for, read once from `vocabularies.yaml`.

A cell is a value only as a whole: one of the declared words, with at most what forms put round a word (a year, a batch, a
province, 「认定」). A word with its negation is not the value: see `Reading`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from screening.errors import RunError, nearest
from screening.hanzi import simplify
from screening.strict_yaml import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Negation = Literal["", "absent", "past", "pending", "failed"]
"""Why a word does not hold: there is none, there was one, there may be one, it was refused."""

_PUNCTUATION = str.maketrans("，（）：", ",():", '“”"。「」『』《》')
_YEAR = r"(?:\(?(?:19|20)\d{2}(?:-(?:19|20)?\d{2})?(?:年度?|届)?\)?)"
_DAY = r"(?:\(?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\)?|\(?(?:19|20)\d{2}年\d{1,2}月\)?)"
_BATCH = r"(?:\(?第?[一二三四五六七八九十\d]+批次?\)?)"
_PROVINCE = (
    "(?:中国|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    "|青海|内蒙古|广西|西藏|宁夏|新疆)(?:省|市|自治区)?"
)
_FRONT = re.compile(
    rf"^(?:{_DAY}|{_YEAR}|{_BATCH}|{_PROVINCE}|-|:|,|被?(?:认定为?|评为|评定为|列入|列为|纳入|授予)|被(?=限制)|获(?:得|评|批|颁)?|通过|入选|当前|现为|已?取得|已?完成|系|属于|的|存在|拥有|具有|具备|有)+"
)
_DATED = re.compile(rf"^(?:{_DAY}|{_YEAR}|{_BATCH})+")
_BACK = re.compile(
    rf"(?:{_DAY}|\(?(?:19|20)\d{{6}}\)?|\([1-9]\d*(?:条|项|次|起|件)?\)|(?<!\d)[1-9]\d*(?:条|项|次|起|件)|\({_YEAR}?{_BATCH}?(?:年|日)?(?:认定|复审|复评|通过|颁发|获得|获批|入选|批准)\)|\(?(?:证书)?(?:编号|号)?:?gr\d{{10,14}}\)?|{_YEAR}|{_BATCH}|\((?:有效(?:期内)?|在有效期内|当前|现行|未移出|未履行|全部未履行|部分未履行|未结案|执行中|续展|复审|复核通过|通过)\)|(?:复审|复核)(?:已)?通过|:[1-9]\d*(?:条|项|次|起|件)?|\(黑名单\)|企业|证书|资质|称号|资格|认定|认证|名单|名录|记录|信息|公告|公示信息|案件|-|:|,)+$"
)
_GRADE = re.compile(r"\(?[特一二三]等奖?\)?$")
"""`国家科技进步二等奖`, `广东省科学技术奖一等奖`: the grade of an award, within its name or behind it."""
_NEGATIONS: Mapping[Negation, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "failed": (
        re.compile(r"^(?:未(?:能)?通过|未获(?:得|评|批)?|未被(?:认定|评)为?|不予|不符合|落选|撤销|取消|被撤销|被取消)"),
        re.compile(
            r"[:,]?\(?[:,]?(?:复核|复审|认定|评审|审核)?(?:未(?:能)?通过|不予通过|不通过|不合格|未获批|不予认定|被?(?:撤销|取消)(?:资格)?)(?:复核|复审|认定|评审|审核|年审)?\)?$"
        ),
    ),
    "past": (
        re.compile(
            r"^(?:历史(?:上)?(?:的|曾)?|曾经?(?:被|为|是|获)?|原|已?被?(?:解除|移出|移除|撤出|退出|注销|屏蔽)|已?(?:失效|过期|到期)的?)"
        ),
        re.compile(
            r"[:,]?\(?[:,]?(?:已?被?(?:解除|移出|移除|退出|注销|失效|过期|到期|结案|履行完毕|履行)|历史(?:记录|信息)?|已终结)\)?$"
        ),
    ),
    "pending": (
        re.compile(
            r"^(?:拟(?:被)?(?:认定|列入|申报|申请|授予|推荐)?为?|申报中?|申请中?|正在(?:申报|申请|认定)|待(?:认定|审核|复核|评审)?|候选|推荐|培育|计划(?:建设|申报)?|预计|将(?:被|要)?|筹建|在建|预备)"
        ),
        re.compile(
            r"[:,]?\(?[:,]?(?:公示中?|申报中?|申请中|审核中|受理中|评审中|待认定|培育(?:库|企业|对象)?(?:企业)?|候选|入库|储备库?(?:企业)?|推荐(?:名单)?)\)?$"
        ),
    ),
    "absent": (
        re.compile(
            r"^(?:并?非|不是|不属于?|不存在|不涉及|未(?:曾|被|见|发现|列入|查询?到|获)?(?:有|列入|为)?|尚未|从未|无|没有|暂无|否)(?:被|属于|任何|相关|列入|存在)*"
        ),
        re.compile(r"[:,]?\(?[:,]?(?:无|否|没有|无记录|未发现|不存在|不适用|0|0条|零)\)?$"),
    ),
}

# `未通过高新技术企业复审`: what was refused is the review of it.
_REVIEW = re.compile(r"(?:复审|复评|复核|评审|审核|年审|申报|申请)$")
_TAKEN_BACK = re.compile("非|未|无|不|没|否|拟|解除|移出|移除|历史|曾|取消|撤销|失效|过期|申报|申请|培育|候选|待")


@cache
def fold_word(text: str) -> str:
    """Return `text` as it is compared: width, case, characters, spaces, brackets and quotes folded."""
    folded = simplify(unicodedata.normalize("NFKC", text)).translate(_PUNCTUATION)
    return re.sub(r"\s+", "", folded).casefold()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text stands for. With a negation, `value` is what it does not stand for; None where no word fits."""

    value: str | None
    negation: Negation = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded word → standard value. `inside`: a pack says that a word also counts within a longer text."""

    words: Mapping[str, str]
    inside: bool = False
    past: tuple[str, str] | None = None
    """The column and its value that say of a record that it is past; None where a past one counts for nothing."""
    national: frozenset[str] = frozenset()
    """Values that no province gives: with its name in front a word for one of them is another thing."""
    _bare: Mapping[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Reading:
        """Return what a text stands for: as it is, without what forms put round it, or with its negation taken off."""
        folded = fold_word(text)
        if (value := self.words.get(folded)) is not None:
            return Reading(value)
        if (value := self._whole(folded)) is not None:
            return Reading(value)
        negation, rest = _without_negation(folded)
        if negation:
            return Reading(self._whole(rest) or self._whole(_REVIEW.sub("", rest)) or self._inside(rest), negation)
        return Reading(self._inside(folded))

    def look_up(self, text: str) -> str | None:
        """Return the value that `text` stands for, or None when no word fits or its negation stands there."""
        found = self.read(text)
        return None if found.negation else found.value

    def proposal(self, text: str) -> tuple[str, str] | None:
        """Return the (word, value) that a text that is none of them comes nearest to; none where the text denies it."""
        folded = fold_word(text)
        if _without_negation(folded)[0]:
            return None
        within = sorted(
            (word for word in self.words if len(word) > 1 and word in folded), key=lambda word: (-len(word), word)
        )
        close = within[0] if within else nearest(folded, self.words)
        if close and _TAKEN_BACK.search(folded.replace(close, "")):
            return None
        return (close, self.words[close]) if close else None

    def _whole(self, folded: str) -> str | None:
        if not folded:
            return None
        if (value := self.words.get(folded)) is not None:
            return value
        if _GRADE.search(folded):
            return self._whole(_GRADE.sub("奖", folded)) or self._whole(_GRADE.sub("", folded))
        front = _FRONT.sub("", folded)
        for candidate in (_DATED.sub("", folded), front, _BACK.sub("", folded), _BACK.sub("", front)):
            if candidate and (value := self.words.get(candidate) or self._bare.get(candidate)) is not None:
                of_province = folded != front and re.search(_PROVINCE, folded[: len(folded) - len(front)])
                return None if of_province and value in self.national else value
        return None

    def _inside(self, folded: str) -> str | None:
        if not self.inside or not folded or _TAKEN_BACK.search(folded):
            return None
        within = sorted(
            (word for word in self.words if len(word) > 1 and word in folded), key=lambda word: (-len(word), word)
        )
        return self.words[within[0]] if within else None


def _without_negation(folded: str) -> tuple[Negation, str]:
    """Return the negation of a text and the rest of it; what stands in front is looked for before what stands behind."""
    for start in dict.fromkeys((folded, _FRONT.sub("", folded))):
        for negation, (front, _) in _NEGATIONS.items():
            if (found := front.match(start)) and found.end() < len(start):
                return negation, start[found.end() :]
    for negation, (_, back) in _NEGATIONS.items():
        if (found := back.search(folded)) and found.start() > 0:
            return negation, folded[: found.start()]
    return "", folded


@cache
def _content() -> dict[str, object]:
    text = resources.files("screening.dataset").joinpath("vocabularies.yaml").read_text(encoding="utf-8")
    document = parse(text, "vocabularies.yaml")
    if document.problems:
        raise RunError(document.problems)
    return document.data


@cache
def vocabulary(name: str) -> Vocabulary | None:
    """Return the vocabulary `name`, or None when there is none.

    >>> vocabulary("status").look_up("吊销，未注销")
    'revoked'
    >>> vocabulary("certificate_kind").read("非高新技术企业")
    Reading(value='high_tech_enterprise', negation='absent')
    """
    section = _content().get(name)
    if not isinstance(section, dict):
        return None
    return _made(name, {fold_word(word): value for value, listed in section.items() for word in listed})


def _made(name: str, words: Mapping[str, str], *, inside: bool = False) -> Vocabulary:
    # 「企业」 and 「名单」 are taken off a cell, so they are taken off the declared words as well.
    bare = {
        short: value for word, value in words.items() if len(short := _BACK.sub("", word)) > 1 and short not in words
    }
    past, national = _content()["past"], _content()["national"]
    assert isinstance(past, dict)
    assert isinstance(national, dict)
    state = past.get(name)
    return Vocabulary(words, inside, tuple(state) if state else None, frozenset(national.get(name, ())), bare)


@cache
def extended(name: str, synonyms: tuple[tuple[str, str], ...], *, inside: bool = False) -> Vocabulary:
    """Return the vocabulary `name` with further (word, value), which go before its own; empty where there is none."""
    known = vocabulary(name)
    words = dict(known.words) if known is not None else {}
    words |= {fold_word(word): value for word, value in synonyms}
    return _made(name, words, inside=inside)


def as_pairs(*listed: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Return (word, value) of mappings value → words, as `synonyms:` writes them."""
    return tuple((word, value) for mapping in listed for value, words in mapping.items() for word in words)
