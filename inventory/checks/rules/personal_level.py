"""INV-078: a system with personal data is of MLPS level 2 at least."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class PersonalLevel(Check):
    id, severity = "INV-078", Severity.WARNING
    title = Text(zh="含个人信息的系统定为一级", en="A system with personal data is graded level 1")
    reason = Text(
        zh="个人信息泄露会严重损害公民合法权益，按 GB/T 22240-2020 不低于第二级。",
        en="A leak of personal data gravely harms citizens, which GB/T 22240-2020 grades 2 at least.",
    )
    advice = Text(
        zh="重新定级并向公安机关备案。",
        en="Grade it again, and file it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.personal_data and system.mlps_level == 1 and system.status != "retired":
                yield self.finding(
                    estate, system.id, "mlps_level", zh=f"{system.name} 含个人信息，等保仅一级", en=f"{system.id} has personal data, and is of level 1"
                )
