"""What the generator works on: the published rows, the settings, and the tables as they grow."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from inventory.errors import InputError
from inventory.load.yamlfile import read_yaml

Cells = dict[str, Any]
T = TypeVar("T")
GENERATED = (
    "units",
    "sites",
    "rooms",
    "assets",
    "devices",
    "links",
    "lans",
    "systems",
    "components",
    "dependencies",
    "private_networks",
    "egresses",
    "addresses",
    "data_resources",
    "data_items",
    "data_needs",
    "projects",
)


@dataclass(slots=True)
class Draft:
    """`tables` holds the rows so far, beginning with those that `sample.yaml` gives as they are."""

    settings: dict[str, Any]
    regions: list[dict[str, str]]
    published_units: list[dict[str, str]]
    platforms: list[dict[str, str]]
    topics: list[dict[str, str]]
    tables: dict[str, list[Cells]]
    _known: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Draft:
        file = folder / "sample.yaml"
        if not file.exists():
            raise InputError(f"{file} is missing: it says how the sample rows of this estate are made")
        settings: dict[str, Any] = read_yaml(file.read_text("utf-8"))
        return cls(
            settings=settings,
            regions=_rows(folder / "regions.csv"),
            published_units=[row for row in _rows(folder / "units.csv") if row["source"] != "sample"],
            platforms=_rows(folder / "platforms.csv"),
            topics=_rows(folder / "topics.csv"),
            tables={name: [dict(row) for row in settings["rows"].get(name, [])] for name in GENERATED},
        )

    def has(self, table: str, row: str) -> bool:
        return row in self._ids(table)

    def _ids(self, table: str) -> set[str]:
        if table not in self._known:
            self._known[table] = {cells["id"] for cells in self.tables[table] if "id" in cells}
        return self._known[table]

    def add(self, table: str, **cells: Any) -> None:
        """Add a row, unless one of that id is there already."""
        if cells["id"] not in self._ids(table):
            self.tables[table].append(cells)
            self._known[table].add(cells["id"])

    def level(self, level: str) -> list[dict[str, str]]:
        return [region for region in self.regions if region["level"] == level]

    def short(self, region: dict[str, str]) -> str:
        """The region's part of device names: from the settings, else the first word of its English name."""
        named: dict[str, str] = self.settings["short"]
        return named.get(region["code"]) or "".join(letter for letter in region["name_en"].split()[0].lower() if letter.isalnum())

    def number(self, key: str, low: int, high: int) -> int:
        """A number from `low` to `high` that depends on `key` and the seed alone, so that a new row moves no other."""
        digest = sha256(f"{self.settings['seed']}:{key}".encode()).digest()
        return low + int.from_bytes(digest[:8], "big") % (high - low + 1)

    def pick(self, key: str, options: list[T]) -> T:
        return options[self.number(key, 0, len(options) - 1)]

    def chance(self, key: str, percent: int) -> bool:
        return self.number(key, 1, 100) <= percent


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
