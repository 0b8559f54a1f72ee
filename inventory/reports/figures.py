"""The report's key figures and charts; every figure says which rows it counts or adds, so that a sheet can do it again."""

from __future__ import annotations

from collections import Counter

from inventory.model import Estate, Level, RoomStatus
from inventory.reports.model import Chart, Figure, Table, Tile, Tone, Value
from inventory.reports.tables import Words, city_of, stands


def key_figures(tables: dict[str, Table], words: Words) -> tuple[Figure, ...]:
    def count(title: str, table: str, unit: str, column: str | None = None, value: Value = None, tone: Tone = "") -> Figure:
        rows = tables[table].rows
        number = sum(row[tables[table].index(column)] == value for row in rows) if column else len(rows)
        return Figure(words[title], number, words[unit], table, None, column, value, tone if number else "")

    def total(title: str, table: str, column: str, unit: str, where: str | None = None, value: Value = None, tone: Tone = "") -> Figure:
        chosen = tables[table]
        rows = [row for row in chosen.rows if where is None or row[chosen.index(where)] == value]
        number = sum((float(cell) for row in rows if isinstance(cell := row[chosen.index(column)], int | float)), 0.0)
        return Figure(words[title], int(number) if number.is_integer() else round(number, 2), words[unit], table, column, where, value, tone if number else "")

    return (
        count("f_systems", "systems", "u_item"),
        count("f_in_cloud", "systems", "u_item", "stands", words["in_cloud"], "good"),
        count("f_in_room", "systems", "u_item", "stands", words["in_room"]),
        count("f_zombies", "systems", "u_item", "zombie", True, "warn"),
        total("f_zombie_cost", "systems", "cost", "u_cny", "zombie", True, "warn"),
        count("f_rooms", "rooms", "u_item"),
        count("f_closed", "rooms", "u_item", "status", words["room:closed"], "good"),
        count("f_assets", "assets", "u_asset"),
        total("f_book", "assets", "book", "u_cny"),
        count("f_disposed", "assets", "u_asset", "status", words["asset:disposed"], "good"),
        count("f_clouds", "clouds", "u_item"),
        total("f_cpus", "pools", "vcpus", "u_core"),
        count("f_errors", "findings", "u_item", "severity", words["severity:error"], "bad"),
        count("f_warnings", "findings", "u_item", "severity", words["severity:warning"], "warn"),
    )


def charts(estate: Estate, tables: dict[str, Table], words: Words) -> tuple[Chart, ...]:
    def counted(title: str, table: str, column: str, order: list[Value] | None = None) -> Chart:
        chosen = tables[table]
        counts = Counter(row[chosen.index(column)] for row in chosen.rows)
        values = [value for value in order or [] if counts[value]] or sorted(counts, key=str)
        return Chart(words[title], (words["count"],), tuple((str(value), (float(counts[value]),)) for value in values))

    by_kind: Counter[str] = Counter()
    for cloud in estate.clouds.values():
        for pool in cloud.pools:
            by_kind[words[f"kind:{pool.kind}"]] += sum(host.count * host.vcpus for host in pool.hosts)
    book: Counter[str] = Counter()
    for asset in estate.assets.values():
        book[words[f"kind:{asset.kind}"]] += round(asset.book_value_cny)
    return (
        counted("c_place", "systems", "stands", [words["in_room"], words["in_cloud"], words["nowhere"]]),
        _by_city(estate, words),
        counted("c_mlps", "systems", "mlps"),
        counted("c_room", "rooms", "status", [words[f"room:{status}"] for status in RoomStatus]),
        Chart(words["c_pool"], (words["count"],), tuple((kind, (float(cpus),)) for kind, cpus in by_kind.most_common())),
        Chart(words["c_book"], (words["count"],), tuple((kind, (round(value / 10_000, 1),)) for kind, value in book.most_common() if value)),
    )


def _by_city(estate: Estate, words: Words) -> Chart:
    counts: Counter[tuple[str, str]] = Counter()
    for system in estate.systems.values():
        unit = estate.units.get(system.unit)
        city = city_of(estate, unit.region) if unit else None
        counts[city.name if city else words["province_level"], stands(system)] += 1
    names = [words["province_level"], *(region.name for region in estate.regions.values() if region.level is Level.CITY)]
    bars = tuple(
        (name, (float(counts[name, "in_room"]), float(counts[name, "in_cloud"]))) for name in names if counts[name, "in_room"] + counts[name, "in_cloud"]
    )
    return Chart(words["c_city"], (words["in_room"], words["in_cloud"]), tuple(bar for bar in bars if any(bar[1])))


def tiles(estate: Estate) -> tuple[Tile, ...]:
    """A tile a city; where `regions.csv` gives no place, in rows of four by code."""
    systems: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    for system in estate.systems.values():
        unit = estate.units.get(system.unit)
        if unit and (city := city_of(estate, unit.region)):
            systems[city.code] += 1
            moved[city.code] += bool(system.cloud)
    rooms: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for room in estate.rooms.values():
        site = estate.sites.get(room.site)
        if site and (city := city_of(estate, site.region)):
            rooms[city.code] += 1
            closed[city.code] += room.status is RoomStatus.CLOSED
    cities = [region for region in estate.regions.values() if region.level is Level.CITY]
    placed = all(city.tile for city in cities)
    result = []
    for index, city in enumerate(cities):
        column, row = map(int, city.tile.split(",")) if placed else (index % 4, index // 4)
        result.append(Tile(city.name, column, row, systems[city.code], moved[city.code], rooms[city.code], closed[city.code]))
    return tuple(result)
