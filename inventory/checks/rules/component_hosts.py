"""INV-031: a component runs on a server of its system's room, which is in use."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import AssetStatus, Estate


class ComponentHosts(Check):
    id, severity = "INV-031", Severity.WARNING
    title = Text(zh="组件所在主机不在系统机房", en="A component's host is not in its system's room, or is out of use")
    reason = Text(
        zh="组件所在主机决定停机与迁移的范围；写错会漏迁数据。",
        en="A component's host decides what is copied and stopped: a wrong one leaves data behind.",
    )
    advice = Text(
        zh="核对组件实际所在主机，改正 asset。",
        en="Look up where the component runs, and correct `asset`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for part in estate.components.values():
            system, asset = estate.systems.get(part.system), estate.assets.get(part.asset or "")
            if system is None or asset is None or system.status == "retired":
                continue
            if system.cloud is None and asset.room != system.room:
                yield self.finding(
                    estate,
                    part.id,
                    "asset",
                    zh=f"{asset.id} 在 {asset.room or '机房之外'}，系统在 {system.room}",
                    en=f"{asset.id} stands in {asset.room or 'no room'}, the system in {system.room}",
                )
            elif system.cloud is None and asset.status is not AssetStatus.IN_USE:
                yield self.finding(estate, part.id, "asset", zh=f"{asset.id} 状态为 {asset.status}", en=f"{asset.id} is {asset.status}")
