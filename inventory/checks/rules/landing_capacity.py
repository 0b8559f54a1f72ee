"""INV-062: the landings of a pool fit on it together."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped
from inventory.checks.rules.quotas import OVERCOMMIT
from inventory.model import Estate


class LandingCapacity(Check):
    id, severity = "INV-062", Severity.WARNING
    title = Text(zh="着陆区合计超出资源池容量", en="The landings of a pool do not fit on it together")
    reason = Text(
        zh="承诺超过容量，割接时云主机会因资源不足而无法创建；虚拟 CPU 按 4 倍（Nova 默认 initial_cpu_allocation_ratio）、内存和磁盘不超分计算。",
        en="What is promised beyond capacity fails at cut-over: no valid host. Virtual CPUs count fourfold (Nova's default), memory and disk once.",
    )
    advice = Text(
        zh="扩容资源池，或调整着陆区规格和批次。",
        en="Extend the pool, or change flavors and waves.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for cloud in estate.clouds.values():
            flavors = {flavor.name: flavor for flavor in cloud.flavors}
            landed = grouped((flavors[landing.flavor] for landing in cloud.landings if landing.flavor in flavors), lambda flavor: flavor.pool)
            for pool in cloud.pools:
                taken = landed.get(pool.id, [])
                for column, have, want in (
                    ("vcpus", OVERCOMMIT * sum(host.vcpus * host.count for host in pool.hosts), sum(flavor.vcpus for flavor in taken)),
                    ("memory_mib", sum(host.memory_mib * host.count for host in pool.hosts), sum(flavor.memory_mib for flavor in taken)),
                    ("disk_gib", sum(host.disk_gib * host.count for host in pool.hosts), sum(flavor.disk_gib for flavor in taken)),
                ):
                    if want > have:
                        yield self.finding(
                            estate,
                            cloud.id,
                            "landings",
                            zh=f"{pool.id} 的着陆区需要 {column} {want}，只有 {have}",
                            en=f"landings on {pool.id} need {want} of {column}, and it has {have}",
                        )
