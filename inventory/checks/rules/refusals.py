"""INV-048: a need that was refused says why."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Refusals(Check):
    id, severity = "INV-048", Severity.WARNING
    title = Text(zh="拒绝数据需求而无理由", en="A need was refused without a reason")
    reason = Text(
        zh="不予共享的应当说明理由（国发〔2016〕51号）。",
        en="Who refuses says why (国发〔2016〕51号).",
    )
    advice = Text(
        zh="由提供部门补充理由和依据，或改为同意。",
        en="Let the provider give its reason and law, or grant the need.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for need in estate.data_needs.values():
            if need.status == "refused" and not need.reason:
                yield self.finding(
                    estate, need.id, "reason", zh=f"{need.element} 的需求被拒绝，未写理由", en=f"the need for {need.element} was refused without a reason"
                )
