"""The parts of an expression as the grammar sees them, before anything is known of names and kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Syntax:
    """One part. `kind`: `leaf`, `call`, `constant`, `null`, `paren`, `list`, `case`, `branch`, the word of a condition (`and`, `in`, `is`…),
    `negative`, or the sign between two (`<=`). `word`: the place of the word that a leaf is and a call begins with.
    """

    kind: str
    items: list[Syntax] = field(default_factory=list)
    word: int = -1
    value: bool = False
    subject: Syntax | None = None
    default: Syntax | None = None

    def inside(self) -> Iterator[Syntax]:
        """Yield the parts that this one is made of."""
        yield from self.items
        yield from (part for part in (self.subject, self.default) if part is not None)

    def first_word(self) -> int:
        """Return the place of the first leaf or call in it, 0 where there is none."""
        found: list[int] = []
        waiting = [self]
        while waiting:
            part = waiting.pop()
            found += [part.word] if part.word >= 0 else []
            waiting += part.inside()
        return min(found, default=0)


def bare(part: Syntax) -> Syntax:
    """Return a part without the brackets around it."""
    while part.kind == "paren":
        [part] = part.items
    return part
