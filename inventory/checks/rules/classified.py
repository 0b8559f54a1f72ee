"""INV-016: what is classified stays out of clouds, landings and the merged extranet."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Classified(Check):
    id, severity = "INV-016", Severity.ERROR
    title = Text(zh="涉密系统不得上云、涉密网络不得并网", en="Something classified is in a cloud, has a landing there, or is to be merged")
    reason = Text(
        zh="涉密信息系统、涉密网络不得接入非涉密的政务外网与政务云（保守国家秘密法关于不得将涉密系统接入公共信息网络的规定）。",
        en="State secrets law: what is classified is never joined to a network that is not, and the extranet and its clouds are not.",
    )
    advice = Text(
        zh="核对定密；确属涉密的，移出云与并网计划，按分级保护单独管理。",
        en="Confirm the classification; if it holds, take it out of clouds and merging plans.",
    )

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
