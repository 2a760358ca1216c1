"""What would move a company, in ready strings: for the dossier, the workbook and the terminal alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screening.report.printer import Printer
    from screening.result.lift import FactChange, Lift, Way
    from screening.result.records import FactValue, Text


@dataclass(frozen=True, slots=True)
class Moving:
    """Distance to each floor, then groups of changes under a title: each the changes in words and where they lead."""

    floors: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    told: str
    """What is said where nothing lifts it; empty otherwise."""


def moving(lift: Lift | None, p: Printer) -> Moving | None:
    """Return what would move a company; None where the run does not say."""
    if lift is None:
        return None
    w = p.words
    told = ""
    if not lift.ways:
        none = w("lift.top" if lift.at_top else "lift.none" if lift.tried else "lift.untried", tried=lift.tried)
        barred = w("lift.barred", gates=p.joined(p.told(g, 60) for g in lift.barred)) if lift.barred else ""
        told = p.sentences([none, barred, w("lift.waits", n=lift.waiting) if lift.waiting else ""])
    lifting = (w("lift.ways"), lift.ways) if lift.ways else (w("lift.nearest"), () if lift.at_top else lift.nearest)
    groups = (lifting, (w("lift.drops"), lift.drops))
    return Moving(
        tuple(floors(lift, p)),
        tuple((title, tuple(_way(way, p) for way in ways)) for title, ways in groups if ways),
        told,
    )


def floors(lift: Lift, p: Printer) -> Iterator[str]:
    """Yield how far it is past each floor of the short list."""
    for floor in lift.floors:
        if floor.distance is not None:
            name = p.told(floor.label) if floor.label is not None else p.words.of("half", floor.floor_id)
            key = "lift.short" if floor.distance < 0 else "lift.floor"
            numbers = {
                k: p.exact(v) for k, v in (("value", floor.value), ("bound", floor.bound), ("by", abs(floor.distance)))
            }
            yield p.words(key, floor=name, **numbers)


def _way(way: Way, p: Printer) -> tuple[str, str]:
    return " + ".join(change(c, p) for c in way.changes), stand(way, p)


def change(each: FactChange, p: Printer) -> str:
    """A fact with its value before and after."""
    before, after = changed(each, p)
    return f"{p.told(each.label, 40)} {before} → {after}"


def changed(each: FactChange, p: Printer) -> tuple[str, str]:
    """Both values, printed."""
    return _value(each.before, each.before_label, each, p), _value(each.after, each.after_label, each, p)


def _value(value: FactValue, label: Text | None, each: FactChange, p: Printer) -> str:
    if label is not None:
        return p.told(label)
    return p.word("value", value) if isinstance(value, str) else p.quantity(value, each.unit)


def stand(at: Way | Lift, p: Printer) -> str:
    """Outcome, tier and score."""
    tier = p.told(at.tier_label) if at.tier_label is not None else at.tier
    return " ".join(x for x in (p.word("outcome", at.outcome), tier, p.points(at.score)) if x)


def moves(lift: Lift, p: Printer) -> Iterable[tuple[str, int, FactChange, Way]]:
    """Yield kind, place, change and way for a table of all changes."""
    for kind, ways in (("ways", lift.ways), ("nearest", lift.nearest), ("drops", lift.drops)):
        for place, way in enumerate(ways, 1):
            for each in way.changes:
                yield p.words(f"lift.kind_{kind}"), place, each, way
