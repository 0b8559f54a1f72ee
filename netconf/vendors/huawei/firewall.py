"""Zones, the security policy and source translation of a USG. Source: USG6000 administrator guide, "Security Policy" and "NAT"."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Nat, ZoneRule, Zones
from netconf.vendors.shared import one_prefix

form = forms("Security Policy")
ZONE = form("firewall zone {name}")
PRIORITY = form("set priority {priority:int}")
MEMBER = form("add interface {name}")
POLICY = form("security-policy")
RULE = form("rule name {name}")
SOURCE_ZONE = form("source-zone {zone}")
DESTINATION_ZONE = form("destination-zone {zone}")
SOURCE = form("source-address {address:ip} {length:int}")
DESTINATION = form("destination-address {address:ip} {length:int}")
SOURCE4 = form("source-address {address:ip4} mask {length:mask}")  # as a USG6000V V500R005C10 saves it
DESTINATION4 = form("destination-address {address:ip4} mask {length:mask}")
SERVICE = form("service protocol {protocol} destination-port {ports:text}")
SERVICE_ALL = form("service protocol {protocol}")
ACTION = form("action {action}")
nat_form = forms("NAT")
GROUP = nat_form("nat address-group {name} {number:int}")
MODE = nat_form("mode pat")
SECTION = nat_form("section 0 {first} {last}")
NAT_POLICY = nat_form("nat-policy")
TRANSLATE = nat_form("action source-nat address-group {name}")
NAT64 = nat_form("nat-type nat64")
PREFIX64 = nat_form("nat64 prefix {address:ip} {length:int}")
GROUPS = GROUP44, GROUP64 = "EGRESS44", "EGRESS64"
ACTIONS = {"permit": "permit", "deny": "deny"}


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.nat and config.nat.prefix64:
        address, _, length = config.nat.prefix64.partition("/")
        yield PREFIX64(0, config.nat.origin, address, length)
    if config.zones:
        yield from _zones(config, config.zones)
    if config.nat:
        yield from _nat(config.nat)


def _zones(config: DeviceConfig, zones: Zones) -> Iterator[Line]:
    for name, priority in zones.zones:
        yield ZONE(0, zones.origin, name)
        yield PRIORITY(1, zones.origin, priority)
        for interface in config.interfaces:
            if interface.zone == name:
                yield MEMBER(1, interface.origin, interface.name)
    yield POLICY(0, zones.origin)
    for rule in zones.rules:
        yield from _rule(rule)


def _rule(rule: ZoneRule) -> Iterator[Line]:
    at = rule.origin
    yield RULE(1, at, rule.name)
    yield SOURCE_ZONE(2, at, rule.source_zone)
    yield DESTINATION_ZONE(2, at, rule.destination_zone)
    for line, line4, prefix in ((SOURCE, SOURCE4, rule.source), (DESTINATION, DESTINATION4, rule.destination)):
        if prefix:
            yield (line if ":" in prefix else line4)(2, at, *prefix.split("/"))
    if rule.ports:
        yield SERVICE(2, at, rule.protocol, " ".join(map(str, rule.ports)))
    elif rule.protocol != "ip":
        yield SERVICE_ALL(2, at, rule.protocol)
    yield ACTION(2, at, rule.action)


def _nat(nat: Nat) -> Iterator[Line]:
    at = nat.origin
    pools = [(GROUP44, nat.pool44), (GROUP64, nat.pool64)]
    for number, (name, pool) in enumerate(pools):
        if pool:
            yield GROUP(0, at, name, number)
            yield MODE(1, at)
            yield SECTION(1, at, IPv4Network(pool)[0], IPv4Network(pool)[-1])
    yield NAT_POLICY(0, at)
    for name, pool in pools:
        if pool:
            yield RULE(1, at, name)
            if name == GROUP64:
                yield NAT64(2, at)
            yield SOURCE_ZONE(2, at, nat.source_zone)
            yield DESTINATION_ZONE(2, at, nat.destination_zone)
            yield TRANSLATE(2, at, name)


def members(text: Section) -> dict[str, str]:
    """Interface to zone."""
    return {interface: zone for (zone,), section in text.each(ZONE) for (interface,) in section.all(MEMBER)}


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {}
    zones = tuple((name, section.value(PRIORITY, 0)) for (name,), section in text.each(ZONE))
    if zones:
        rules = ((_read_rule(name, section), section) for (name,), section in text.under(POLICY).each(RULE))
        found["zones"] = Zones(zones, tuple(rule for rule, section in rules if not section.leave_unless_whole()))
    if nat := text.attempt(_read_nat):
        found["nat"] = nat
    return found


def _read_nat(text: Section) -> Nat | None:
    """Groups and rules of other names are others'."""
    pools = {name: _pool(section) for (name, _), section in text.each(GROUP, lambda name, _: name in GROUPS)}
    if not pools:
        return None
    inside = outside = ""
    for (name,), section in text.under(NAT_POLICY).each(RULE, pools.__contains__):
        inside, outside = section.value(SOURCE_ZONE, ""), section.value(DESTINATION_ZONE, "")
        section.has(NAT64)
        section.all(TRANSLATE, name.__eq__)
    prefix = text.one(PREFIX64)
    return Nat(pools.get(GROUP44, ""), pools.get(GROUP64, ""), f"{prefix[0]}/{prefix[1]}" if prefix else "", inside, outside)


def _read_rule(name: str, section: Section) -> ZoneRule:
    service = section.one(SERVICE)
    protocol = service[0] if service else section.value(SERVICE_ALL, "ip")
    source, destination = (one_prefix(section, lines) for lines in ((SOURCE, SOURCE4), (DESTINATION, DESTINATION4)))
    ports = tuple(map(int, service[1].split())) if service else ()
    return ZoneRule(
        name, section.value(SOURCE_ZONE, ""), section.value(DESTINATION_ZONE, ""), section.value(ACTION, "deny"), protocol, source, destination, ports
    )


def _pool(section: Section) -> str:
    section.has(MODE)
    ends = section.one(SECTION)
    if ends is None:
        return ""
    return str(next(summarize_address_range(IPv4Address(ends[0]), IPv4Address(ends[1]))))
