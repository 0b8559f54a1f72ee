"""Static routes. Source: FRR user guide, "STATIC".

A router keeps at least one static route for ever: FRR 10.3 to 10.7 drop all static SIDs with the last static route (measured).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, StaticRoute

form = forms("FRR user guide, STATIC")
DISCARD = form("ipv6 route {prefix} blackhole")
ROUTE = form("ipv6 route {prefix} {next_hop} {interface}")
ROUTE_ANY = form("ipv6 route {prefix} {next_hop}")
ROUTE_VRF = form("ipv6 route {prefix} {next_hop} {interface} vrf {vrf}")


def render(config: DeviceConfig) -> Iterator[Line]:
    for r in config.statics:
        if not r.next_hop:
            yield DISCARD(0, r.origin, r.prefix)
        elif r.vrf:
            yield ROUTE_VRF(0, r.origin, r.prefix, r.next_hop, r.interface, r.vrf)
        elif r.interface:
            yield ROUTE(0, r.origin, r.prefix, r.next_hop, r.interface)
        else:
            yield ROUTE_ANY(0, r.origin, r.prefix, r.next_hop)


def read(text: Section) -> dict[str, Any]:
    routes = [StaticRoute(prefix) for (prefix,) in text.all(DISCARD)]
    routes += [StaticRoute(*values) for values in text.all(ROUTE)]
    routes += [StaticRoute(*values) for values in text.all(ROUTE_ANY) if values[1] != "blackhole"]
    routes += [StaticRoute(*values) for values in text.all(ROUTE_VRF)]
    return {"statics": tuple(routes)}
