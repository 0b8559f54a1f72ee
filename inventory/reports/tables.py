"""The report's tables, a function each: rows of the estate with names in the place of ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from inventory.checks import Finding
from inventory.model import AssetStatus, Cloud, Estate, Level, Region, System
from inventory.reports.facts import Facts
from inventory.reports.model import Column, Kind, Table, Value

Words = dict[str, str]
Row = tuple[Value, ...]


class Columns:
    """Columns with titles from the words."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, key: str, kind: Kind = "text", *, total: bool = False, filter: bool = False, width: int = 14) -> Column:  # noqa: A002
        return Column(key, self.words[key], kind, total, filter, width)


def systems(estate: Estate, facts: Facts, words: Words) -> Table:
    c = Columns(words)
    rows: list[Row] = []
    for system in estate.systems.values():
        unit = estate.units.get(system.unit)
        rows.append(
            (
                system.id,
                system.name,
                unit.name if unit else system.unit,
                city_name(estate, unit.region if unit else "", words),
                words[stands(system)],
                place(estate, system),
                words[f"zone:{system.zone}"],
                system.mlps_level,
                system.mlps_filing,
                system.classified,
                system.personal_data,
                system.xinchuang,
                system.users,
                system.daily_visits,
                system.last_used,
                system.yearly_cost_cny,
                is_zombie(system, facts),
                words[f"system:{system.status}"],
                str(facts.migrations.get(system.id, {}).get("state", "")),
                words[f"source:{system.source}"],
            )
        )
    columns = (
        c("id", width=22),
        c("name", width=34),
        c("unit", width=28),
        c("city", filter=True),
        c("stands", filter=True, width=10),
        c("place", width=30),
        c("zone", filter=True, width=16),
        c("mlps", "number", filter=True, width=10),
        c("filing", width=20),
        c("classified", "yes", filter=True, width=8),
        c("personal", "yes", filter=True, width=11),
        c("xinchuang", "yes", filter=True, width=8),
        c("users", "number", total=True, width=10),
        c("visits", "number", total=True, width=10),
        c("last_used", "date", width=12),
        c("cost", "money", total=True, width=16),
        c("zombie", "yes", filter=True, width=10),
        c("status", filter=True, width=10),
        c("state", filter=True, width=12),
        c("source", filter=True, width=10),
    )
    return Table("systems", words["systems"], columns, tuple(rows), words["sample_note"])


def clouds(estate: Estate, facts: Facts, words: Words) -> Table:
    c = Columns(words)
    here = Counter(system.cloud for system in estate.systems.values() if system.cloud)
    rows: list[Row] = []
    for cloud in estate.clouds.values():
        cpus, memory, disk, hosts = capacity(cloud)
        owner = estate.units.get(cloud.owner)
        state = str(facts.clouds.get(cloud.id, {}).get("state", ""))
        rows.append(
            (
                cloud.id,
                cloud.name,
                words[f"kind:{cloud.kind}"],
                owner.name if owner else cloud.owner,
                len(cloud.pools),
                hosts,
                cpus,
                memory,
                disk,
                len(cloud.tenants),
                here[cloud.id],
                state,
                words[f"source:{cloud.source}"],
            )
        )
    columns = (
        c("id", width=20),
        c("name", width=24),
        c("kind", filter=True),
        c("owner", width=28),
        c("pool_count", "number", total=True, width=10),
        c("hosts", "number", total=True, width=10),
        c("vcpus", "number", total=True, width=10),
        c("memory", "number", total=True),
        c("disk", "number", total=True),
        c("tenants", "number", total=True, width=10),
        c("system_count", "number", total=True, width=10),
        c("status", filter=True),
        c("source", filter=True, width=10),
    )
    return Table("clouds", words["clouds"], columns, tuple(rows))


def pools(estate: Estate, words: Words) -> Table:
    c = Columns(words)
    rows: list[Row] = [
        (
            pool.id,
            pool.name,
            cloud.name,
            words[f"kind:{pool.kind}"],
            pool.xinchuang,
            " ".join(sorted({host.arch for host in pool.hosts})),
            sum(host.count for host in pool.hosts),
            sum(host.count * host.vcpus for host in pool.hosts),
            sum(host.count * host.memory_mib for host in pool.hosts) // 1024,
            sum(host.count * host.disk_gib for host in pool.hosts),
            " ".join(pool.traits),
        )
        for cloud in estate.clouds.values()
        for pool in cloud.pools
    ]
    columns = (
        c("id", width=24),
        c("name", width=20),
        c("cloud", width=24, filter=True),
        c("kind", filter=True),
        c("xinchuang", "yes", filter=True, width=8),
        c("arch", filter=True),
        c("hosts", "number", total=True, width=10),
        c("vcpus", "number", total=True, width=10),
        c("memory", "number", total=True),
        c("disk", "number", total=True),
        c("traits", width=44),
    )
    return Table("pools", words["pools"], columns, tuple(rows))


def rooms(estate: Estate, words: Words) -> Table:
    c = Columns(words)
    left = Counter(system.room for system in estate.systems.values() if system.room and system.status != "retired")
    used = Counter(asset.room for asset in estate.assets.values() if asset.status is AssetStatus.IN_USE)
    book: dict[str | None, float] = defaultdict(float)
    for asset in estate.assets.values():
        book[asset.room] += asset.book_value_cny
    rows: list[Row] = []
    for room in estate.rooms.values():
        site, unit = estate.sites.get(room.site), estate.units.get(room.unit)
        rows.append(
            (
                room.id,
                room.name,
                unit.name if unit else room.unit,
                city_name(estate, site.region if site else "", words),
                room.area_m2,
                room.racks,
                room.power_kw,
                room.pue,
                left[room.id],
                used[room.id],
                book[room.id],
                words[f"room:{room.status}"],
                words[f"source:{room.source}"],
            )
        )
    columns = (
        c("id", width=20),
        c("name", width=30),
        c("unit", width=28),
        c("city", filter=True),
        c("area", "decimal", total=True, width=10),
        c("racks", "number", total=True, width=8),
        c("power", "decimal", total=True, width=10),
        c("pue", "decimal", width=8),
        c("system_count", "number", total=True, width=10),
        c("asset_count", "number", total=True, width=12),
        c("book", "money", total=True, width=16),
        c("status", filter=True, width=12),
        c("source", filter=True, width=10),
    )
    return Table("rooms", words["rooms"], columns, tuple(rows))


def assets(estate: Estate, words: Words) -> Table:
    c = Columns(words)
    rows: list[Row] = []
    for asset in estate.assets.values():
        room, unit = estate.rooms.get(asset.room or ""), estate.units.get(asset.unit)
        rows.append(
            (
                asset.id,
                asset.name,
                words[f"kind:{asset.kind}"],
                unit.name if unit else asset.unit,
                room.name if room else "",
                asset.arch,
                asset.vcpus,
                asset.memory_gib,
                asset.disk_gib,
                len(asset.media.split()),
                asset.purchased,
                asset.book_value_cny,
                words[f"asset:{asset.status}"],
                words[f"source:{asset.source}"],
            )
        )
    columns = (
        c("id", width=20),
        c("name", width=12),
        c("kind", filter=True, width=12),
        c("unit", width=28),
        c("room", width=30),
        c("arch", filter=True, width=10),
        c("vcpus", "number", total=True, width=10),
        c("memory", "number", total=True),
        c("disk", "number", total=True),
        c("media", "number", total=True, width=11),
        c("purchased", "date", width=12),
        c("book", "money", total=True, width=16),
        c("status", filter=True, width=12),
        c("source", filter=True, width=10),
    )
    return Table("assets", words["assets"], columns, tuple(rows))


def units(estate: Estate, words: Words) -> Table:
    """Units that have a system, a room or an asset, and those that the plan makes responsible."""
    c = Columns(words)
    has = Counter(system.unit for system in estate.systems.values())
    moved = Counter(system.unit for system in estate.systems.values() if system.cloud)
    room_count = Counter(room.unit for room in estate.rooms.values())
    used = Counter(asset.unit for asset in estate.assets.values() if asset.status is AssetStatus.IN_USE)
    book: dict[str, float] = defaultdict(float)
    cost: dict[str, float] = defaultdict(float)
    for asset in estate.assets.values():
        book[asset.unit] += asset.book_value_cny
    for system in estate.systems.values():
        cost[system.unit] += system.yearly_cost_cny
    rows: list[Row] = [
        (
            unit.id,
            unit.name,
            words[f"level:{unit.level}"],
            city_name(estate, unit.region, words),
            has[unit.id],
            moved[unit.id],
            room_count[unit.id],
            used[unit.id],
            book[unit.id],
            cost[unit.id],
            words[f"source:{unit.source}"],
        )
        for unit in estate.units.values()
        if has[unit.id] or room_count[unit.id] or book[unit.id] or (unit.level is Level.PROVINCE and len(estate.rooms) > 1)
    ]
    columns = (
        c("id", width=20),
        c("name", width=30),
        c("level", filter=True, width=10),
        c("city", filter=True),
        c("system_count", "number", total=True, width=10),
        c("cloud_count", "number", total=True, width=12),
        c("room_count", "number", total=True, width=10),
        c("asset_count", "number", total=True, width=12),
        c("book", "money", total=True, width=16),
        c("cost", "money", total=True, width=16),
        c("source", filter=True, width=10),
    )
    return Table("units", words["units"], columns, tuple(rows))


def platforms(estate: Estate, words: Words) -> Table:
    c = Columns(words)

    def names(ids: str) -> str:
        return "、".join(estate.units[key].name if key in estate.units else key for key in ids.split())

    rows: list[Row] = [(p.id, p.name, words["kind:platform"], names(p.unit), p.section) for p in estate.platforms.values()]
    rows += [(t.id, t.name, words["kind:topic"], names(t.units), str(t.number)) for t in estate.topics.values()]
    columns = (c("id", width=22), c("name", width=40), c("kind", filter=True), c("unit", width=34), c("section", width=18))
    return Table("platforms", words["platforms"], columns, tuple(rows))


def migrations(estate: Estate, facts: Facts, words: Words) -> Table:
    c = Columns(words)
    rows: list[Row] = []
    for key, fact in sorted(facts.migrations.items()):
        system = estate.systems.get(key)
        downtime = fact.get("downtime_s")
        rows.append(
            (key, system.name if system else "", str(fact.get("state", "")), float(downtime) if downtime is not None else None, str(fact.get("note", "")))
        )
    columns = (c("id", width=22), c("name", width=34), c("state", filter=True), c("downtime", "decimal"), c("note", width=60))
    return Table("migrations", words["migrations"], columns, tuple(rows))


def findings(found: list[Finding], words: Words) -> Table:
    c = Columns(words)
    zh = words["yes"] == "是"
    rows: list[Row] = [(f.place, words[f"severity:{f.severity}"], f.rule, f.subject, f.zh if zh else f.en) for f in found]
    columns = (c("where", width=34), c("severity", filter=True, width=10), c("rule", filter=True, width=10), c("subject", width=26), c("finding", width=70))
    return Table("findings", words["findings"], columns, tuple(rows))


def changes(facts: Facts, words: Words) -> Table:
    c = Columns(words)
    keys = ("seq", "time", "who", "what", "on", "note", "before", "after")
    rows: list[Row] = [tuple(change.get(key) for key in keys) for change in facts.changes]
    columns = (
        c("seq", "number", width=8),
        c("time", width=26),
        c("who", filter=True),
        c("what", filter=True, width=22),
        c("on", width=28),
        c("note", width=60),
        c("before", width=20),
        c("after", width=20),
    )
    return Table("changes", words["changes"], columns, tuple(rows))


def stands(system: System) -> str:
    """The word for where a system stands."""
    return "in_cloud" if system.cloud else "in_room" if system.room else "nowhere"


def place(estate: Estate, system: System) -> str:
    if system.cloud:
        return estate.clouds[system.cloud].name if system.cloud in estate.clouds else system.cloud
    if system.room:
        return estate.rooms[system.room].name if system.room in estate.rooms else system.room
    return ""


def is_zombie(system: System, facts: Facts) -> bool:
    """Running, and not used for longer than `facts.zombie_days`."""
    return system.status == "running" and system.last_used is not None and facts.as_of - system.last_used > timedelta(days=facts.zombie_days)


def city_of(estate: Estate, code: str) -> Region | None:
    """The city that a region is, or lies in; None for the province."""
    region = estate.regions.get(code)
    while region and region.level is Level.COUNTY and region.parent in estate.regions and estate.regions[region.parent].level is not Level.PROVINCE:
        region = estate.regions[region.parent]
    return region if region and region.level is not Level.PROVINCE else None


def city_name(estate: Estate, code: str, words: Words) -> str:
    city = city_of(estate, code)
    return city.name if city else words["province_level"]


def capacity(cloud: Cloud) -> tuple[int, int, int, int]:
    """CPUs, memory in GiB, disk in GiB and hosts of all pools."""
    hosts = [host for pool in cloud.pools for host in pool.hosts]
    return (
        sum(host.count * host.vcpus for host in hosts),
        sum(host.count * host.memory_mib for host in hosts) // 1024,
        sum(host.count * host.disk_gib for host in hosts),
        sum(host.count for host in hosts),
    )
