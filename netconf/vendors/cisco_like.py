"""Names, interfaces and static routes of ZXROS and RGOS, which follow Cisco. No reference page of either was found: each form is inferred."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Interface, StaticRoute, System

form = forms("as Cisco IOS")
HOSTNAME = form("hostname {name}")
INTERFACE = form("interface {name:text}")
DESCRIPTION = form("description {text:text}")
MTU = form("mtu {mtu:int}")
ADDRESS4 = form("ip address {address:ip4} {length:mask}")
ENABLE6 = form("ipv6 enable")
ADDRESS6 = form("ipv6 address {address}")
ROUTE6 = form("ipv6 route {prefix:address} {next_hop:address}")


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.system.hostname:
        yield HOSTNAME(0, config.system.origin, config.system.hostname)
    for interface in config.interfaces:
        at = interface.origin
        yield INTERFACE(0, at, interface.name)
        if interface.description:
            yield DESCRIPTION(1, at, interface.description)
        if interface.mtu:
            yield MTU(1, at, interface.mtu)
        for address in interface.ipv4:
            yield ADDRESS4(1, at, *address.split("/"))
        if interface.ipv6:
            yield ENABLE6(1, at)
        for address in interface.ipv6:
            yield ADDRESS6(1, at, address)
    for route in config.statics:
        yield ROUTE6(0, route.origin, route.prefix, route.next_hop)


def read(text: Section) -> dict[str, Any]:
    interfaces = []
    for (name,), section in text.each(INTERFACE):
        six = tuple(address for (address,) in section.all(ADDRESS6))
        if six:
            section.has(ENABLE6)
        four = tuple(f"{address}/{length}" for address, length in section.all(ADDRESS4))
        interfaces.append(Interface(name, section.value(DESCRIPTION, ""), six, four, section.value(MTU)))
    statics = tuple(StaticRoute(prefix, hop) for prefix, hop in text.all(ROUTE6))
    return {"system": System(text.value(HOSTNAME, "")), "interfaces": tuple(interfaces), "statics": statics}
