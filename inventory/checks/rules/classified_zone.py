"""INV-027: a classified system stands in no zone that the extranet or the internet reaches."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, Zone


class ClassifiedZone(Check):
    id, severity = "INV-027", Severity.ERROR
    title = Text(zh="涉密系统位于互联网区或公用区", en="A classified system stands in the internet or the public zone")
    reason = Text(
        zh="保守国家秘密法：不得将涉密信息系统接入互联网及其他公共信息网络；政务外网是非涉密网络。",
        en="State secrets law: a classified system is not joined to the internet or to any public information network; the extranet is not classified.",
    )
    advice = Text(
        zh="立即核对定密与接入情况；确属涉密的断开连接并报告保密部门，zone 改为 private。",
        en="Check at once; if it is classified, cut it off, tell the secrecy office, and set `zone` to private.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.classified and system.zone is not Zone.PRIVATE:
                yield self.finding(
                    estate,
                    system.id,
                    "zone",
                    zh=f"涉密系统 {system.name} 位于 {system.zone} 区",
                    en=f"{system.id} is classified and stands in the zone {system.zone}",
                )
