"""INV-029: a classified system and one that is not do not depend on one another."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class ClassifiedDependencies(Check):
    id, severity = "INV-029", Severity.ERROR
    title = Text(zh="涉密系统与非涉密系统相互依赖", en="A dependency joins a classified system with one that is not")
    reason = Text(
        zh="保守国家秘密法：不得将涉密信息系统接入互联网及其他公共信息网络；政务外网是非涉密网络。",
        en="State secrets law: a classified system is not joined to the internet or to any public information network; the extranet is not classified.",
    )
    advice = Text(
        zh="核对定密与依赖；确有数据交换的改为单向导入等合规方式，并删除该依赖。",
        en="Check both; an exchange that is needed goes by approved one-way means and is no dependency.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for edge in estate.dependencies.values():
            system, needs = estate.systems.get(edge.system), estate.systems.get(edge.needs)
            if system and needs and system.classified != needs.classified:
                secret, other = (system, needs) if system.classified else (needs, system)
                yield self.finding(estate, edge.id, "needs", zh=f"{secret.id} 涉密，{other.id} 非涉密", en=f"{secret.id} is classified, and {other.id} is not")
