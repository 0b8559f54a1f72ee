"""INV-028: a classified system neither provides nor uses data of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class ClassifiedData(Check):
    id, severity = "INV-028", Severity.ERROR
    title = Text(zh="涉密系统提供或使用目录内数据", en="A classified system provides or uses data of the catalogue")
    reason = Text(
        zh="政务数据目录和共享平台承载非涉密数据；涉密数据共享按保密规定另行办理（国发〔2016〕51号、保守国家秘密法）。",
        en="The catalogue and the sharing platform are for data that is not classified (国发〔2016〕51号, state secrets law).",
    )
    advice = Text(
        zh="从目录中撤下该资源或需求，改由非涉密系统提供，或按保密规定办理。",
        en="Take the resource or the need out of the catalogue, or give it a system that is not classified.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for table in (estate.data_resources, estate.data_needs):
            for row in table.values():
                system = estate.systems.get(row.system or "")
                if system and system.classified:
                    yield self.finding(estate, row.id, "system", zh=f"{system.name}（{system.id}）是涉密系统", en=f"{system.id} is classified")
