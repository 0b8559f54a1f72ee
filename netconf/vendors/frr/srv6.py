"""SRv6 locator and encapsulation. Source: FRR user guide, "Zebra", section "Segment-Routing IPv6".

Function bits are 16 by default, which FRR hides. Fixed SIDs of services stand in BGP (`sid export explicit`), not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Locator, Srv6
from netconf.vendors.frr.bgp import bgp_locator, service_sids

form = forms("Zebra, Segment-Routing IPv6")
SEGMENT_ROUTING = form("segment-routing")
SRV6 = form("srv6")
ENCAPSULATION = form("encapsulation")
SOURCE = form("source-address {address}")
LOCATORS = form("locators")
LOCATOR = form("locator {name}")
PREFIX = form("prefix {prefix} block-len 32 node-len 16")
USID = form("behavior usid")
F3216 = form("format usid-f3216")
EXIT = form("exit")


def render(config: DeviceConfig) -> Iterator[Line]:
    srv6 = config.srv6
    if srv6 is None:
        return
    at = srv6.origin
    yield SEGMENT_ROUTING(0, at)
    yield SRV6(1, at)
    if srv6.source:
        yield ENCAPSULATION(2, at)
        yield SOURCE(3, at, srv6.source)
        yield EXIT(2, at)
    yield LOCATORS(2, at)
    for locator in srv6.locators:
        yield LOCATOR(3, at, locator.name)
        yield PREFIX(4, at, locator.prefix)
        yield USID(4, at)
        yield F3216(4, at)
        yield EXIT(3, at)
    yield EXIT(2, at)
    yield EXIT(1, at)
    yield EXIT(0, at)


def read(text: Section) -> dict[str, Any]:
    """Nothing of it where no locator is an F3216 one."""
    return text.attempt(_read)


def _read(text: Section) -> dict[str, Any]:
    srv6 = text.under(SEGMENT_ROUTING).under(SRV6)
    locators = []
    for (name,), section in srv6.under(LOCATORS).each(LOCATOR):
        prefix = section.value(PREFIX)
        usid, f3216 = section.has(USID), section.has(F3216)
        if prefix and usid and f3216 and not section.leave_unless_whole():
            locators.append(Locator(name, prefix))
    if not locators:
        return {}
    locator = bgp_locator(text)
    found = tuple(replace(one, sids=service_sids(text, one.prefix)) if one.name == locator else one for one in locators)
    return {"srv6": Srv6(srv6.under(ENCAPSULATION).value(SOURCE, ""), found)}
