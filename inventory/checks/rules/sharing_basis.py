"""INV-043: what is not shared, or on condition only, says by which law."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class SharingBasis(Check):
    id, severity = "INV-043", Severity.WARNING
    title = Text(zh="不予共享或有条件共享而无依据", en="A resource is not shared, or on condition, and says no legal basis")
    reason = Text(
        zh="以共享为原则、不共享为例外；不予共享须有法律、行政法规或党中央、国务院政策依据（国发〔2016〕51号）。",
        en="Sharing is the rule; what is not shared needs a law or a policy of the centre (国发〔2016〕51号).",
    )
    advice = Text(
        zh="填写 legal_basis；没有依据的改为 unconditional。",
        en="Fill in `legal_basis`; without one, share it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for resource in estate.data_resources.values():
            if resource.sharing != "unconditional" and not resource.legal_basis:
                yield self.finding(
                    estate,
                    resource.id,
                    "legal_basis",
                    zh=f"{resource.name} 的共享类型为 {resource.sharing}，未写依据",
                    en=f"the sharing of {resource.id} is {resource.sharing}, and no basis is given",
                )
