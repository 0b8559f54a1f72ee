"""INV-033: a server or storage in a room names its storage media: without them nothing can be sanitised."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import AssetStatus, Estate


class Media(Check):
    id, severity = "INV-033", Severity.WARNING
    title = Text(zh="存储介质未登记", en="A server or storage names no storage media")
    reason = Text(
        zh="未登记存储介质序列号，就无法证明数据已清除、介质已销毁。",
        en="Without serial numbers nobody can prove that the media were sanitised or destroyed.",
    )
    advice = Text(
        zh="现场抄录磁盘序列号，填入 media。",
        en="Read the disks' serial numbers on site into `media`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for asset in estate.assets.values():
            if asset.kind in ("server", "storage") and asset.room and not asset.media and asset.status is not AssetStatus.DISPOSED:
                yield self.finding(estate, asset.id, "media", zh=f"{asset.name} 未登记存储介质", en=f"{asset.id} names no storage media")
