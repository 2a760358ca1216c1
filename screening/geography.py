"""Cities of a province and how exports write them: names, districts, parks, division codes. Data only, no policy."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CityNames:
    """One prefecture-level city and every way it is written."""

    name: str
    code: str
    aliases: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Geography:
    """The province and its cities; enough to tell the city from a name, an address or a division code."""

    province: str
    cities: tuple[CityNames, ...] = field(default_factory=tuple)
