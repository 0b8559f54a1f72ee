"""SRv6 locator and encapsulation. Source: FRR user guide, "Zebra", section "Segment-Routing IPv6".

Function bits are 16 by default, which FRR hides.
"""

from __future__ import annotations

from collections.abc import Iterator

from netconf.model.device import Locator


def render(locator: Locator) -> Iterator[str]:
    yield "segment-routing"
    yield " srv6"
    yield "  encapsulation"
    yield f"   source-address {locator.source}"
    yield "  exit"
    yield "  locators"
    yield f"   locator {locator.name}"
    yield f"    prefix {locator.prefix} block-len 32 node-len 16"
    yield "    behavior usid"
    yield "    format usid-f3216"
    yield "   exit"
    yield "  exit"
    yield " exit"
    yield "exit"
