"""The written material of the sample, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Direction:
    """What firms of one direction make, say and patent."""

    id: str
    field: list[str]
    industry: list[str]
    cities: list[str]
    products: list[str]
    stories: list[str]
    scope: list[str]
    old_scope: str
    ipc: list[str]
    patents: list[str]
    pilots: list[str]
    licence: str


@dataclass(frozen=True)
class Business:
    """A kind of firm outside the directions; `group` says which kind of outside."""

    group: str
    made: int
    field: list[str]
    industry: list[str]
    scope: str
    products: str = ""
    description: str = ""


@dataclass(frozen=True)
class Stage:
    """Ranges of a life stage, as `stages.toml` explains them."""

    months: tuple[int, int]
    staff: tuple[int, int]
    revenue: tuple[float, float]
    growth: tuple[float, float]
    material: tuple[float, float]
    research: tuple[float, float]
    debt: tuple[float, float]
    rounds: tuple[str, ...]
    patents: int
    degree: float


@dataclass(frozen=True)
class City:
    """A city with real districts and parks."""

    name: str
    weight: float
    districts: list[str]
    parks: list[str]
    province: str = "广东省"
    province_code: str = "44"

    @property
    def short(self) -> str:
        """The city without 市."""
        return self.name.removesuffix("市")


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / file).read_text(encoding="utf-8"))


@cache
def directions() -> tuple[Direction, ...]:
    """The 29 directions."""
    return tuple(Direction(**entry) for entry in _read("directions.toml")["direction"])


@cache
def businesses() -> tuple[Business, ...]:
    """Every kind of firm outside the directions."""
    return tuple(Business(**entry) for entry in _read("others.toml")["business"])


@cache
def stages() -> dict[str, Stage]:
    """The life stages by name."""
    return {name: Stage(**values) for name, values in _read("stages.toml").items()}


@cache
def cities() -> tuple[City, ...]:
    """The 21 cities of the province, then some outside."""
    return tuple(City(**entry) for entry in _read("places.toml")["city"])


def city(name: str) -> City:
    """The city of that name."""
    return next(place for place in cities() if place.name == name)
