"""INV-058: no prefix is held twice, and one inside another leaves by the same egress."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Address, Estate


class AddressHolders(Check):
    id, severity = "INV-058", Severity.WARNING
    title = Text(zh="地址重复登记或出口不一致", en="A prefix is held twice, or leaves by another egress than the one around it")
    reason = Text(
        zh="一段地址只应登记一次；同一地址经不同出口通告，会使回程流量丢失、溯源出错。",
        en="A prefix is registered once; announced at two egresses, its traffic comes back the wrong way and cannot be traced.",
    )
    advice = Text(
        zh="核对运营商分配单，合并重复行，或改正 egress。",
        en="Check the carrier's assignment, merge the rows, or correct `egress`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for version in (4, 6):
            opened: list[Address] = []
            rows = (row for row in estate.addresses.values() if row.prefix.version == version)
            for row in sorted(rows, key=lambda one: (int(one.prefix.network_address), one.prefix.prefixlen)):
                while opened and opened[-1].prefix.broadcast_address < row.prefix.network_address:  # type: ignore[operator]
                    opened.pop()
                around = opened[-1] if opened else None
                opened.append(row)
                if around is None:
                    continue
                if around.prefix == row.prefix:
                    yield self.finding(
                        estate,
                        row.id,
                        "prefix",
                        zh=f"{row.prefix} 已由 {around.unit} 登记（{around.id}）",
                        en=f"{row.prefix} is held by {around.unit} already ({around.id})",
                    )
                elif around.egress != row.egress:
                    yield self.finding(
                        estate,
                        row.id,
                        "egress",
                        zh=f"{row.prefix} 在 {around.prefix}（{around.id}）之内，出口却是 {row.egress or '无'}",
                        en=f"{row.prefix} lies in {around.prefix} of {around.id}, and leaves by {row.egress or 'no egress'}",
                    )
