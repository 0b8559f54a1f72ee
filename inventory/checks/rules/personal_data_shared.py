"""INV-045: personal items are not in resources that anybody may have."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped, some
from inventory.model import Estate


class PersonalDataShared(Check):
    id, severity = "INV-045", Severity.WARNING
    title = Text(zh="含个人信息的资源无条件共享或向社会开放", en="A resource with personal items is shared without condition or open to the public")
    reason = Text(
        zh="国家机关处理个人信息不得超出履职必需的范围，未经同意不得公开（个人信息保护法第二十五条、第三十四条）。",
        en="Offices handle personal data within their duties only, and do not publish it without consent (PIPL, articles 25 and 34).",
    )
    advice = Text(
        zh="改为有条件共享、关闭开放，或脱敏后另立资源。",
        en="Share on condition and close it, or make a resource without those items.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        personal = grouped((item for item in estate.data_items.values() if item.personal), lambda item: item.resource)
        for key, items in personal.items():
            resource = estate.data_resources.get(key)
            if resource and (resource.open or resource.sharing == "unconditional"):
                zh, en = some([item.name for item in items])
                column = "open" if resource.open else "sharing"
                yield self.finding(estate, key, column, zh=f"{resource.name} 含个人信息：{zh}", en=f"{key} has personal items: {en}")
