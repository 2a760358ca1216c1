"""Traditional characters, Hong Kong forms among them, folded to simplified ones for matching: one for one, so offsets hold."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from screening.store import key, once, store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opencc import OpenCC

KIND = "folding"
"""What the store calls tables of folding."""
_ALL = "simplified"
_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))


@cache
def folding() -> Mapping[str, str]:
    """Return traditional character → simplified character; only pairs of one code point each.

    Taken from OpenCC's tables, of which `t2s` alone leaves the forms of Hong Kong (衞) as they are.
    """
    found: dict[str, str] = json.loads(once(KIND, [_ALL], lambda: json.dumps(_folding()).encode()))
    return found


def _folding() -> dict[str, str]:
    characters = [chr(point) for first, end in _BLOCKS for point in range(first, end)]
    # one call for all, a line each: a call per character takes ten times as long, and every start of the program pays it
    simple = _converted("\n".join(characters)).split("\n")
    return {c: s for c, s in zip(characters, simple, strict=True) if s != c and len(s) == 1}


def _converted(text: str) -> str:
    first, second = _converters()
    return str(second.convert(first.convert(text)))


@cache
def _converters() -> tuple[OpenCC, OpenCC]:
    from opencc import OpenCC  # noqa: PLC0415 - not where its tables are kept

    return OpenCC("hk2s"), OpenCC("t2s")


class _Met(dict[int, str]):
    """Characters as they are met: who looks at a few hundred texts need not wait for all that there are."""

    def __missing__(self, code: int) -> str:
        found = _converted(chr(code)) if any(first <= code < end for first, end in _BLOCKS) else chr(code)
        self[code] = found if len(found) == 1 else chr(code)
        return self[code]


@cache
def _translation() -> dict[int, str]:
    kept = store().read(KIND, key(KIND, _ALL))
    return _Met() if kept is None else {ord(character): simple for character, simple in json.loads(kept).items()}


def simplify(text: str) -> str:
    """Return a text with its traditional characters folded, of the same length.

    >>> simplify("腦機接口與衞星")
    '脑机接口与卫星'
    """
    return text.translate(_translation())
