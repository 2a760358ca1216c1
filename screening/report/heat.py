"""The picture of directions by cities: candidates, what is funded already, what the plan names, gaps and crowding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.report.charts import tint
from screening.report.figures import listed, told, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Words
    from screening.result.overview import CityName, DomainName, Holdings, PlaceCell

CROWDED_SHOWN = 5
FUNDED_SHOWN = 30


Cell = tuple[str, int, str, str, str]
"""One direction in one city: its count, its shade, what the plan names there (`city`, `region` or nothing), what is read out instead of
the colour, and how many are funded."""
Row = tuple[str, list[Cell], str]
"""One direction, or the rest of a domain where only the domain is told: label, cells, total."""


class HeatView(NamedTuple):
    """The table by domain (label, total, rows), with what is worth saying about it. `funded` are directions in cities with holdings: both
    names, how many are funded, how many candidates, how many together.
    """

    cities: tuple[str, ...]
    groups: list[tuple[str, str, list[Row]]]
    totals: tuple[str, ...]
    total: str
    gaps: str
    crowding: str
    funded_note: str
    funded: list[tuple[str, str, str, str, str]]


def heat(
    domains: Sequence[DomainName],
    cities: Sequence[CityName],
    places: Sequence[PlaceCell],
    holdings: Holdings | None,
    words: Words,
) -> HeatView:
    """Return the table of directions by cities; with `holdings`, what is funded stands beside the candidates."""
    by_key = {(p.domain_id, p.direction_id, p.city): p for p in places}
    most = max((p.count for p in places), default=0)
    groups = []
    for domain in domains:
        rows = []
        names = [(direction, told(label, words.lang, 60)) for direction, label in domain.directions]
        if any(p.domain_id == domain.id and not p.direction_id and p.count for p in places):
            names.append(("", words("heat.domain_only")))
        for direction_id, label in names:
            cells = [by_key.get((domain.id, direction_id, city.id)) for city in cities]
            total = whole(sum(cell.count for cell in cells if cell))
            rows.append((label, [_cell(cell, most, words) for cell in cells], total))
        total = whole(sum(p.count for p in places if p.domain_id == domain.id))
        groups.append((told(domain.label, words.lang, 30), total, rows))
    return HeatView(
        cities=tuple(_short(c, words) for c in cities),
        groups=groups,
        totals=tuple(whole(sum(p.count for p in places if p.city == c.id)) for c in cities),
        total=whole(sum(p.count for p in places)),
        gaps=_gaps(places, words),
        crowding=_crowding(domains, cities, places, holdings, words),
        funded_note=_funded_note(holdings, places, words),
        funded=_funded(domains, cities, places, words),
    )


def _together(place: PlaceCell) -> int:
    return place.count + place.funded - place.both


def _short(city: CityName, words: Words) -> str:
    label = told(city.label, words.lang, 20)
    return label.removesuffix("市") if words.lang == "zh" else label


def _cell(place: PlaceCell | None, most: int, words: Words) -> Cell:
    if place is None:
        return "", 0, "", "", ""
    spoken = words(f"heat.named_{place.named}") if place.named else ""
    count = whole(place.count) if place.count or place.named or place.funded else ""
    return count, tint(place.count, most), place.named, spoken, whole(place.funded) if place.funded else ""


def _gaps(places: Sequence[PlaceCell], words: Words) -> str:
    named = [p for p in places if p.named == "city"]
    empty = [p for p in named if not p.count]
    if not named:
        return ""
    return words("heat.gaps", named=whole(len(named)), empty=whole(len(empty)))


def _crowding(
    domains: Sequence[DomainName],
    cities: Sequence[CityName],
    places: Sequence[PlaceCell],
    holdings: Holdings | None,
    words: Words,
) -> str:
    labels = _directions(domains, words)
    shown = {c.id: told(c.label, words.lang, 20) for c in cities if not c.outside}
    crowded = sorted(
        (p for p in places if p.crowded and p.direction_id in labels and p.city in shown),
        key=lambda p: (-_together(p), p.direction_id, p.city),
    )[:CROWDED_SHOWN]
    if not crowded:
        return words("heat.no_crowding")
    cells = listed([f"{shown[p.city]}·{labels[p.direction_id]} {whole(_together(p))}" for p in crowded], words.lang)
    return words("heat.crowding" if holdings is None else "heat.crowding_funded", cells=cells)


def _directions(domains: Sequence[DomainName], words: Words) -> dict[str, str]:
    return {direction: told(label, words.lang, 30) for domain in domains for direction, label in domain.directions}


def _funded_note(holdings: Holdings | None, places: Sequence[PlaceCell], words: Words) -> str:
    if holdings is None:
        return words("heat.no_holdings")
    if not holdings.count:
        return words("heat.nothing_funded")
    note = words("heat.holdings", n=whole(holdings.count), cells=whole(sum(p.funded > 0 for p in places)))
    rest = words("heat.unplaced", n=whole(holdings.unplaced)) if holdings.unplaced else ""
    return f"{note} {rest}".rstrip() if words.lang == "en" else note + rest


def _funded(
    domains: Sequence[DomainName], cities: Sequence[CityName], places: Sequence[PlaceCell], words: Words
) -> list[tuple[str, str, str, str, str]]:
    labels, shown = _directions(domains, words), {c.id: told(c.label, words.lang, 20) for c in cities}
    ordered = sorted((p for p in places if p.funded), key=lambda p: (-p.funded, -_together(p), p.direction_id, p.city))[
        :FUNDED_SHOWN
    ]
    return [
        (
            labels.get(p.direction_id, p.direction_id),
            shown.get(p.city, p.city),
            whole(p.funded),
            whole(p.count),
            whole(_together(p)),
        )
        for p in ordered
    ]
