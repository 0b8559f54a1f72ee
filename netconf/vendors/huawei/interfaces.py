"""Interfaces with all that stands on them: addresses, VPN, IS-IS, queues, slices. Sources: NetEngine command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Interface, LinkTe, Qos
from netconf.vendors.huawei import qos as classes

form = forms("NetEngine command reference, Interface Management")
INTERFACE = form("interface {name}")
DESCRIPTION = form("description {text:text}")
MTU = form("mtu {mtu:int}")
IPV6_MTU = form("ipv6 mtu {mtu:int}")
VLAN = form("vlan-type dot1q {vlan:int}")
BINDING = form("ip binding vpn-instance {vrf}")
IPV6 = form("ipv6 enable")
ADDRESS4 = form("ip address {address} {mask}")
ADDRESS6 = form("ipv6 address {address:ip}")
LINK_LOCAL = form("ipv6 address auto link-local")
FILTER6 = form("traffic-filter inbound acl ipv6 name {name}")
isis_form = forms("NetEngine command reference, IS-IS")
ISIS = isis_form("isis ipv6 enable {process:int}")
CIRCUIT = isis_form("isis circuit-type p2p")
COST = isis_form("isis ipv6 cost {cost:int}")
flex_form = forms("NetEngine command reference, Flex-Algo")
LINK_TE = flex_form("te link-attribute-application flex-algo")
AFFINITIES = flex_form("link administrative group name {names:text}")
DELAY = flex_form("delay {delay:int}")

LOOPBACK = "LoopBack0"
PROCESS = 1


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.isis:
        at = config.isis.origin
        yield INTERFACE(0, at, LOOPBACK)
        yield IPV6(1, at)
        yield ADDRESS6(1, at, config.isis.loopback)
        yield ISIS(1, at, PROCESS)
    for interface in config.interfaces:
        yield from _interface(interface, config.qos)
        for number, mbps in interface.slices:
            yield from _channel(interface, number, mbps)


def _interface(interface: Interface, qos: Qos | None) -> Iterator[Line]:
    at = interface.origin
    yield INTERFACE(0, at, interface.name)
    if interface.vlan:
        yield VLAN(1, at, interface.vlan)
    if interface.mtu:
        yield MTU(1, at, interface.mtu)
    yield DESCRIPTION(1, at, interface.description)
    if interface.vrf:
        yield BINDING(1, at, interface.vrf)
    if interface.ipv6:
        yield IPV6(1, at)
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
    if interface.te:
        yield LINK_TE(1, at)
        yield AFFINITIES(2, at, " ".join(interface.te.affinities))
        if interface.te.delay_us:
            yield DELAY(2, at, interface.te.delay_us)
    if interface.acl_in:
        yield FILTER6(1, at, interface.acl_in)
    if interface.slices:
        yield classes.DATA_PLANE(1, at, classes.BASE)
    if interface.trust_dscp:
        yield classes.TRUST(1, at, classes.NAME)
    if interface.queues and qos:
        yield from classes.queues(qos)


def _channel(interface: Interface, number: int, mbps: int) -> Iterator[Line]:
    """The channelised sub-interface that keeps a slice's share of a link."""
    at = interface.origin
    yield INTERFACE(0, at, f"{interface.name}.{number}")
    yield VLAN(1, at, number)
    yield IPV6(1, at)
    yield LINK_LOCAL(1, at)
    yield classes.CHANNEL(1, at)
    yield classes.BANDWIDTH(1, at, mbps)
    yield classes.BASIC(1, at, classes.BASE)
    yield classes.DATA_PLANE(1, at, number)


def read(text: Section) -> dict[str, Any]:
    """The loopback is IS-IS' to read; channelised sub-interfaces are read into the slices of their interface."""
    dscps = classes.read_domain(text)
    found: list[Interface] = []
    queues: dict[str, tuple[bool, int, int | None]] = {}
    slices: dict[str, list[tuple[int, int]]] = {}
    for (name,), section in text.each(INTERFACE):
        if name == LOOPBACK and section.has(ISIS):
            section.has(IPV6)
        elif section.has(classes.CHANNEL):
            for line in (VLAN, IPV6, LINK_LOCAL, classes.BASIC):
                section.has(line)
            slices.setdefault(name.rpartition(".")[0], []).append((section.value(classes.DATA_PLANE, 0), section.value(classes.BANDWIDTH, 0)))
        else:
            interface, here = _read(name, section)
            found.append(interface)
            queues |= here
    result: dict[str, Any] = {"interfaces": tuple(_sliced(interface, slices) for interface in found)}
    if dscps:
        result["qos"] = Qos(classes.classes(dscps, queues))
    return result


def _sliced(interface: Interface, slices: dict[str, list[tuple[int, int]]]) -> Interface:
    from dataclasses import replace

    return replace(interface, slices=tuple(slices[interface.name])) if interface.name in slices else interface


def _read(name: str, section: Section) -> tuple[Interface, dict[str, tuple[bool, int, int | None]]]:
    for line in (IPV6, IPV6_MTU, ISIS, CIRCUIT, classes.DATA_PLANE):
        section.all(line)
    te = None
    for _, inside in section.each(LINK_TE):
        te = LinkTe(inside.value(DELAY, 0), tuple(inside.value(AFFINITIES, "").split()))
    queues = classes.read_queues(section)
    interface = Interface(
        name,
        section.value(DESCRIPTION, ""),
        tuple(address for (address,) in section.all(ADDRESS6)),
        tuple(str(IPv4Interface(f"{address}/{mask}")) for address, mask in section.all(ADDRESS4)),
        section.value(MTU),
        section.value(BINDING),
        section.value(VLAN),
        section.value(COST),
        te,
        queues=bool(queues),
        acl_in=section.value(FILTER6, ""),
        trust_dscp=section.has(classes.TRUST),
    )
    return interface, queues
