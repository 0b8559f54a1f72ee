"""INV-023: a VPN has an owner, LANs, and a private network that exists."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Vpns(Check):
    id, severity = "INV-023", Severity.ERROR
    title = Text(zh="VPN 没有网段、单位或专网", en="A VPN has no LAN, no unit, or no private network")
    reason = Text(
        zh="没有网段的 VPN 占用编号和 SID，却不承载任何业务；没有单位则无人负责。",
        en="A VPN without LANs takes a number and SIDs and carries nothing; one without a unit is nobody's.",
    )
    advice = Text(
        zh="在 lans.csv 的 vpn 列写明属于它的网段，或从 vpns.yaml 删除它。",
        en="Name it in the column vpn of lans.csv, or take it out of vpns.yaml.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        used = {lan.vpn for lan in estate.lans.values()} | {row.vpn for row in estate.network.access}
        for vpn in estate.vpns.values():
            if vpn.unit not in estate.units:
                yield self.finding(estate, vpn.id, "unit", zh=f"单位 {vpn.unit} 不存在", en=f"{vpn.unit} is not in units")
            if vpn.network and vpn.network not in estate.private_networks:
                yield self.finding(estate, vpn.id, "network", zh=f"专网 {vpn.network} 不存在", en=f"{vpn.network} is not in private_networks")
            if vpn.id not in used:
                yield self.finding(estate, vpn.id, "id", zh=f"没有网段属于 {vpn.id}", en=f"no LAN belongs to {vpn.id}")
