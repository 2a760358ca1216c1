"""How people write a domain or a direction: by id, by name, by alias, or as our own pages and files show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack

NEAREST = ("(最接近)", "（最接近）", " (nearest)", "(nearest)")
"""Marks that our pages and files put after a direction that is only the nearest to texts that tell the domain alone."""
_WIDE, _NARROW = str.maketrans("()", "（）"), str.maketrans("（）", "()")


def direction_names(pack: RulePack) -> dict[str, tuple[str, str | None]]:
    """Return by every way of writing it the (domain, direction) that is meant; direction None: the domain alone.

    A direction marked as the nearest, copied back from a page or a file, means what the mark says: the domain alone.
    """
    known: dict[str, tuple[str, str | None]] = {}
    for domain_id, domain in pack.domains.items():
        known[domain_id] = (domain_id, None)
        for name in (domain.label.zh, domain.label.en):
            if name:
                known.setdefault(name, (domain_id, None))
    for domain_id, direction_id, direction in pack.directions():
        for name in (direction_id, direction.label.zh, direction.label.en, direction.display, *direction.aliases):
            if name:
                known.setdefault(name, (domain_id, direction_id))
                for mark in NEAREST:
                    known.setdefault(name + mark, (domain_id, None))
    for name, meant in tuple(known.items()):
        # As typed by hand: with the brackets of Chinese or of English writing.
        for written in (name.translate(_WIDE), name.translate(_NARROW)):
            known.setdefault(written, meant)
    return known
