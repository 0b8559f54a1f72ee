"""Tables of clouds, their pools, how much of both is Xinchuang, and the platforms and topics that the plan names."""

from __future__ import annotations

from inventory.model import Cloud, Pool
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.tables.maker import Columns, Maker


def pools(c: Context, _tables: Tables) -> Table:
    add: Maker[tuple[Cloud, Pool]] = Maker(c, "pools", "g_clouds")
    add("id", lambda p: p[1].id, "mono", 24)
    add("name", lambda p: p[1].name, width=20)
    add("cloud", lambda p: c.clouds[p[0].id], width=24, filter=True)
    add("kind", lambda p: c.words[f"kind:{p[1].kind}"], filter=True)
    add("xinchuang", lambda p: p[1].xinchuang, "yes", 8, filter=True)
    add("arch", lambda p: " ".join(sorted({host.arch for host in p[1].hosts})), filter=True)
    add("hosts", lambda p: sum(host.count for host in p[1].hosts), "number", 10, total=True)
    add("vcpus", lambda p: sum(host.count * host.vcpus for host in p[1].hosts), "number", 10, total=True)
    add("memory", lambda p: sum(host.count * host.memory_mib for host in p[1].hosts) // 1024, "number", total=True)
    add("disk", lambda p: sum(host.count * host.disk_gib for host in p[1].hosts), "number", total=True)
    add("traits", lambda p: " ".join(p[1].traits), "mono", 44)
    return add.table((cloud, pool) for cloud in c.estate.clouds.values() for pool in cloud.pools)


def clouds(c: Context, tables: Tables) -> Table:
    """With the share of Xinchuang in their processors and in the systems that stand there."""
    k, words = Columns(c), c.words
    rows = [
        (
            cloud.id,
            c.clouds[cloud.id],
            words[f"kind:{cloud.kind}"],
            c.unit(cloud.owner),
            c.said("state", c.facts.clouds.get(cloud.id, {}).get("state")),
            len(cloud.tenants),
            words[f"source:{cloud.source}"],
        )
        for cloud in c.estate.clouds.values()
    ]
    mine, xinchuang = (("cloud", "name"),), (("xinchuang", True),)
    columns = (
        k.own("id", "mono", 20),
        k.own("name", width=24),
        k.own("kind", filter=True),
        k.own("owner", width=28),
        k.own("status", filter=True),
        k.own("tenants", "number", 10, total=True),
        k.own("source", width=10),
        k.of("pool_count", Source("pools", match=mine)),
        k.of("hosts", Source("pools", "hosts", match=mine)),
        k.of("vcpus", Source("pools", "vcpus", match=mine)),
        k.of("xinchuang_vcpus", Source("pools", "vcpus", xinchuang, mine)),
        k.share("vcpu_share", "xinchuang_vcpus", "vcpus"),
        k.of("memory", Source("pools", "memory", match=mine)),
        k.of("disk", Source("pools", "disk", match=mine)),
        k.of("system_count", Source("systems", match=mine)),
        k.of("xinchuang_count", Source("systems", where=xinchuang, match=mine)),
        k.share("xinchuang_share", "xinchuang_count", "system_count"),
    )
    return computed(tables, "clouds", words["clouds"], columns, rows, group="g_clouds")


def pool_kinds(c: Context, tables: Tables) -> Table:
    k, mine = Columns(c), (("kind", "kind"),)
    kinds = dict.fromkeys(str(value) for value in tables["pools"].values("kind"))
    columns = (
        k.own("kind"),
        k.of("pool_count", Source("pools", match=mine)),
        k.of("hosts", Source("pools", "hosts", match=mine)),
        k.of("vcpus", Source("pools", "vcpus", match=mine)),
        k.of("memory", Source("pools", "memory", match=mine)),
        k.of("disk", Source("pools", "disk", match=mine)),
    )
    return computed(tables, "pool_kinds", c.words["pool_kinds"], columns, [(kind,) for kind in kinds], group="g_clouds")


def platforms(c: Context, _tables: Tables) -> Table:
    estate = c.estate
    add: Maker[tuple[str, str, str, str, str]] = Maker(c, "platforms", "g_clouds")
    add("id", lambda p: p[0], "mono", 22)
    add("name", lambda p: p[1], width=40)
    add("kind", lambda p: p[2], filter=True)
    add("unit", lambda p: c.unit(p[3]), width=34)
    add("section", lambda p: p[4], width=18)
    rows = [(p.id, p.name, c.words["kind:platform"], p.unit, p.section) for p in estate.platforms.values()]
    return add.table([*rows, *((t.id, t.name, c.words["kind:topic"], t.units, str(t.number)) for t in estate.topics.values())])
