"""INV-047: a need that was granted or met names a resource that holds the element."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class NeedsMatched(Check):
    id, severity = "INV-047", Severity.WARNING
    title = Text(zh="已批准或已满足的需求与资源不符", en="A need that was granted or met names no resource, or one without the element")
    reason = Text(
        zh="需求满足率按资源核算；对应不上的需求是虚报。",
        en="The rate of met needs is counted by resource: what does not match is not met.",
    )
    advice = Text(
        zh="填写实际提供的资源，或把需求状态改回。",
        en="Name the resource that provides it, or set the need's status back.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        held = {(item.resource, item.element) for item in estate.data_items.values()}
        for need in estate.data_needs.values():
            if need.status not in ("granted", "met"):
                continue
            if need.resource is None:
                yield self.finding(estate, need.id, "resource", zh=f"状态为 {need.status}，未写明资源", en=f"it is {need.status}, and names no resource")
            elif (need.resource, need.element) not in held:
                yield self.finding(estate, need.id, "resource", zh=f"{need.resource} 不含 {need.element}", en=f"{need.resource} does not hold {need.element}")
