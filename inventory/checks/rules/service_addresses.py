"""INV-009: service addresses come from the plan's block, one system each."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class ServiceAddresses(Check):
    id, severity = "INV-009", Severity.ERROR
    title = Text(zh="服务地址不合规划", en="A service address is outside the plan, or given twice")
    reason = Text(
        zh="服务地址随系统迁移、不变更，须出自规划地址段且一址一系统。",
        en="A service address moves with its system, so it comes from the plan's block and is one system's.",
    )
    advice = Text(
        zh="从 plan.yaml 的 services 段另选未用地址。",
        en="Take a free address of the plan's `services`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        owners: dict[IPv6Address, str] = {}
        for system in estate.systems.values():
            address = system.service_address
            if address is None:
                continue
            if address not in estate.plan.services:
                en = f"{address} lies outside the plan's services {estate.plan.services}"
                yield self.finding(estate, system.id, "service_address", zh=f"{address} 不在规划的服务地址段 {estate.plan.services} 内", en=en)
            if address in owners:
                yield self.finding(
                    estate, system.id, "service_address", zh=f"{address} 已属于 {owners[address]}", en=f"{address} belongs to {owners[address]} already"
                )
            owners.setdefault(address, system.id)
