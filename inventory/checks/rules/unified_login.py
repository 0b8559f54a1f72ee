"""INV-077: a system with personal data takes its users from the unified login."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped, some
from inventory.model import Estate


class UnifiedLogin(Check):
    id, severity = "INV-077", Severity.WARNING
    title = Text(zh="含个人信息的系统未接入统一身份认证", en="A system with personal data does not use the unified login")
    reason = Text(
        zh="政务服务应统一身份认证（国发〔2018〕27号）；自建账号难以及时停用离职人员，个人信息易被越权查询（个人信息保护法第五十一条）。",
        en="One login for government services (国发〔2018〕27号); own accounts outlive their owners, who then read personal data (PIPL, article 51).",
    )
    advice = Text(
        zh="接入统一身份认证，并登记 kind=login 的依赖。",
        en="Join it to the unified login, and record the dependency of kind `login`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        logins = {edge.system for edge in estate.dependencies.values() if edge.kind == "login"} | {
            edge.needs for edge in estate.dependencies.values() if edge.kind == "login"
        }
        without = [
            system
            for system in estate.systems.values()
            if system.personal_data and system.status == "running" and not system.classified and system.id not in logins
        ]
        for unit, systems in grouped(without, lambda system: system.unit).items():
            zh, en = some([system.id for system in systems])
            yield self.finding(estate, systems[0].id, "personal_data", zh=f"{unit} 的 {zh} 未接入统一身份认证", en=f"of {unit}: {en} without the unified login")
