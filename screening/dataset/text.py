"""Text cells: what is stripped, what counts as empty, and how texts are folded before they are compared."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from screening.dataset.vocabulary import vocabulary
from screening.hanzi import folding

if TYPE_CHECKING:
    from collections.abc import Callable

# C0 and C1 controls (but tab and line ends), bidi overrides and isolates, zero-width marks, the byte-order mark.
CONTROLS = (
    r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{9F}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}\x{2066}-\x{2069}\x{FEFF}]"
)
MAX_CELL = 100_000
_BROKEN_WORD = r"(\p{Han})[ \t]*\r?\n[ \t]*(\p{Han})"
_LONGEST_WORD = 60

Texts = TypeVar("Texts", pl.Series, pl.Expr)


def where_needed(cells: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Change the texts that `pattern` is found in; the others are what `change` would leave as they are, and are not copied."""
    return cells if cells.null_count() == len(cells) else _changed(cells, cells.str.contains(pattern), change)


def _changed(cells: pl.Series, needed: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    count = needed.sum()
    if count == 0:
        return cells
    if count == len(cells):
        return change(cells)
    return cells.clone().scatter(needed.arg_true(), change(cells.filter(needed)))


def holding_controls(cells: pl.Series) -> pl.Series:
    """Return which cells hold control or direction marks, which cleaning strips."""
    return cells.str.contains(CONTROLS)


_WEB_BREAK, _WEB_MARK = r"(?i)<br\s*/?>", r"(?i)</?(?:em|font|span|mark)(?: [^<>]*)?>"
_WEB_CHARACTERS = {
    "&nbsp;": " ",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&middot;": "·",
    "&ldquo;": "“",
    "&rdquo;": "”",
    "&amp;": "&",
}
_WEB_RESIDUE = r"(?i)&(?:nbsp|lt|gt|quot|#39|middot|[lr]dquo|amp);|</?(?:em|br|font|span|mark)\b"


def clean(cells: pl.Series, *, one_line: bool = False, controls: bool = True) -> pl.Series:
    """Strip controls and outer white space; an empty cell becomes NULL. The rest stays code point for code point.

    With `one_line`, inner white space, line ends too, becomes one space: for names and other short texts. Without it, a single line end
    between two Han characters goes, so that it cuts no term; an empty line stays. `controls` False: it is known that there are none.
    """
    if controls and holding_controls(cells).any():
        cells = cells.str.replace_all(CONTROLS, "")
    cells = _unwrapped(stripped(cells))
    if cells.str.contains("[&<]").any() and cells.str.contains(_WEB_RESIDUE).any():
        # Marks of a found word, and characters as a page writes them; another tag is left as it is, text among text.
        cells = cells.str.replace_all(_WEB_BREAK, "\n").str.replace_all(_WEB_MARK, "")
        cells = cells.str.replace_many(list(_WEB_CHARACTERS), list(_WEB_CHARACTERS.values())).str.strip_chars()
    if not one_line and cells.str.contains(_BROKEN_WORD).any():
        # A cell breaks its line anywhere; Chinese has no blank between words, so the two sides may be one word.
        cells = cells.str.replace_all(_BROKEN_WORD, "${1}${2}").str.replace_all(_BROKEN_WORD, "${1}${2}")
    if one_line and cells.str.contains(r"\s\s|[^\S ]").any():
        cells = cells.str.replace_all(r"\s+", " ")
    return pl.select(pl.when(cells != "").then(cells)).to_series().alias(cells.name)


_FEW = 4_096
"""Texts of which a copy costs less than to look whether one is needed."""


def stripped(cells: pl.Series) -> pl.Series:
    """Take off outer white space; many texts without any are not copied, as stripping would."""
    if len(cells) <= _FEW:
        return cells.str.strip_chars()
    outer = cells.str.head(1).str.contains(r"\s") | cells.str.tail(1).str.contains(r"\s")
    return _changed(cells, outer, lambda some: some.str.strip_chars())


def _unwrapped(cells: pl.Series) -> pl.Series:
    """Take off what programs put round a text to keep a spreadsheet from changing it: `="0012"`, a leading `'`."""
    if cells.str.contains("""^(?:="|')""").any():
        cells = cells.str.replace(r'(?s)^="(.*)"$', "${1}").str.strip_chars()
        cells = cells.str.replace(r"(?s)^'([^']+)$", "${1}").str.strip_chars()
    return cells


# Nearly every text folds to itself, and looking whether it does costs a quarter of folding it. Printable ASCII, the main block of
# Han and its stops and quotes are as NFKC leaves them and hold no white space.
FOLDING = r"[^!-~\x{3001}\x{3002}\x{3008}-\x{3011}\x{4E00}-\x{9FFF}]"


def fold(cells: pl.Expr) -> pl.Expr:
    """Fold width and drop all white space, for parsing; never stored."""
    return cells.map_batches(_folded, return_dtype=pl.String)


def _folded(cells: pl.Series) -> pl.Series:
    return where_needed(cells, FOLDING, lambda odd: plain_forms(odd).str.replace_all(r"\s+", ""))


# Folding alone would make 1201 of 120¹ and of 120①.
_NOTE_MARK = r"(\d)([⁰¹²³⁴-⁹₀-₉①-⑳⒈-⒛⓪⓵-⓾❶-❿➀-➓])"
_RAISED, _LOWERED = (str.maketrans("0123456789", digits) for digits in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"))


def plain_forms(cells: Texts) -> Texts:
    """Return texts by NFKC; the mark of a footnote behind a digit stands in brackets, where no number or date takes it."""
    return cells.str.replace_all(_NOTE_MARK, "${1}[${2}]").str.normalize("NFKC")


def set_apart(text: str, align: str) -> str:
    """Write the digits of a run that a workbook raises (`superscript`) or lowers (`subscript`) as the characters for that."""
    return text.translate(_RAISED if align == "superscript" else _LOWERED if align == "subscript" else {})


def simplified(cells: pl.Expr) -> pl.Expr:
    """Return texts with traditional characters folded to simplified ones, of the same length; for matching, never stored."""

    def folded(texts: pl.Series) -> pl.Series:
        if not may_hold_traditional(texts):
            return texts
        return where_needed(texts, traditional(), lambda odd: odd.str.replace_many(*_pairs("")))

    return cells.map_batches(folded, return_dtype=pl.String)


def may_hold_traditional(texts: pl.Series) -> bool:
    """Return whether traditional characters are to be looked for. The pattern of all of them is dear: few texts are looked through by character."""
    return len(texts) > _FEW or not folding().keys().isdisjoint("".join(filter(None, texts.to_list())))


@cache
def traditional(among: str = "") -> str:
    """Return a pattern of the characters that `simplified` folds."""
    return f"[{''.join(re.escape(character) for character in _pairs(among)[0])}]"


@cache
def _pairs(among: str) -> tuple[list[str], list[str]]:
    # Five thousand pairs take five milliseconds to set up, and every column of every file asks again.
    pairs = {c: simple for c, simple in folding().items() if not among or simple in among or c in among}
    return list(pairs), list(pairs.values())


# Texts that stand where a text should be: what to do to see it, that it will come, that there is none.
_PLACEHOLDER = (
    r"^[(\[<【]?(?:"
    r"(?:暂无|暂未|尚无|尚未|没有|未)(?:提供|填写|录入|上传|公开|公示|披露|完善|补充|收录|查询到?|获取到?)?(?:相关|更多|任何|该|企业|公司|产品)*"
    r"(?:简介|介绍|信息|数据|资料|内容|描述|说明|记录|经营范围|主营(?:业务|产品)|产品|业务)?"
    r"|(?:该|本)?(?:企业|公司)?(?:选择)?(?:暂|尚)?(?:未|不|无)(?:公示|公开|披露|填报|提供)(?:相关|该)?(?:信息|内容)?"
    r"|(?:待|有待|尚待|正在)(?:补充|完善|更新|确认|核实|填写|录入|添加|上传|定|查|补|填)(?:中|内容|信息)?"
    r"|(?:请)?(?:先)?(?:登录|登陆|注册|开通|成为|升级)(?:会员|vip|svip)?(?:后|即|才|方|之后)?(?:可见|可查看?|查看|浏览|显示|阅读)(?:全部|更多|完整|详情|内容|信息)*"
    r"|(?:vip|svip|会员|付费)(?:用户|后|专享|可见|可查看?)+(?:可见|查看)?"
    r"|(?:详情?请?|请|具体|内容|请详)?(?:见|参见|参阅|查阅|查看|点击|参考)(?:附件|附表|附录|官网|网站|详情|更多|全部|公告|年报|营业执照|下文|上文|原文|链接)+(?:[一二三四\d]+)?"
    r"|(?:以|同|详?见)?(?:营业执照|公司章程|章程|执照|登记机关|工商登记|工商部门|审批机关)(?:登记|核准|核定|许可|所载|记载|批准|上?的?(?:经营)?范围|内容|为准)+"
    r"|依法须经批准的项目(?:[,，]?经(?:相关部门|有关部门)批准后(?:方可|才可)?(?:依批准的内容)?开展(?:相关)?经营活动)?"
    r"|(?:无|没有)(?:主营|主要|主导)?(?:业务|产品|经营范围|项目)(?:介绍|简介|信息)?"
    r"|(?:空白|空缺|暂缺|缺失?|未填写?|未提供|未录入|测试(?:数据)?|test(?:ing)?|x{2,}|n/?a|nil|none)"
    r"|(?:同上|同前|如上|同上(?:一)?[行条栏格]|略|从略|不适用|不涉及|无需填写|加载中\.*|loading\.*|n\.a\.|tba|tbc|tbd|todo|comingsoon|loremipsum.*|xxx+)"
    r"|敬请期待|(?:网站|内容|页面|栏目)?(?:正在)?(?:建设|升级|维护|更新|完善)中|内容待(?:更新|完善|补充)"
    r"|(?:此处|请在此|请|在此)(?:填写|输入|录入|补充|描述|简要介绍)[^,。;]{0,12}"
    r"|示例|样例|范例|模板|无|暂无|没有|(?:<[^<>]*>|&nbsp;)+"
    r"|(?:经营范围)?(?:详见|见|以|请见)国家企业信用信息公示系统.*|凭营业执照依法自主开展经营活动"
    r"|具体经营项目以(?:审批|相关|有关)?(?:部门|机关)批准(?:的)?(?:文件|证件|许可证件)?(?:或许可证件)?为准"
    r"|(?:(?:许可|一般)(?:经营)?项目[:：]?(?:无|/|-)[;；,，。]?)+"
    r"|(?:该|本)?(?:企业|公司)(?:暂无|没有|无)(?:相关)?(?:简介|介绍|信息|资料|数据)+"
    r"|(?:公司|企业|单位|机构|项目|产品)?(?:简介|介绍|概况|经营范围|主营产品|主营业务)[:：]?(?:暂无|无|空)?"
    r")[)\]>】]?[。.!！…]*$"
)
# A formula that came as text was never worked out, and says nothing.
_FORMULA = r"^=[A-Za-z_.]+\(.*\)$"
_LONGEST_PLACEHOLDER = 40


def missing_reason(cells: pl.Expr) -> pl.Expr:
    """Return why a cleaned cell holds nothing: a reason, or NULL when it may hold something (or is NULL itself)."""
    return cells.map_batches(_missing_reason, return_dtype=pl.String)


def _missing_reason(cells: pl.Series) -> pl.Series:
    if cells.null_count() == len(cells):
        return nothing(cells)
    short = pl.select(pl.when(cells.str.len_bytes() <= _LONGEST_WORD).then(cells)).to_series()
    return _reason(where_needed(short, f"{FOLDING}|[A-Z]", _folded_low))


def _folded_low(cells: pl.Series) -> pl.Series:
    return cells.str.normalize("NFKC").str.replace_all(r"\s+", "").str.to_lowercase()


@cache
def _words_for_nothing() -> tuple[pl.Series, pl.Series]:
    """Return the words for "nothing" and, beside them, the reasons that they give."""
    known = vocabulary("missing")
    assert known is not None
    return pl.Series(list(known.words), dtype=pl.String), pl.Series(list(known.words.values()), dtype=pl.String)


def _reason(folded: pl.Series) -> pl.Series:
    words, reasons = _words_for_nothing()
    said = folded.is_in(words.implode())
    reason = nothing(folded)
    if not said.any():
        return reason
    told = folded.filter(said).replace_strict(words, reasons, default=None, return_dtype=pl.String)
    return reason.scatter(said.arg_true(), told)


def nothing(cells: pl.Series) -> pl.Series:
    """Return a text column as long as `cells` without a value."""
    return pl.Series(cells.name, [None], dtype=pl.String).new_from_index(0, len(cells))


def says_nothing(cells: pl.Expr) -> pl.Expr:
    """Return whether a text cell or an id holds only a word for "nothing", a placeholder, a formula, zeros or marks."""
    return cells.map_batches(_says_nothing, return_dtype=pl.Boolean)


def _says_nothing(cells: pl.Series) -> pl.Series:
    short = (cells.str.len_chars() <= _LONGEST_PLACEHOLDER) | (cells.str.len_bytes() <= _LONGEST_WORD)
    says = cells.str.contains(_FORMULA)
    if short.all():
        says |= _placeholder(cells)
    elif short.any():
        places = short.arg_true()
        says = says.scatter(places, says.gather(places) | _placeholder(cells.gather(places)))
    # Any letter or digit but 0; those of other scripts are looked for where there is none of these.
    speaks = cells.str.contains(r"[1-9A-Za-z\x{4E00}-\x{9FFF}]")
    if not speaks.all():
        silent = (~speaks).arg_true()
        says = says.scatter(silent, says.gather(silent) | ~cells.gather(silent).str.contains(r"[^\W0_]"))
    return says.fill_null(False)


def _placeholder(short: pl.Series) -> pl.Series:
    """Return which texts are a word for "nothing" or a phrase that stands where a text should be."""
    # Nearly all are as folding would leave them: those that are not are looked for once.
    odd = short.str.contains(f"{FOLDING}|[A-Z]|{traditional(_PLACEHOLDER)}")
    word = _changed(short, odd, _folded_low)
    phrase = _changed(word, odd, lambda some: some.str.replace_many(*_pairs(_PLACEHOLDER)))
    worded = (short.str.len_bytes() <= _LONGEST_WORD) & _reason(word).is_not_null()
    return worded | (short.str.len_chars() <= _LONGEST_PLACEHOLDER) & phrase.str.contains(_PLACEHOLDER)


def map_unique(cells: pl.Series, function: Callable[[str], Any], dtype: Any = pl.String) -> pl.Series:
    """Apply `function` once per distinct text; NULL stays NULL."""
    distinct = cells.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(cells.name, [None] * len(cells), dtype=dtype)
    mapping = {text: function(text) for text in distinct.to_list()}
    answers = pl.Series([mapping[text] for text in distinct.to_list()], dtype=dtype)
    return cells.replace_strict(distinct, answers, default=None, return_dtype=dtype).alias(cells.name)
