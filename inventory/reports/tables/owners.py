"""What every unit and every city has: systems, rooms, assets, data and their cost, computed from those tables."""

from __future__ import annotations

from inventory.model import Level
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Column, Source, Table
from inventory.reports.tables.maker import Columns

Match = tuple[tuple[str, str], ...]


def units(c: Context, tables: Tables) -> Table:
    """Units that have a system, a room, an asset or a data resource."""
    k, estate = Columns(c), c.estate
    has = {row.unit for rows in (estate.systems, estate.rooms, estate.assets, estate.data_resources) for row in rows.values()}
    rows = [
        (unit.id, c.units[unit.id], c.words[f"level:{unit.level}"], c.unit_city(unit.id), c.words[f"source:{unit.source}"])
        for unit in estate.units.values()
        if unit.id in has
    ]
    mine = (("unit", "name"),)
    columns = (
        k.own("id", "mono", 20),
        k.own("name", width=30),
        k.own("level", width=10, filter=True),
        k.own("city", filter=True),
        k.own("source", width=10),
        *_system_columns(c, mine),
        *_property_columns(c, mine),
        k.of("resource_count", Source("resources", match=mine)),
    )
    return computed(tables, "units", c.words["units"], columns, rows, group="g_systems")


def cities(c: Context, tables: Tables) -> Table:
    """The province's own level, and its cities."""
    k = Columns(c)
    rows = [(c.words["province_level"],), *((c.region(region),) for region in c.estate.regions.values() if region.level is Level.CITY)]
    mine = (("city", "city"),)
    return computed(
        tables,
        "cities",
        c.words["cities"],
        (k.own("city", width=24), *_system_columns(c, mine), *_property_columns(c, mine)),
        rows,
        group="g_systems",
    )


def _system_columns(c: Context, mine: Match) -> tuple[Column, ...]:
    k, words = Columns(c), c.words
    return (
        k.of("system_count", Source("systems", match=mine)),
        k.of("in_room_count", Source("systems", where=(("stands", words["in_room"]),), match=mine)),
        k.of("cloud_count", Source("systems", where=(("stands", words["in_cloud"]),), match=mine)),
        k.share("cloud_share", "cloud_count", "system_count"),
        k.of("xinchuang_count", Source("systems", where=(("xinchuang", True),), match=mine)),
        k.share("xinchuang_share", "xinchuang_count", "system_count"),
        k.of("zombie_count", Source("systems", where=(("zombie", True),), match=mine)),
        k.of("cost", Source("systems", "cost", match=mine), "money", 16),
    )


def _property_columns(c: Context, mine: Match) -> tuple[Column, ...]:
    k, words = Columns(c), c.words
    return (
        k.of("room_count", Source("rooms", match=mine)),
        k.of("closed_count", Source("rooms", where=(("status", words["room:closed"]),), match=mine)),
        k.of("asset_count", Source("assets", where=(("status", words["asset:in-use"]),), match=mine)),
        k.of("book_in_use", Source("assets", "book", (("status", words["asset:in-use"]),), mine), "money", 16),
        k.of("book_disposed", Source("assets", "book", (("status", words["asset:disposed"]),), mine), "money", 16),
    )
