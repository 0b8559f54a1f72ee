"""INV-023: a VPN's list of LANs and the LANs' own column say the same."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Vpns(Check):
    id, severity = "INV-023", Severity.ERROR
    title = Text(zh="VPN 与网段互不一致", en="A VPN and its LANs do not agree")
    reason = Text(
        zh="VPN 与网段两处记录须一致，否则可能把网段接入别的部门的 VPN。",
        en="Two records of one fact must agree, or a LAN ends up in another department's VPN.",
    )
    advice = Text(
        zh="统一 vpns.yaml 的 sites 与 lans.csv 的 vpn。",
        en="Make `sites` in vpns.yaml and `vpn` in lans.csv the same.",
    )

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
