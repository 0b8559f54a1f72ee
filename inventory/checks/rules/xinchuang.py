"""INV-024: a system that must run on Xinchuang hardware lands on a Xinchuang pool."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Xinchuang(Check):
    id, severity = "INV-024", Severity.ERROR
    title = Text(zh="信创系统未落在信创资源池", en="A Xinchuang system lands on a pool that is none")
    reason = Text(
        zh="信创系统必须运行在信创资源池上，否则替代任务未完成。",
        en="A system that must run on Xinchuang hardware is not done until it does.",
    )
    advice = Text(
        zh="改用信创资源池的规格，或复核该系统的信创要求。",
        en="Choose a flavor of a Xinchuang pool, or review the requirement.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for cloud in estate.clouds.values():
            pools = {flavor.name: pool for flavor in cloud.flavors for pool in cloud.pools if flavor.pool == pool.id}
            for index, landing in enumerate(cloud.landings):
                system, pool = estate.systems.get(landing.system), pools.get(landing.flavor)
                if system and pool and system.xinchuang and not pool.xinchuang:
                    yield self.finding(
                        estate,
                        cloud.id,
                        f"landings[{index}].flavor",
                        zh=f"{system.id} 须用信创资源池，而 {pool.id} 不是",
                        en=f"{system.id} must run on Xinchuang hardware, and {pool.id} is none",
                    )
