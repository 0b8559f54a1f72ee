"""INV-050: a base database's resources are gathered at the sharing platform."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class BaseGathered(Check):
    id, severity = "INV-050", Severity.WARNING
    title = Text(zh="基础库资源未归集", en="A base database's resource is not gathered at the sharing platform")
    reason = Text(
        zh="人口、法人、空间地理、信用、证照等基础信息应在共享平台集中建设或接入（国发〔2016〕51号）。",
        en="Base databases are built at the sharing platform or joined to it (国发〔2016〕51号).",
    )
    advice = Text(
        zh="由牵头部门接入共享平台，完成后置 gathered=true。",
        en="Let the lead unit join it to the platform, then set `gathered`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for resource in estate.data_resources.values():
            if resource.base and not resource.gathered:
                yield self.finding(
                    estate,
                    resource.id,
                    "gathered",
                    zh=f"{resource.name} 属于基础库 {resource.base}，尚未归集",
                    en=f"{resource.id} belongs to the base database {resource.base} and is not gathered",
                )
