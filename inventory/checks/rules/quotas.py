"""INV-037: tenants' quotas do not promise more than the pools hold."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate

OVERCOMMIT = 4  # virtual CPUs promised per real one: nova's default initial_cpu_allocation_ratio


class Quotas(Check):
    id, severity = "INV-037", Severity.WARNING
    title = Text(zh="租户配额超出资源池容量", en="Quotas promise more than the pools hold")
    reason = Text(
        zh="配额合计超出容量，扩容前总有单位申请不到资源；虚拟 CPU 按 4 倍、内存不超分计算。",
        en="When quotas exceed the pools, somebody's promise cannot be kept; virtual CPUs count fourfold, memory once.",
    )
    advice = Text(
        zh="核减长期闲置的配额，或扩容资源池。",
        en="Cut idle quotas, or extend the pools.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for cloud in estate.clouds.values():
            hosts = [host for pool in cloud.pools for host in pool.hosts]
            for column, have, want in (
                ("cores", OVERCOMMIT * sum(host.vcpus * host.count for host in hosts), sum(tenant.quota.cores for tenant in cloud.tenants)),
                ("memory_mib", sum(host.memory_mib * host.count for host in hosts), sum(tenant.quota.memory_mib for tenant in cloud.tenants)),
            ):
                if want > have:
                    yield self.finding(
                        estate,
                        cloud.id,
                        "tenants",
                        zh=f"配额 {column} 合计 {want}，资源池只有 {have}",
                        en=f"quotas of {column} come to {want}, and the pools hold {have}",
                    )
