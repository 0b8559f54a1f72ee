"""Interfaces with all that stands on them: addresses, VPN, IS-IS, BFD, queues. Sources: H3C CR16000-F command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Bfd, DeviceConfig, Interface, LinkTe, Qos
from netconf.vendors.h3c import qos as classes

form = forms("H3C CR16000-F command reference, Interface commands")
INTERFACE = form("interface {name}")
DESCRIPTION = form("description {text:text}")
MTU = form("mtu {mtu:int}")
IPV6_MTU = form("ipv6 mtu {mtu:int}")
VLAN = form("vlan-type dot1q vid {vlan:int}")
BINDING = form("ip binding vpn-instance {vrf}")
ADDRESS4 = form("ip address {address} {mask}")
ADDRESS6 = form("ipv6 address {address:ip}")
FILTER6 = form("packet-filter ipv6 name {name} inbound")
isis_form = forms("H3C CR16000-F command reference, IS-IS")
ISIS = isis_form("isis ipv6 enable {process:int}")
CIRCUIT = isis_form("isis circuit-type p2p")
COST = isis_form("isis ipv6 cost {cost:int}")
BFD = isis_form("isis ipv6 bfd enable")
bfd_form = forms("H3C CR16000-F command reference, BFD")
MIN_TX = bfd_form("bfd min-transmit-interval {ms:int}")
MIN_RX = bfd_form("bfd min-receive-interval {ms:int}")
MULTIPLIER = bfd_form("bfd detect-multiplier {times:int}")
flex_form = forms("H3C CR16000-F command reference, Flex-Algo", "inferred")
LINK_TE = flex_form("te link-attribute-application flex-algo")
AFFINITIES = flex_form("link administrative group name {names:text}")
DELAY = flex_form("delay {delay:int}")

LOOPBACK = "LoopBack0"
PROCESS = 1


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.isis:
        at = config.isis.origin
        yield INTERFACE(0, at, LOOPBACK)
        yield ADDRESS6(1, at, config.isis.loopback)
        yield ISIS(1, at, PROCESS)
    for interface in config.interfaces:
        yield from _interface(interface, config.qos, config.bfd if config.isis and config.isis.bfd else None)


def _interface(interface: Interface, qos: Qos | None, bfd: Bfd | None) -> Iterator[Line]:
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
    for address in interface.ipv4:
        parsed = IPv4Interface(address)
        yield ADDRESS4(1, at, parsed.ip, parsed.netmask)
    if interface.mtu:
        yield IPV6_MTU(1, at, interface.mtu)
    for address in interface.ipv6:
        yield ADDRESS6(1, at, address)
    if interface.isis_metric is not None:
        yield ISIS(1, at, PROCESS)
        yield CIRCUIT(1, at)
        yield COST(1, at, interface.isis_metric)
        if bfd:
            yield BFD(1, at)
            yield MIN_TX(1, at, bfd.min_tx_ms)
            yield MIN_RX(1, at, bfd.min_rx_ms)
            yield MULTIPLIER(1, at, bfd.multiplier)
    if interface.te:
        yield LINK_TE(1, at)
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
    bfd = None
    for (name,), section in text.each(INTERFACE):
        if name == LOOPBACK and section.has(ISIS):
            continue
        found.append(_read(name, section))
        timers = [section.value(form) for form in (MIN_TX, MIN_RX, MULTIPLIER)]
        if section.has(BFD) and None not in timers:
            bfd = Bfd(*timers)
    result: dict[str, Any] = {"interfaces": tuple(found)}
    return {**result, "bfd": bfd} if bfd else result


def _read(name: str, section: Section) -> Interface:
    for line in (IPV6_MTU, ISIS, CIRCUIT):
        section.has(line)
    te = None
    for _, inside in section.each(LINK_TE):
        te = LinkTe(inside.value(DELAY, 0), tuple(inside.value(AFFINITIES, "").split()))
    return Interface(
        name,
        section.value(DESCRIPTION, ""),
        tuple(address for (address,) in section.all(ADDRESS6)),
        tuple(str(IPv4Interface(f"{address}/{mask}")) for address, mask in section.all(ADDRESS4)),
        section.value(MTU),
        section.value(BINDING),
        section.value(VLAN),
        section.value(COST),
        te,
        queues=section.has(classes.APPLY),
        acl_in=section.value(FILTER6, ""),
        trust_dscp=section.has(classes.TRUST),
    )
