"""Names of companies: how they are compared, what stands in a cell of former names, and what two names have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import polars as pl

from screening.dataset.text import (
    FOLDING,
    fold,
    map_unique,
    may_hold_traditional,
    simplified,
    traditional,
    where_needed,
)

# What a full registered name ends with; a shorter text is an abbreviation or a brand.
_ENDINGS = (
    "公司|集团|厂|合伙企业|合伙|企业|中心|合作社|联社|商行|经营部|工作室|事务所|研究院|研究所|科学院|实验室|设计院|学院|大学|学校|医院"
    "|协会|学会|商会|联合会|基金会|委员会|管理局|局|政府|银行|分行|支行|分公司|办事处|代表处|营业部|店|站|社|部"
)
FULL = rf"(?i)(?:(?:{_ENDINGS})(?:\([^()]*\))*|limited|ltd\.?|inc\.?|llc|corp\.?|corporation|gmbh|plc|s\.a\.)$"

_FORMER = r"(?:原(?:名称?|企业名称?|公司名称?|单位名称?|称)?|曾用名?称?|历史名称|前称|更名前|变更前|旧称|旧名)"
# `(原料)` is part of a name: a former name is no shorter than `甲一公司`.
_FORMER_IN_NAME = rf"\({_FORMER}(?:为|是)?:?([^()]{{4,}}(?:\([^()]*\)[^()]*)*)\)"
# Behind a name: a stock or line number, a share, a word on the row. None of it belongs to the name.
_NOTE = (
    r"(?:\((?:[^()0-9]{0,6}[0-9][0-9.]*[%‰]|[0-9][0-9.]*|[0-9]{6}[.:]?(?:sh|sz|bj|hk|oc)|(?:股票|证券)?代码[^()]*|简称[^()]*|(?:拟|已|未|非)?上市(?:公司|企业)?|重点(?:企业|公司)?|(?:国家)?(?:高新技术|专精特新[^()]{0,6}|小巨人|规上|龙头|链主|试点|示范|民营|国有|外资|瞪羚|独角兽)(?:企业|公司)?|高企|第?[0-9]+[号条项家]?|已?(?:更名|改名|注销|吊销|迁出|退出|终止)|存续|在业|新|旧|备注[^()]*|注[0-9]*|见[^()]*|(?:现名|现更名|更名为|变更为)[^()]{2,}|(?:公|盖|签)章|cn|[0-9a-z]{15}(?:[0-9a-z]{3})?|共有|共同[^()]{0,4}|第[一二三四五]?(?:专利权人|申请人)|排名第?[一二三四五0-9]|\*+)\)"
    r"|[-—_#][0-9]{1,3}|\*+|\[[0-9]+\])+$"
)
# Numbered by hand in front: `1、`, `(2)`, `3.`.
_NUMBERED = r"^(?:\([0-9]{1,3}\)|[0-9]{1,3}[、.]|\(?[一二三四五六七八九十]{1,3}[)、])\s*(\p{Han}.{2,})$"
_RESIDUE = r"(?:查看更多|查看全部|查看详情|展开更多|展开全部|点击查看|展开|收起|更多|详情)+"
_DAY = r"\d{4}(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?月?|\d{4})?年?"
_SINCE = rf"(?:{_DAY}|至今|今|现在|不详|-)"
_PERIOD = rf"(?:从|自|由)?{_SINCE}?(?:-|—|–|~|至|到|起|止)*{_SINCE}?(?:起|止|前|后|更名|变更|使用)*"
_CUTS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (_RESIDUE, ";"),
        (rf"{_FORMER}\s*\d*\s*[:：]", ";"),
        (rf"\(\s*{_PERIOD}\s*\)", ";"),
        (r"(?:^|[;\s])(?:\(?\d{1,2}\)|\d{1,2}[、.．:)](?!\d))", ";"),
        # A blank parts two names only where the first is whole; `Sample Quantum Limited` is one name.
        (rf"((?:{_ENDINGS})(?:\([^()]*\))?)[\s、,，/|&]+", r"\1;"),
        (r"[,，]\s*(?=(?i:co|ltd|inc|llc|limited)\b)", " "),
        (r"[,，、|\n\r\t/]", ";"),
        (rf"(?<![^;\s]){_PERIOD}(?![^;\s])", ";"),
    )
)
_BRACKETS = str.maketrans("[【〔{]】〕}；", "(((())));")


def same_name(names: pl.Expr) -> pl.Expr:
    """Return names as they are compared: width, case and characters folded, no white space or marks, one 有限公司.

    What stands behind a name but is none of it (a number, 「(原…)」, 「已更名」) is left out.
    """
    # A name of simplified Han, digits and small letters with the usual ending is compared as it is written.
    odd = r"[^0-9a-z\x{4E00}-\x{9FFF}]|有限责任公司|股份有限公司"

    def compared(cells: pl.Series) -> pl.Series:
        looked_for = f"{odd}|{traditional()}" if may_hold_traditional(cells) else odd
        return where_needed(cells, looked_for, lambda some: pl.select(_compared(pl.lit(some))).to_series())

    return names.map_batches(compared, return_dtype=pl.String)


def _compared(names: pl.Expr) -> pl.Expr:
    return (
        _bare(
            simplified(fold(names.str.replace_all("[①-⑳★☆※◆●▲△■]", "")))
            .str.to_lowercase()
            .str.replace_all(r"[\[【〔{]", "(")
            .str.replace_all(r"[\]】〕}]", ")")
        )
        .str.replace_all(r"[·•・‧∙.,，。\-_'\"“”‘’*]", "")
        .str.replace_all("有限责任公司", "有限公司")
        .str.replace_all("股份有限公司", "股份公司")
    )


def _bare(folded: pl.Expr) -> pl.Expr:
    without = folded.str.replace_all(_FORMER_IN_NAME, "").str.replace(_NOTE, "").str.replace(_NUMBERED, "${1}")
    return pl.when(without.str.len_chars() > 0).then(without).otherwise(folded)


def former_in_name(names: pl.Expr) -> pl.Expr:
    """Return the former names that a name gives in brackets (`甲公司(原乙公司)`), as written; NULL where it gives none."""
    bracketed = pl.when(names.str.contains(rf"\(|{FOLDING}")).then(names)
    return bracketed.str.normalize("NFKC").str.extract(_FORMER_IN_NAME, 1)


@cache
def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a cell of former names, as written: no numbering, periods or residue of web pages.

    >>> names_in("1、甲科技有限公司（2016-05-01至2019-01-02）；2、乙科技厂 查看更多")
    ('甲科技有限公司', '乙科技厂')
    """
    text = unicodedata.normalize("NFKC", re.sub("[①-⑳]", ";", text)).translate(_BRACKETS)
    for pattern, instead in _CUTS:
        text = pattern.sub(instead, text)
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if len(re.findall(r"[^\W\d_]", part)) > 1))


def listed_names(cells: pl.Series) -> pl.Series:
    """Return the list of names in each cell of former names (see `names_in`)."""
    listed = [None if cell is None else list(names_in(cell)) for cell in cells.to_list()]
    return pl.Series(cells.name, listed, dtype=pl.List(pl.String))


def former_names(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return (`key`, former_names), one row per former name as names are compared: from their column and from the name."""
    parts = []
    if "former_names" in frame.columns and frame["former_names"].null_count() < frame.height:
        parts.append(
            frame.select(key, "former_names")
            .drop_nulls("former_names")
            .with_columns(listed_names(pl.Series("former_names", frame["former_names"].drop_nulls())))
            .explode("former_names", empty_as_null=True)
        )
    if "name" in frame.columns:
        bracketed = frame.select(key, former_names=former_in_name(pl.col("name"))).drop_nulls()
        parts.append(
            bracketed.with_columns(listed_names(bracketed["former_names"])).explode("former_names", empty_as_null=True)
        )
    if not parts:
        return frame.select(key, former_names=pl.lit(None, pl.String)).clear()
    return (
        pl.concat(parts)
        .drop_nulls("former_names")
        .with_columns(same_name(pl.col("former_names")))
        .filter(pl.col("former_names") != "")
        .unique(maintain_order=True)
    )


_LEGAL_FORM = r"(?:股份公司|有限公司|集团公司|公司|集团|总厂|厂|合伙企业|企业|中心|研究院|研究所|工作室|商行|\((?:有限合伙|普通合伙|集团|筹|个体工商户)\))+$"


def core(name: str) -> str:
    """Return what is a compared name's own: no place in front or in brackets, no legal form.

    >>> core("广州样例甲量子科技有限公司")
    '样例甲量子科技'
    """
    bare = re.sub(_LEGAL_FORM, "", name)
    bare = re.sub(r"\([^()]*\)", "", bare)
    return (
        re.sub(
            r"^(?:中国|[\u4e00-\u9fff]{2,3}?(?:省|市|区|县)|北京|上海|天津|重庆|广东|广州|深圳|珠海|佛山|东莞|中山|惠州|汕头)+",
            "",
            bare,
        )
        or bare
    )


def cores(names: pl.Series) -> pl.Series:
    """Return the core of each compared name, worked out once per distinct name."""
    return map_unique(names, core)
