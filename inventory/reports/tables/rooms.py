"""Tables of machine rooms and assets, what the assets are worth, and what the depreciation rules say."""

from __future__ import annotations

from inventory.depreciation import book_value, life_years
from inventory.model import Asset, AssetStatus
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.tables.maker import Columns, Maker


def rooms(c: Context, tables: Tables) -> Table:
    k, words = Columns(c), c.words
    rows = [
        (
            room.id,
            c.rooms[room.id],
            c.unit(room.unit),
            c.site_cities.get(room.site, ""),
            room.level,
            words[f"ownership:{room.ownership}"],
            words[f"room:{room.status}"],
            room.staff,
            room.area_m2,
            room.racks,
            room.power_kw,
            room.pue,
            words[f"source:{room.source}"],
        )
        for room in c.estate.rooms.values()
    ]
    mine = (("room", "name"),)
    in_use, disposed = (("status", words["asset:in-use"]),), (("status", words["asset:disposed"]),)
    columns = (
        k.own("id", "mono", 20),
        k.own("name", width=30),
        k.own("unit", width=28),
        k.own("city", filter=True),
        k.own("gb_level", width=10),
        k.own("ownership", width=10, filter=True),
        k.own("status", width=12, filter=True),
        k.own("staff", "number", 8, total=True),
        k.own("area", "decimal", 10, total=True),
        k.own("racks", "number", 8, total=True),
        k.own("power", "decimal", 10, total=True),
        k.own("pue", "decimal", 8),
        k.own("source", width=10),
        k.of("system_count", Source("systems", match=mine)),
        k.of("asset_count", Source("assets", where=in_use, match=mine)),
        k.of("book_in_use", Source("assets", "book", in_use, mine), "money", 16),
        k.of("book_disposed", Source("assets", "book", disposed, mine), "money", 16),
    )
    return computed(tables, "rooms", words["rooms"], columns, rows, group="g_rooms")


def assets(c: Context, _tables: Tables) -> Table:
    """`by_rules` is the book value on the report's day by the depreciation rules; unknown where the original value is."""
    words, day = c.words, c.facts.as_of

    ruled = {
        asset.id: book_value(asset.original_cny, asset.purchased, life_years(asset), day) if asset.original_cny else None for asset in c.estate.assets.values()
    }

    def difference(asset: Asset) -> float | None:
        known = ruled[asset.id]
        return None if known is None or asset.status is AssetStatus.DISPOSED else round(asset.book_value_cny - known, 2)

    add: Maker[Asset] = Maker(c, "assets", "g_rooms", words["assets_note"])
    add("id", lambda a: a.id, "mono", 20)
    add("name", lambda a: a.name, width=14)
    add("kind", lambda a: words[f"kind:{a.kind}"], width=12, filter=True)
    add("unit", lambda a: c.unit(a.unit), width=28)
    add("city", lambda a: c.unit_city(a.unit), filter=True)
    add("room", lambda a: c.rooms.get(a.room or "", a.room), width=30)
    add("status", lambda a: words[f"asset:{a.status}"], width=12, filter=True)
    add("arch", lambda a: a.arch, width=10)
    add("os", lambda a: a.os, width=18)
    add("vcpus", lambda a: a.vcpus, "number", 10, total=True)
    add("memory", lambda a: a.memory_gib, "number", total=True)
    add("disk", lambda a: a.disk_gib, "number", total=True)
    add("media", lambda a: len(a.media.split()), "number", 11, total=True)
    add("purchased", lambda a: a.purchased, "date", 12)
    add("life", life_years, "number", 10)
    add("original", lambda a: a.original_cny or None, "money", 16, total=True)
    add("book", lambda a: a.book_value_cny, "money", 16, total=True)
    add("by_rules", lambda a: ruled[a.id], "money", 16, total=True)
    add("difference", difference, "money", 16, total=True)
    add("written_off", lambda a: ruled[a.id] == 0, "yes", 10, filter=True)
    add("source", lambda a: words[f"source:{a.source}"], width=10)
    return add.table(c.estate.assets.values())


def asset_states(c: Context, tables: Tables) -> Table:
    """What is in use, what waits for its disposal, and what is gone: never one sum."""
    k, mine = Columns(c), (("status", "status"),)
    columns = (
        k.own("status", width=14),
        k.of("assets", Source("assets", match=mine)),
        k.of("original", Source("assets", "original", match=mine), "money", 18),
        k.of("book", Source("assets", "book", match=mine), "money", 18),
    )
    rows = [(c.words[f"asset:{status}"],) for status in AssetStatus]
    return computed(tables, "asset_states", c.words["asset_states"], columns, rows, group="g_rooms")


def depreciation(c: Context, tables: Tables) -> Table:
    """Assets in use, by kind: as recorded, and as the rules have it on the report's day."""
    k, words = Columns(c), c.words
    mine, in_use = (("kind", "kind"),), (("status", words["asset:in-use"]),)
    kinds = sorted({words[f"kind:{asset.kind}"] for asset in c.estate.assets.values()})
    columns = (
        k.own("kind", width=14),
        k.of("asset_count", Source("assets", where=in_use, match=mine)),
        k.of("original", Source("assets", "original", in_use, mine), "money", 18),
        k.of("book", Source("assets", "book", in_use, mine), "money", 18),
        k.of("by_rules", Source("assets", "by_rules", in_use, mine), "money", 18),
        k.of("difference", Source("assets", "difference", in_use, mine), "money", 18),
        k.of("written_off_count", Source("assets", where=(*in_use, ("written_off", True)), match=mine)),
    )
    return computed(tables, "depreciation", words["depreciation"], columns, [(kind,) for kind in kinds], words["depreciation_note"], "g_rooms")
