"""INV-016: what is classified stays out of clouds, landings and the merged extranet."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class Classified(Check):
    id, severity = "INV-016", Severity.ERROR
    title = Title(zh="涉密系统不得上云、涉密网络不得并网", en="Something classified is in a cloud, has a landing there, or is to be merged")

    def run(self, estate: Estate) -> Iterator[Finding]:
        landings = {landing.system: cloud for cloud in estate.clouds.values() for landing in cloud.landings}
        for system in estate.systems.values():
            if system.classified and (system.cloud or system.id in landings):
                where = system.cloud or landings[system.id].id
                yield self.finding(estate, system.id, "classified", zh=f"涉密系统不得在 {where}", en=f"it is classified and may not stand in {where}")
        for network in estate.private_networks.values():
            if network.classified and network.intent != "keep":
                yield self.finding(
                    estate, network.id, "intent", zh=f"涉密专网不得 {network.intent}", en=f"a classified network is kept apart, not {network.intent}d"
                )
