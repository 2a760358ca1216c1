"""Traditional characters, Hong Kong forms among them, folded to simplified ones for matching: one for one, so offsets hold."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))


@cache
def folding() -> Mapping[str, str]:
    """Return traditional character → simplified character; only pairs of one code point each.

    Taken from OpenCC's tables, of which `t2s` alone leaves the forms of Hong Kong (衞) as they are.
    """
    hong_kong, traditional = OpenCC("hk2s"), OpenCC("t2s")
    found: dict[str, str] = {}
    for first, end in _BLOCKS:
        for point in range(first, end):
            character = chr(point)
            simple = traditional.convert(hong_kong.convert(character))
            if simple != character and len(simple) == 1:
                found[character] = simple
    return found


@cache
def _translation() -> dict[int, str]:
    return {ord(character): simple for character, simple in folding().items()}


def simplify(text: str) -> str:
    """Return a text with its traditional characters folded, of the same length.

    >>> simplify("腦機接口與衞星")
    '脑机接口与卫星'
    """
    return text.translate(_translation())
