"""INV-026: a migration's system and the host of its clients' log exist, and the system has a landing."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Migrations(Check):
    id, severity = "INV-026", Severity.ERROR
    title = Text(zh="迁移方案的系统、主机或着陆区不存在", en="A migration's system, host or landing does not exist")
    reason = Text(
        zh="迁移方案须对应实有系统和已备好的着陆区。",
        en="A migration needs a real system and a prepared landing.",
    )
    advice = Text(
        zh="改正 migrations.yaml，或先在 clouds.yaml 中备好着陆区。",
        en="Correct migrations.yaml, or prepare the landing in clouds.yaml.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        landings = {landing.system for cloud in estate.clouds.values() for landing in cloud.landings}
        for key, migration in estate.migrations.items():
            subject = f"migration of {key}"
            if key not in estate.systems:
                yield self.finding(estate, subject, "system", zh=f"系统 {key} 不存在", en=f"{key} is not in systems")
            elif key not in landings:
                yield self.finding(estate, subject, "system", zh=f"{key} 没有着陆区", en=f"{key} has no landing in a cloud")
            if migration.acknowledged and migration.acknowledged.host not in estate.assets:
                host = migration.acknowledged.host
                yield self.finding(estate, subject, "acknowledged.host", zh=f"{host} 不在 assets 中", en=f"{host} is not in assets")
