"""INV-023: a VPN's list of LANs and the LANs' own column say the same."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class Vpns(Check):
    id, severity = "INV-023", Severity.ERROR
    title = Title(zh="VPN 与网段互不一致", en="A VPN and its LANs do not agree")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for vpn in estate.vpns.values():
            if vpn.unit not in estate.units:
                yield self.finding(estate, vpn.id, "unit", zh=f"单位 {vpn.unit} 不存在", en=f"{vpn.unit} is not in units")
            for index, site in enumerate(vpn.sites):
                lan = estate.lans.get(site)
                if lan is None:
                    yield self.finding(estate, vpn.id, f"sites[{index}]", zh=f"网段 {site} 不存在", en=f"{site} is not in lans")
                elif lan.vpn != vpn.id:
                    yield self.finding(
                        estate,
                        lan.id,
                        "vpn",
                        zh=f"{vpn.id} 列有该网段，而该网段写的是 {lan.vpn or '无'}",
                        en=f"{vpn.id} lists it, and it names {lan.vpn or 'no VPN'}",
                    )
        for lan in estate.lans.values():
            if lan.vpn in estate.vpns and lan.id not in estate.vpns[lan.vpn].sites:
                yield self.finding(estate, lan.id, "vpn", zh=f"{lan.vpn} 未列该网段", en=f"{lan.vpn} does not list it")
