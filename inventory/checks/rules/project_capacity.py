"""INV-063: the approved projects of a cloud fit on its hosts of their architecture, beside what lands there."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped, some
from inventory.checks.rules.quotas import OVERCOMMIT
from inventory.model import Estate


class ProjectCapacity(Check):
    id, severity = "INV-063", Severity.WARNING
    title = Text(zh="已批准项目超出云的容量", en="Approved projects do not fit on their cloud")
    reason = Text(
        zh="承诺超过容量，割接时云主机会因资源不足而无法创建；虚拟 CPU 按 4 倍（Nova 默认 initial_cpu_allocation_ratio）、内存和磁盘不超分计算。",
        en="What is promised beyond capacity fails at cut-over: no valid host. Virtual CPUs count fourfold (Nova's default), memory and disk once.",
    )
    advice = Text(
        zh="扩容后再批复，或改用别的云、别的架构。",
        en="Extend the cloud before approving, or choose another cloud or architecture.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        approved = [project for project in estate.projects.values() if project.status == "approved" and project.cloud]
        for (key, arch), projects in grouped(approved, lambda project: (project.cloud, project.arch)).items():
            cloud = estate.clouds.get(key or "")
            if cloud is None:
                continue
            hosts = [host for pool in cloud.pools for host in pool.hosts if host.arch == arch]
            images = {image.name for image in cloud.images if image.arch == arch}
            flavors = {flavor.name: flavor for flavor in cloud.flavors}
            taken = [flavors[landing.flavor] for landing in cloud.landings if landing.image in images and landing.flavor in flavors]
            for column, have, want in (
                (
                    "vcpus",
                    OVERCOMMIT * sum(host.vcpus * host.count for host in hosts) - sum(flavor.vcpus for flavor in taken),
                    sum(one.vcpus for one in projects),
                ),
                (
                    "memory_gib",
                    (sum(host.memory_mib * host.count for host in hosts) - sum(flavor.memory_mib for flavor in taken)) // 1024,
                    sum(one.memory_gib for one in projects),
                ),
                (
                    "disk_gib",
                    sum(host.disk_gib * host.count for host in hosts) - sum(flavor.disk_gib for flavor in taken),
                    sum(one.disk_gib for one in projects),
                ),
            ):
                if want > have:
                    zh, en = some([project.id for project in projects])
                    yield self.finding(
                        estate,
                        cloud.id,
                        "pools",
                        zh=f"{arch}：项目 {zh} 需要 {column} {want}，余量 {have}",
                        en=f"{arch}: {en} need {want} of {column}, and {have} are left",
                    )
