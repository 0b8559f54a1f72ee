"""INV-019: a landing is one system's, in a LAN that is a cloud's."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class LandingPlaces(Check):
    id, severity = "INV-019", Severity.ERROR
    title = Text(zh="着陆区的系统或网段不符", en="A landing's system or LAN is wrong")
    reason = Text(
        zh="着陆区决定系统迁往何处，重复或网段不符会使割接失败。",
        en="A landing says where a system goes: two of them, or a wrong LAN, fail at cut-over.",
    )
    advice = Text(
        zh="每个系统只留一个着陆区，并选用 kind 为 cloud 的网段。",
        en="Keep one landing a system, in a LAN of kind `cloud`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        seen: dict[str, str] = {}
        for cloud in estate.clouds.values():
            for index, landing in enumerate(cloud.landings):
                at = f"landings[{index}]"
                if landing.system not in estate.systems:
                    yield self.finding(estate, cloud.id, f"{at}.system", zh=f"系统 {landing.system} 不存在", en=f"{landing.system} is not in systems")
                if landing.system in seen:
                    yield self.finding(
                        estate,
                        cloud.id,
                        f"{at}.system",
                        zh=f"{landing.system} 已在 {seen[landing.system]} 有着陆区",
                        en=f"{landing.system} has a landing in {seen[landing.system]} already",
                    )
                seen[landing.system] = cloud.id
                lan = estate.lans.get(landing.lan)
                if lan is None:
                    yield self.finding(estate, cloud.id, f"{at}.lan", zh=f"网段 {landing.lan} 不存在", en=f"{landing.lan} is not in lans")
                elif lan.kind != "cloud":
                    yield self.finding(
                        estate, cloud.id, f"{at}.lan", zh=f"{lan.id} 不是云的网段（{lan.kind}）", en=f"{lan.id} is not a cloud's LAN but a {lan.kind} one"
                    )
