"""Interfaces with all that stands on them: addresses, VPN, IS-IS, BFD, queues. Sources: H3C CR16000-F command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Bfd, DeviceConfig, Interface, LinkTe, Qos
from netconf.vendors.h3c import qos as classes

form = forms("Interface commands")
INTERFACE = form("interface {name}")
DESCRIPTION = form("description {text:text}")
MTU = form("mtu {mtu:int}")
IPV6_MTU = form("ipv6 mtu {mtu:int}")
VLAN = form("vlan-type dot1q vid {vlan:int}")
BINDING = form("ip binding vpn-instance {vrf}")
ADDRESS4 = form("ip address {address:ip4} {length:mask}")
SECOND4 = form("ip address {address:ip4} {length:mask} sub")
ADDRESS6 = form("ipv6 address {address:ip}")
FILTER6 = form("packet-filter ipv6 name {name} inbound")
isis_form = forms("IS-IS")
ISIS = isis_form("isis ipv6 enable {process:int}")
CIRCUIT = isis_form("isis circuit-type p2p")
COST = isis_form("isis ipv6 cost {cost:int}")
BFD = isis_form("isis ipv6 bfd enable")
bfd_form = forms("BFD")
MIN_TX = bfd_form("bfd min-transmit-interval {ms:int}")
MIN_RX = bfd_form("bfd min-receive-interval {ms:int}")
MULTIPLIER = bfd_form("bfd detect-multiplier {times:int}")
flex_form = forms("Flex-Algo")
LINK_TE = flex_form("te link-attribute-application flex-algo")
AFFINITIES = flex_form("link administrative group name {names:text}")
DELAY = flex_form("delay {delay:int}")

ISIS_PROCESS = isis_form("isis {number:int}")
FAMILY6 = isis_form("address-family ipv6 unicast")

LOOPBACK = "LoopBack0"
PROCESS = 1
DEFAULT_METRIC = 10


def render(config: DeviceConfig) -> Iterator[Line]:
    isis = config.isis
    if isis and isis.loopback:
        at = isis.origin
        yield INTERFACE(0, at, LOOPBACK)
        yield ADDRESS6(1, at, isis.loopback)
        yield ISIS(1, at, isis.number)
    for interface in config.interfaces:
        yield from _interface(interface, config.qos, config.bfd if isis and isis.bfd else None, isis.number if isis else PROCESS)


def _interface(interface: Interface, qos: Qos | None, bfd: Bfd | None, process: int) -> Iterator[Line]:
    at = interface.origin
    yield INTERFACE(0, at, interface.name)
    if interface.description:
        yield DESCRIPTION(1, at, interface.description)
    if interface.mtu:
        yield MTU(1, at, interface.mtu)
    if interface.vlan:
        yield VLAN(1, at, interface.vlan)
    if interface.vrf:
        yield BINDING(1, at, interface.vrf)
    line4 = ADDRESS4
    for address in interface.ipv4:
        yield line4(1, at, *address.split("/"))
        line4 = SECOND4
    if interface.mtu:
        yield IPV6_MTU(1, at, interface.mtu)
    for address in interface.ipv6:
        yield ADDRESS6(1, at, address)
    if interface.isis_metric is not None:
        yield ISIS(1, at, process)
        yield CIRCUIT(1, at)
        yield COST(1, at, interface.isis_metric)
        if bfd:
            yield BFD(1, at)
            yield MIN_TX(1, at, bfd.min_tx_ms)
            yield MIN_RX(1, at, bfd.min_rx_ms)
            yield MULTIPLIER(1, at, bfd.multiplier)
    if interface.te:
        yield LINK_TE(1, at)
        if interface.te.affinities:
            yield AFFINITIES(2, at, " ".join(interface.te.affinities))
        if interface.te.delay_us:
            yield DELAY(2, at, interface.te.delay_us)
    if interface.acl_in:
        yield FILTER6(1, at, interface.acl_in)
    if interface.trust_dscp:
        yield classes.TRUST(1, at)
    if interface.queues and qos:
        yield classes.APPLY(1, at, classes.NAME)


def read(text: Section) -> dict[str, Any]:
    """The loopback is IS-IS' to read."""
    found: list[Interface] = []
    process = isis_process(text)
    loopback = read_loopback(text, process)
    bfd = read_bfd(text)
    for (name,), section in text.each(INTERFACE):
        if loopback and name == LOOPBACK:
            continue
        found.append(_read(name, section, process, bfd))
    result: dict[str, Any] = {"interfaces": tuple(found)}
    return {**result, "bfd": bfd} if bfd else result


def isis_process(text: Section) -> int:
    """The number of the process that carries IPv6, as the model's does; 0 where there is none."""
    return next((number for (number,), section in text.peek_each(ISIS_PROCESS) if section.says(FAMILY6)), 0)


def read_loopback(text: Section, process: int) -> str:
    """The address that IS-IS announces."""
    for (_,), section in text.each(INTERFACE, LOOPBACK.__eq__):
        if (process,) in section.peek(ISIS) and section.says(ADDRESS6):
            section.all(ISIS, process.__eq__)
            return str(section.value(ADDRESS6))
    return ""


def read_bfd(text: Section) -> Bfd | None:
    """Of all sessions that IS-IS asks for: those of the first interface that says all timers."""
    return next((timers for _, section in text.peek_each(INTERFACE) if section.says(BFD) and (timers := _timers(section))), None)


def _timers(section: Section) -> Bfd | None:
    rows = [section.peek(form) for form in (MIN_TX, MIN_RX, MULTIPLIER)]
    return Bfd(*(row[0][0] for row in rows)) if all(rows) else None


def _read(name: str, section: Section, process: int, bfd: Bfd | None) -> Interface:
    mtu = section.value(MTU)
    section.all(IPV6_MTU, lambda size: size == mtu)
    metric = None
    if process and (process,) in section.peek(ISIS) and section.has(CIRCUIT):  # the model's links are from point to point
        section.all(ISIS, process.__eq__)
        metric = section.value(COST, DEFAULT_METRIC)
        if bfd and _timers(section) == bfd:
            for line in (BFD, MIN_TX, MIN_RX, MULTIPLIER):
                section.has(line)
    te = None
    for _, inside in section.each(LINK_TE):
        te = LinkTe(inside.value(DELAY, 0), tuple(inside.value(AFFINITIES, "").split()))
    return Interface(
        name,
        section.value(DESCRIPTION, ""),
        tuple(address for (address,) in section.all(ADDRESS6)),
        tuple(f"{address}/{length}" for form in (ADDRESS4, SECOND4) for address, length in section.all(form)),
        mtu,
        section.value(BINDING),
        section.value(VLAN),
        metric,
        te,
        queues=bool(section.all(classes.APPLY, classes.NAME.__eq__)),
        acl_in=section.value(FILTER6, ""),
        trust_dscp=section.has(classes.TRUST),
    )
