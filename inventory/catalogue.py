"""The catalogue of data (政务数据目录): who holds which item, whether each has one source, what is needed and what of it is met.

二（二）1 and 3 of the plan. An element's sources clash where they answer for the same people or things: in one region, or in a region and one above it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from inventory.model import DataItem, DataNeed, Estate
from inventory.places import region_of, upwards


@dataclass(frozen=True, slots=True)
class Entry:
    """A data element: its items by holder, its sources, and who needs it."""

    element: str
    name: str
    items: tuple[DataItem, ...]
    sources: tuple[DataItem, ...]
    clashes: tuple[tuple[str, str], ...]  # ids of two items that both claim to be the source
    needs: tuple[DataNeed, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; `percent` is None where the whole is nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}" + ("" if self.percent is None else f" ({self.percent} %)")


def catalogue(estate: Estate) -> list[Entry]:
    """Every element that is held or needed, by its code."""
    items: dict[str, list[DataItem]] = defaultdict(list)
    needs: dict[str, list[DataNeed]] = defaultdict(list)
    for item in estate.data_items.values():
        items[item.element].append(item)
    for need in estate.data_needs.values():
        needs[need.element].append(need)
    entries = []
    for element in sorted({*items, *needs}):
        sources = tuple(item for item in items[element] if item.authoritative)
        name = next((item.name for item in (*sources, *items[element])), element)
        entries.append(Entry(element, name, tuple(items[element]), sources, tuple(_clashes(estate, sources)), tuple(needs[element])))
    return entries


def _clashes(estate: Estate, sources: tuple[DataItem, ...]) -> list[tuple[str, str]]:
    here: dict[str, list[DataItem]] = defaultdict(list)
    for item in sources:
        here[_region(estate, item)].append(item)
    found: set[tuple[str, str]] = set()
    for item in sources:
        for region in upwards(estate, _region(estate, item)):
            found |= {(min(item.id, other.id), max(item.id, other.id)) for other in here.get(region, ()) if other.id != item.id}
    return sorted(found)


def _region(estate: Estate, item: DataItem) -> str:
    resource = estate.data_resources.get(item.resource)
    return region_of(estate, resource.unit) if resource else ""


def needs_met(estate: Estate) -> Share:
    """需求满足率: needs that are met, of those that were not refused with a reason."""
    counted = [need for need in estate.data_needs.values() if not (need.status == "refused" and need.reason)]
    return Share(sum(need.status == "met" for need in counted), len(counted))


def bases_gathered(estate: Estate) -> dict[str, Share]:
    """信息项汇聚率 per base database: its resources' items that are gathered at the sharing platform, of all of them."""
    shares: dict[str, list[bool]] = defaultdict(list)
    for item in estate.data_items.values():
        resource = estate.data_resources.get(item.resource)
        if resource and resource.base:
            shares[resource.base].append(resource.gathered)
    return {base: Share(sum(gathered), len(gathered)) for base, gathered in sorted(shares.items())}


def offers(estate: Estate, need: DataNeed) -> list[str]:
    """Resources that could meet a need: the element's sources in the unit's region or above it, nearest first; never those that are not shared."""
    held = [item for item in estate.data_items.values() if item.element == need.element and item.authoritative]
    found = []
    for region in upwards(estate, region_of(estate, need.unit)):
        for item in held:
            resource = estate.data_resources.get(item.resource)
            if resource and _region(estate, item) == region and resource.sharing != "none" and resource.id not in found:
                found.append(resource.id)
    return found


def as_dict(entry: Entry) -> dict[str, object]:
    """For JSON: ids only."""
    return {
        "element": entry.element,
        "name": entry.name,
        "holders": [item.resource for item in entry.items],
        "sources": [item.resource for item in entry.sources],
        "clashes": [list(pair) for pair in entry.clashes],
        "needs": [need.id for need in entry.needs],
    }
