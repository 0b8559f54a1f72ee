"""INV-044: a data resource lists its items."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class EmptyResources(Check):
    id, severity = "INV-044", Severity.WARNING
    title = Text(zh="数据资源无信息项", en="A data resource lists no items")
    reason = Text(
        zh="目录编制到信息项才能检索、共享和核对一数一源（政务信息资源目录编制指南）。",
        en="Only items can be searched, shared and checked for their source (政务信息资源目录编制指南).",
    )
    advice = Text(
        zh="由提供部门补充信息项，或撤销该资源。",
        en="Let its unit list the items, or take the resource out.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        listed = {item.resource for item in estate.data_items.values()}
        for resource in estate.data_resources.values():
            if resource.id not in listed:
                yield self.finding(estate, resource.id, "id", zh=f"{resource.name} 没有信息项", en=f"{resource.id} has no items")
