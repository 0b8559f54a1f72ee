"""INV-075: a Xinchuang system is built for an architecture that a Xinchuang pool has."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class XinchuangArch(Check):
    id, severity = "INV-075", Severity.WARNING
    title = Text(zh="信创系统架构无对应资源池", en="No Xinchuang pool has the architecture of a Xinchuang system")
    reason = Text(
        zh="信创资源池的架构决定应用要不要重新编译适配；没有对应架构就不能直接迁移。",
        en="The pools' architecture decides whether a system must be built anew: without its own it cannot just be moved.",
    )
    advice = Text(
        zh="安排适配改造并更新 arch，或建设相应架构（如海光 x86）的信创资源池。",
        en="Have it ported and set `arch`, or build a pool of its kind (such as Hygon).",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        known = {host.arch for cloud in estate.clouds.values() for pool in cloud.pools if pool.xinchuang for host in pool.hosts}
        for system in estate.systems.values():
            if known and system.xinchuang and system.arch and system.arch not in known and system.status != "retired":
                pools = ", ".join(sorted(known))
                yield self.finding(
                    estate,
                    system.id,
                    "arch",
                    zh=f"{system.name} 为 {system.arch}，信创资源池只有 {pools}",
                    en=f"{system.id} is built for {system.arch}; Xinchuang pools have {pools}",
                )
