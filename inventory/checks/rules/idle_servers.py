"""INV-085: a server in use hosts something."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped, some
from inventory.model import AssetStatus, Estate


class IdleServers(Check):
    id, severity = "INV-085", Severity.WARNING
    title = Text(zh="在用服务器上没有任何组件", en="Servers in use host nothing")
    reason = Text(
        zh="资产配置优先调剂、处置应当及时（行政事业性国有资产管理条例，国务院令第738号，第十一条、第十九条）：闲置的服务器应调剂或处置。",
        en="Needs are met by passing assets on, and disposal is prompt (国务院令第738号, articles 11 and 19): an idle server is passed on or disposed of.",
    )
    advice = Text(
        zh="核实：补登其上的组件，或停机并调剂、处置。",
        en="List what runs there, or shut it down and pass it on.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        used = {part.asset for part in estate.components.values()} | {one.acknowledged.host for one in estate.migrations.values() if one.acknowledged}
        idle = (one for one in estate.assets.values() if one.kind == "server" and one.room and one.status is AssetStatus.IN_USE and one.id not in used)
        for room, assets in grouped(idle, lambda asset: asset.room).items():
            zh, en = some([asset.id for asset in assets])
            yield self.finding(estate, room or "", "status", at=assets[0].id, zh=f"{len(assets)} 台服务器无组件：{zh}", en=f"no component runs on {en}")
