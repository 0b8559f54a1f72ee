"""INV-039: a system that is to be merged is merged into another, which runs."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class MergeTargets(Check):
    id, severity = "INV-039", Severity.WARNING
    title = Text(zh="整合去向缺失或不可用", en="A decision merges a system into nothing, into itself, or into one that does not run")
    reason = Text(
        zh="整合须有承接系统，否则业务在清理后无处办理。",
        en="A system that is merged needs one that takes its work over, or the work is lost.",
    )
    advice = Text(
        zh="在 into 中写明承接系统，或把决定改为保留、下线（新增一行决定）。",
        en="Add a decision that names the system taking over, or that keeps or retires it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for decision in estate.decisions.values():
            if decision.decision != "merge":
                continue
            into = estate.systems.get(decision.into or "")
            if decision.into is None:
                yield self.finding(estate, decision.id, "into", zh="未写明并入哪个系统", en="it does not say into which system")
            elif decision.into == decision.system:
                yield self.finding(estate, decision.id, "into", zh=f"{decision.system} 并入自身", en=f"{decision.system} is merged into itself")
            elif into and into.status != "running":
                yield self.finding(estate, decision.id, "into", zh=f"{into.id} 状态为 {into.status}", en=f"{into.id} is {into.status}")
