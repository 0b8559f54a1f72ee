"""INV-034: a running system needs only others that run."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Dependencies(Check):
    id, severity = "INV-034", Severity.WARNING
    title = Text(zh="依赖自身或已停用的系统", en="A system needs itself, or one that does not run")
    reason = Text(
        zh="依赖已停用的系统，要么依赖已不存在，要么系统实际已不可用。",
        en="A system that needs one which does not run either does not work, or does not need it.",
    )
    advice = Text(
        zh="核实依赖：不再使用的删除，仍使用的更新对方状态。",
        en="Ask the unit: remove the dependency, or correct the other system's status.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for edge in estate.dependencies.values():
            system, needs = estate.systems.get(edge.system), estate.systems.get(edge.needs)
            if edge.system == edge.needs:
                yield self.finding(estate, edge.id, "needs", zh=f"{edge.system} 依赖自身", en=f"{edge.system} needs itself")
            elif system and needs and system.status == "running" and needs.status != "running":
                yield self.finding(estate, edge.id, "needs", zh=f"{needs.id} 状态为 {needs.status}", en=f"{needs.id} is {needs.status}")
