"""The classification sections of a pack: the lexicon of each direction, and how hits become grades."""

from __future__ import annotations

from pydantic import Field

from screening.catalog import Items, Strict


class LexiconEntry(Strict):
    """The words of one direction (or of a domain). 一个方向的词表。"""

    strong: Items[str] = Field(default=(), description="单独即可认定的词。 Enough alone.")
    weak: Items[str] = Field(default=(), description="须与其他词同现。 Counts only beside another term.")
    abbreviations: Items[str] = Field(default=(), description="英文缩写(按词边界匹配)。 ASCII terms, matched with boundaries.")
    scope: Items[str] = Field(default=(), description="经营范围规范表述。 Standard scope phrases.")
    masks: Items[str] = Field(default=(), description="先行遮蔽的假朋友。 False friends masked first.")
    patents: Items[str] = Field(default=(), description="IPC/CPC 分类号前缀。 Patent class prefixes.")
    industries: Items[str] = Field(default=(), description="GB/T 4754 代码。 Industry codes.")


class Classification(Strict):
    """How hits become grades. 命中如何定级。"""
