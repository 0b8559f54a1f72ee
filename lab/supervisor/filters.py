"""Security groups as nftables rules in a machine's own network namespace.

The cloud says what each port may receive and send; the rules are loaded at boot, and again whenever they change. Root of the machine could flush them:
this is a lab.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TABLE = "xiangyun_security_groups"


@dataclass(slots=True)
class PortFilter:
    """Matches in nftables' words; what none of them matches is dropped."""

    ingress: list[str] = field(default_factory=list)
    egress: list[str] = field(default_factory=list)


def ruleset(interfaces: dict[str, PortFilter]) -> str:
    """A script for `nft -f` that replaces what it loaded before. Answers, and IPv6's neighbour discovery, always pass (RFC 4890)."""
    lines = [f"table inet {TABLE} {{}}", f"delete table inet {TABLE}", f"table inet {TABLE} {{"]
    for hook, way in (("input", "iifname"), ("output", "oifname")):
        lines += [f" chain {hook} {{", f"  type filter hook {hook} priority 0; policy accept;"]
        lines += [f'  {way} "{name}" jump {hook}-{name}' for name in interfaces]
        lines.append(" }")
        for name, port in interfaces.items():
            lines += [f" chain {hook}-{name} {{", "  ct state established,related accept"]
            lines.append("  icmpv6 type { nd-router-advert, nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept")
            lines += [f"  {match} accept" for match in (port.ingress if hook == "input" else port.egress)]
            lines += ["  drop", " }"]
    return "\n".join([*lines, "}", ""])
