"""INV-082: no approved project builds a room or a network of its own."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class OwnInfrastructure(Check):
    id, severity = "INV-082", Severity.WARNING
    title = Text(zh="已批准项目自建机房或网络", en="An approved project builds a room or a network of its own")
    reason = Text(
        zh="新建、改建非涉密系统原则上依托政务云和政务外网集约化部署，不再自建机房和专网（数字政府实施方案）。",
        en="New systems stand in the clouds and on the extranet; rooms and networks of one's own are not built again (the plan).",
    )
    advice = Text(
        zh="退回修改；涉密或法律另有规定的，列入基线并附依据。",
        en="Send it back; where secrecy or a law demands it, accept it in the baseline with the law.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for project in estate.projects.values():
            if project.status != "approved" or project.classified:
                continue
            for column, there, zh, en in (("own_room", project.own_room, "机房", "room"), ("own_network", project.own_network, "网络", "network")):
                if there:
                    yield self.finding(estate, project.id, column, zh=f"{project.name} 已批准自建{zh}", en=f"{project.id} was approved with a {en} of its own")
