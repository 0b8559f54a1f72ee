"""The report's key figures, charts and tiles: all of them computed from the tables that they link to."""

from __future__ import annotations

from inventory.model import Level
from inventory.reports.compute import Tables, total
from inventory.reports.context import Context
from inventory.reports.model import Chart, Figure, Source, Table, Tile, Tone, Value


def key_figures(c: Context, tables: Tables) -> tuple[Figure, ...]:
    w = c.words

    def figure(key: str, unit: str, table: str, column: str | None = None, tone: Tone = "", **where: Value) -> Figure:
        source = Source(table, column, tuple(where.items()))
        number = total(tables, source)
        return Figure(key, w[key], number, w[unit], source, tone if number else "")

    in_use, disposed = w["asset:in-use"], w["asset:disposed"]
    return (
        figure("f_systems", "u_item", "systems"),
        figure("f_in_cloud", "u_item", "systems", tone="good", stands=w["in_cloud"]),
        figure("f_in_room", "u_item", "systems", stands=w["in_room"]),
        figure("f_xinchuang", "u_item", "systems", xinchuang=True),
        figure("f_cost", "u_cny", "systems", "cost"),
        figure("f_zombies", "u_item", "systems", tone="warn", zombie=True),
        figure("f_zombie_cost", "u_cny", "systems", "cost", "warn", zombie=True),
        figure("f_undecided", "u_case", "suspects", tone="warn", decision=w["decision:none"]),
        figure("f_unfiled", "u_item", "systems", tone="warn", filed=w["filed:missing"]),
        figure("f_test_overdue", "u_item", "systems", tone="warn", tested=w["assessed:overdue"]),
        figure("f_never_tested", "u_item", "systems", tone="warn", tested=w["assessed:never"]),
        figure("f_crypto_missing", "u_item", "systems", tone="warn", crypto=w["assessed:never"]),
        figure("f_rooms", "u_item", "rooms"),
        figure("f_closed", "u_item", "rooms", tone="good", status=w["room:closed"]),
        figure("f_assets_in_use", "u_asset", "assets", status=in_use),
        figure("f_book_in_use", "u_cny", "assets", "book", status=in_use),
        figure("f_disposed", "u_asset", "assets", tone="good", status=disposed),
        figure("f_book_disposed", "u_cny", "assets", "book", status=disposed),
        figure("f_clouds", "u_item", "clouds"),
        figure("f_cpus", "u_core", "pools", "vcpus"),
        figure("f_xinchuang_cpus", "u_core", "pools", "vcpus", xinchuang=True),
        figure("f_devices", "u_asset", "devices"),
        figure("f_egresses", "u_item", "egresses"),
        figure("f_resources", "u_item", "resources"),
        figure("f_needs", "u_item", "needs"),
        figure("f_needs_met", "u_item", "needs", tone="good", status=w["need:met"]),
        figure("f_targets_reached", "u_item", "progress", tone="good", reached=w["target:reached"]),
        figure("f_targets_open", "u_item", "progress", tone="warn", reached=w["target:open"]),
        figure("f_targets_unknown", "u_item", "progress", reached=w["target:unknown"]),
        figure("f_errors", "u_item", "findings", tone="bad", severity=w["severity:error"]),
        figure("f_warnings", "u_item", "findings", tone="warn", severity=w["severity:warning"]),
    )


def charts(w: dict[str, str]) -> tuple[Chart, ...]:
    return (
        Chart(w["c_city"], "cities", "city", ("in_room_count", "cloud_count")),
        Chart(w["c_cost_city"], "cities", "city", ("cost",), 10_000),
        Chart(w["c_cost_unit"], "units", "name", ("cost",), 10_000, top=15),
        Chart(w["c_mlps"], "mlps_levels", "mlps", ("system_count",)),
        Chart(w["c_tested"], "mlps_levels", "mlps", ("tested_in_time", "tested_overdue", "tested_never")),
        Chart(w["c_pool"], "pool_kinds", "kind", ("vcpus",)),
        Chart(w["c_book"], "depreciation", "kind", ("book",), 10_000),
        Chart(w["c_rules"], "rules", "rule_title", ("finding_count",), top=12),
    )


def tiles(c: Context, cities: Table) -> tuple[Tile, ...]:
    """A tile a city, with the numbers of the table of cities; where `regions.csv` gives no place, in rows of four by code."""
    regions = [region for region in c.estate.regions.values() if region.level is Level.CITY]
    placed = all(region.tile for region in regions)
    rows = {row[0]: row for row in cities.rows}
    found = []
    for index, region in enumerate(regions):
        column, line = map(int, region.tile.split(",")) if placed else (index % 4, index // 4)
        name = c.region(region)
        numbers = [int(str(rows[name][cities.index(key)])) for key in ("system_count", "cloud_count", "room_count", "closed_count")]
        found.append(Tile(name, column, line, *numbers))
    return tuple(found)
