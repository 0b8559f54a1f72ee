"""INV-081: a project that upgrades or runs a system names one that is to stay."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate
from inventory.overlap import standing


class ProjectSystems(Check):
    id, severity = "INV-081", Severity.WARNING
    title = Text(zh="升级或运维项目的系统缺失或将下线", en="A project pays for a system that is missing, gone or to be retired")
    reason = Text(
        zh="未纳入目录或应清理的系统不再安排运维经费（国家政务信息化项目建设管理办法，国办发〔2019〕57号）。",
        en="No maintenance money for systems outside the register or to be cleared out (国办发〔2019〕57号).",
    )
    advice = Text(
        zh="写明项目对应的系统；对已决定清理的系统不予批复。",
        en="Name the system; do not approve one for a system that was decided to go.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        latest = standing(estate)
        for project in estate.projects.values():
            if project.kind == "new" or project.status == "refused":
                continue
            system = estate.systems.get(project.system or "")
            decision = latest.get(project.system or "")
            if project.system is None:
                yield self.finding(estate, project.id, "system", zh=f"{project.name} 未写明所对应的系统", en=f"{project.id} names no system")
            elif system and system.status == "retired":
                yield self.finding(estate, project.id, "system", zh=f"{system.id} 已下线", en=f"{system.id} is retired")
            elif decision and decision.decision != "keep":
                yield self.finding(
                    estate,
                    project.id,
                    "system",
                    zh=f"{project.system} 已于 {decision.on} 决定 {decision.decision}",
                    en=f"{decision.on}: to {decision.decision} {project.system} was decided",
                )
