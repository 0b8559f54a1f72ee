"""Static routes. Source: FRR user guide, "STATIC".

A router keeps at least one static route for ever: FRR 10.3 to 10.7 drop all static SIDs with the last static route (measured).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import DeviceConfig, StaticRoute
from netconf.text import is_prefix

form = forms("STATIC")
# By: is it IPv6, how its way out is told (`by` a next hop and an interface, `to` a next hop, `null`), is it of a VRF.
# Both ways to discard are one to the kernel.
ROUTES = {
    (six, way, vrf): form(f"{word} route {{prefix:address}} {rest}{tail}", also=f"{word} route {{prefix:address}} Null0{tail}" if way == "null" else "")
    for six, word, hop in ((True, "ipv6", "{next_hop:address}"), (False, "ip", "{next_hop:ip4}"))
    for way, rest in (("to", hop), ("by", f"{hop} {{interface}}"), ("null", "blackhole"))
    for vrf, tail in ((False, ""), (True, " vrf {vrf}"))
}


def render(config: DeviceConfig) -> Iterator[Line]:
    for r in config.statics:
        way = "null" if not r.next_hop else "by" if r.interface else "to"
        out = {"null": (), "to": (r.next_hop,), "by": (r.next_hop, r.interface)}[way]
        yield ROUTES[":" in r.prefix, way, bool(r.vrf)](0, r.origin, r.prefix, *out, *((r.vrf,) if r.vrf else ()))


def read(text: Section) -> dict[str, Any]:
    """In the order of the text. What follows a next hop is an interface unless it is a distance."""
    rows = [row for (_, way, vrf), form in ROUTES.items() for row in _routes(text, form, way, vrf)]
    return {"statics": tuple(route for _, route in sorted(rows, key=lambda row: row[0]))}


def _routes(text: Section, form: Form, way: str, vrf: bool) -> Iterator[tuple[int, StaticRoute]]:
    """With the numbers of their lines."""
    for (prefix, *out), section in text.each(form, lambda *found: is_prefix(found[0]) and not (way == "by" and found[2].isdigit())):
        interface = out[1] if way == "by" else ""
        yield section.tree.number, StaticRoute(prefix, "" if way == "null" else out[0], interface, out[-1] if vrf else "")
