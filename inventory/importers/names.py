"""Which row of the estate a name or an id means, and which names are like it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from inventory.importers.text import key
from inventory.model import Estate
from inventory.tables import TABLES

_ID = re.compile(r"([a-z]+:(?:\d{6}))-(\d+)")
_COMMON = 300  # a pair of characters that more names than this have says nothing


class Names:
    """Names of one table's rows (the estate's and those being added), by normalised name."""

    def __init__(self, rows: Iterable[tuple[str, str]] = ()) -> None:
        self.ids: dict[str, list[str]] = defaultdict(list)
        self.known: set[str] = set()
        self._pairs: dict[str, list[str]] | None = None
        for row, name in rows:
            self.add(row, name)

    def add(self, row: str, name: str) -> None:
        self.known.add(row)
        self.ids[key(name)].append(row)
        self._pairs = None

    def find(self, text: str) -> list[str]:
        """The row with this id, or all rows with exactly this name."""
        return [text] if text in self.known else list(self.ids.get(key(text), ()))

    def like(self, text: str, least: float = 0.5, most: int = 3) -> list[str]:
        """Ids of names that resemble `text`, the most alike first."""
        if self._pairs is None:
            pairs: dict[str, list[str]] = defaultdict(list)
            for name in self.ids:
                for pair in set(_pairs(name)):
                    pairs[pair].append(name)
            self._pairs = pairs
        wanted = key(text)
        shared = Counter(name for pair in set(_pairs(wanted)) if len(self._pairs.get(pair, ())) <= _COMMON for name in self._pairs.get(pair, ()))
        close = [
            (SequenceMatcher(None, wanted, name, autojunk=False).ratio(), name) for name, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:8]
        ]
        found = [name for ratio, name in sorted(close, key=lambda item: (-item[0], item[1])) if ratio >= least]
        return [row for name in found for row in self.ids[name]][:most]


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def named_rows(estate: Estate, table: str) -> Iterator[tuple[str, str]]:
    """Ids (codes for regions) and names of a table or of clouds and VPNs."""
    for row, values in getattr(estate, table).items():
        yield row, getattr(values, "name", row)


class Numbers:
    """New ids that continue each region's numbering; numbers that any of the given texts ever mentions are not given again."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.last: dict[str, int] = {}
        for text in texts:
            for start, number in _ID.findall(text):
                if int(number) > self.last.get(start, 0):
                    self.last[start] = int(number)

    def next(self, table: str, region: str) -> str:
        start = f"{TABLES[table].prefix}:{region}"
        self.last[start] = self.last.get(start, 0) + 1
        return f"{start}-{self.last[start]:04d}"


def region_of(estate: Estate, group: Any) -> str | None:
    """The region of a unit, a site, a device, the unit of a system or a data resource, of a region's code itself; of rows being added the one in their id."""
    if group in estate.regions:
        return str(group)
    row = estate.units.get(unit_of(estate, group) or group) or estate.sites.get(estate.devices[group].site if group in estate.devices else group)
    found = _ID.fullmatch(str(group))
    code = found[1].rpartition(":")[2] if found else ""
    return row.region if row else code if code in estate.regions else None


def unit_of(estate: Estate, group: Any) -> str | None:
    """The unit that a row's group is, or belongs to: what names are looked up within."""
    if group in estate.units:
        return str(group)
    row = estate.systems.get(group) or estate.data_resources.get(group)
    return row.unit if row else None
