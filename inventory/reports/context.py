"""What every table of a report is made from: the estate, the facts, the words, and a name for every id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from inventory.model import Estate, Level, Region
from inventory.overlap import Suspect
from inventory.reports.facts import Facts

Words = dict[str, str]


class Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Context:
    """`suspects`: the systems of the estate that are to be decided on."""

    estate: Estate
    facts: Facts
    words: Words
    lang: str
    suspects: tuple[Suspect, ...] = ()

    def said(self, kind: str, value: object) -> str:
        """The word for a value of the model's or of a fact; the value itself where there is no word."""
        return self.words.get(f"{kind}:{value}", str(value)) if value not in (None, "") else ""

    def told(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    @cached_property
    def units(self) -> Mapping[str, str]:
        return labels(self.estate.units.values())

    @cached_property
    def rooms(self) -> Mapping[str, str]:
        return labels(self.estate.rooms.values())

    @cached_property
    def clouds(self) -> Mapping[str, str]:
        return labels(self.estate.clouds.values())

    @cached_property
    def systems(self) -> Mapping[str, str]:
        return labels(self.estate.systems.values())

    @cached_property
    def unit_cities(self) -> Mapping[str, str]:
        """The name of the city that a unit is in, by unit."""
        return {unit.id: self.city(unit.region) for unit in self.estate.units.values()}

    @cached_property
    def site_cities(self) -> Mapping[str, str]:
        return {site.id: self.city(site.region) for site in self.estate.sites.values()}

    def unit(self, key: str | None) -> str:
        """A unit's name; several ids are separated by spaces."""
        return "、".join(self.units.get(one, one) for one in (key or "").split())

    def unit_city(self, key: str | None) -> str:
        return self.unit_cities.get(key or "", "")

    def region(self, region: Region) -> str:
        return self.told(region.name, region.name_en)

    def city(self, code: str) -> str:
        """The name of the city that a region is, or lies in; the province's own level has a word."""
        city = city_of(self.estate, code)
        return self.region(city) if city else self.words["province_level"]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of everything that has an id and a name."""
        tables: list[Mapping[str, Any]] = [value for _, value in self.estate if isinstance(value, dict)]
        return {key: row.name for table in tables for key, row in table.items() if ":" in key and getattr(row, "name", None)}


def labels(rows: Iterable[Named]) -> dict[str, str]:
    """Names by id, each once: where several rows share a name (a sheet's formulas know no case), the id stands with it."""
    found = list(rows)
    times = Counter(row.name.casefold() for row in found)
    return {row.id: row.name if times[row.name.casefold()] == 1 else f"{row.name} ({row.id})" for row in found}


def city_of(estate: Estate, code: str) -> Region | None:
    """The city that a region is, or lies in; None for the province."""
    region = estate.regions.get(code)
    while region and region.level is Level.COUNTY and region.parent in estate.regions and estate.regions[region.parent].level is not Level.PROVINCE:
        region = estate.regions[region.parent]
    return region if region and region.level is not Level.PROVINCE else None
