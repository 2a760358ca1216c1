"""The cities of a pack as intake needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.geography import CityNames, Geography

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack


def geography_of(pack: RulePack) -> Geography | None:
    """Return the province and its cities; None for a pack without places."""
    if pack.places is None:
        return None
    cities = tuple(
        CityNames(name, city.code, city.aliases, city.districts) for name, city in pack.places.cities.items()
    )
    return Geography(pack.places.province, cities)
