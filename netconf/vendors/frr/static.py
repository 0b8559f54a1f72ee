"""Static routes. Source: FRR user guide, "STATIC".

A router keeps at least one static route for ever: FRR 10.3 to 10.7 drop all static SIDs with the last static route (measured).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netconf.model.device import StaticRoute


def render(statics: Iterable[StaticRoute]) -> Iterator[str]:
    for route in statics:
        if route.next_hop is None:
            yield f"ipv6 route {route.prefix} blackhole"
        else:
            yield f"ipv6 route {route.prefix} {route.next_hop} {route.interface}"
