"""INV-070: a storage medium is in one asset."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class MediaSerials(Check):
    id, severity = "INV-070", Severity.WARNING
    title = Text(zh="存储介质序列号重复", en="A medium's serial number stands in two assets")
    reason = Text(
        zh="介质清除与销毁凭序列号出具证明；一号两处，证明就不可信。",
        en="Media are certified as destroyed by serial number: one that is in two places certifies nothing.",
    )
    advice = Text(
        zh="现场核对磁盘序列号并更正。",
        en="Read the disks again, and correct the rows.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        owners: dict[str, str] = {}
        for asset in estate.assets.values():
            for serial in asset.media.split():
                owner = owners.setdefault(serial, asset.id)
                if owner != asset.id:
                    yield self.finding(estate, asset.id, "media", zh=f"介质 {serial} 已登记在 {owner}", en=f"the medium {serial} is in {owner} already")
