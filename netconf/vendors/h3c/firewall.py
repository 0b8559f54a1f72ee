"""Zones, the security policy and source translation of a SecPath. Source: H3C SecPath F5000 command reference, "Security policy" and "NAT"."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from itertools import count
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Nat, ZoneRule, Zones
from netconf.tree.parse import Tree
from netconf.vendors.shared import one_prefix

form = forms("Security zone and Security policy")
ZONE = form("security-zone name {name}")
MEMBER = form("import interface {name}")
POLICY4 = form("security-policy ip")
POLICY6 = form("security-policy ipv6")
RULE = form("rule {number:int} name {name}")
ACTION = form("action {action}")
SOURCE_ZONE = form("source-zone {zone}")
DESTINATION_ZONE = form("destination-zone {zone}")
SOURCE = form("source-ip-subnet {address:ip} {length:int}")
DESTINATION = form("destination-ip-subnet {address:ip} {length:int}")
SOURCE4 = form("source-ip-subnet {address:ip4} {length:mask}")  # a device prints the mask of what was typed with a length
DESTINATION4 = form("destination-ip-subnet {address:ip4} {length:mask}")
SERVICE = form("service-port {protocol} destination eq {port:int}")
SERVICE_ALL = form("service-port {protocol}")
nat_form = forms("NAT")
GROUP = nat_form("nat address-group {number:int} name {name}")
RANGE = nat_form("address {first} {last}")
GLOBAL = nat_form("nat global-policy")
NAT_RULE = nat_form("rule name {name}")
TRANSLATE = nat_form("action snat address-group name {name}")
PREFIX64 = nat_form("aft prefix-nat64 {address:ip} {length:int}")
TRANSLATE64 = nat_form("aft v6tov4 source address-group name {name}")
GROUPS = GROUP44, GROUP64 = "EGRESS44", "EGRESS64"
ACTIONS = {"permit": "pass", "deny": "drop"}
NAMES = {word: action for action, word in ACTIONS.items()}
STANDARD = {"trust": 85, "untrust": 5}  # Comware's zones have no priority; the design gives these, and others downwards from 60
FIRST_OTHER = 60


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.nat:
        yield from _nat(config.nat)
    if config.zones:
        yield from _zones(config, config.zones)


def _zones(config: DeviceConfig, zones: Zones) -> Iterator[Line]:
    for name, _ in zones.zones:
        yield ZONE(0, zones.origin, name.capitalize())
        for interface in config.interfaces:
            if interface.zone == name:
                yield MEMBER(1, interface.origin, interface.name)
    for policy, versions in ((POLICY4, "4 "), (POLICY6, "6 ")):
        yield policy(0, zones.origin)
        for number, rule in enumerate(zones.rules):
            if _version(rule) in versions:
                yield from _rule(number, rule)


def _version(rule: ZoneRule) -> str:
    """4 or 6 by its prefixes; a blank stands for both."""
    prefix = rule.source or rule.destination
    return " " if not prefix else "6" if ":" in prefix else "4"


def _rule(number: int, rule: ZoneRule) -> Iterator[Line]:
    at = rule.origin
    yield RULE(1, at, number, rule.name)
    yield ACTION(2, at, ACTIONS[rule.action])
    yield SOURCE_ZONE(2, at, rule.source_zone.capitalize())
    yield DESTINATION_ZONE(2, at, rule.destination_zone.capitalize())
    for line, line4, prefix in ((SOURCE, SOURCE4, rule.source), (DESTINATION, DESTINATION4, rule.destination)):
        if prefix:
            yield (line if ":" in prefix else line4)(2, at, *prefix.split("/"))
    for port in rule.ports:
        yield SERVICE(2, at, rule.protocol, port)
    if not rule.ports and rule.protocol != "ip":
        yield SERVICE_ALL(2, at, rule.protocol)


def _nat(nat: Nat) -> Iterator[Line]:
    at = nat.origin
    for number, (name, pool) in enumerate(((GROUP44, nat.pool44), (GROUP64, nat.pool64)), 1):
        if pool:
            yield GROUP(0, at, number, name)
            yield RANGE(1, at, IPv4Network(pool)[0], IPv4Network(pool)[-1])
    if nat.pool44:
        yield GLOBAL(0, at)
        yield NAT_RULE(1, at, GROUP44)
        yield SOURCE_ZONE(2, at, nat.source_zone.capitalize())
        yield DESTINATION_ZONE(2, at, nat.destination_zone.capitalize())
        yield TRANSLATE(2, at, GROUP44)
    if nat.pool64:
        address, _, length = nat.prefix64.partition("/")
        yield PREFIX64(0, at, address, length)
        yield TRANSLATE64(0, at, GROUP64)


def members(text: Section) -> dict[str, str]:
    """Interface to zone."""
    return {interface: zone.lower() for (zone,), section in text.each(ZONE) for (interface,) in section.all(MEMBER)}


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {}
    others = count(FIRST_OTHER, -1)
    zones = tuple((zone, STANDARD.get(zone) or next(others)) for (name,), _ in text.each(ZONE) if (zone := name.lower()))
    if zones:
        rules: dict[int, ZoneRule] = {}
        for policy in (POLICY4, POLICY6):
            read = ((number, _read_rule(name, section), section) for (number, name), section in text.under(policy).each(RULE))
            rules |= {number: rule for number, rule, section in read if not section.leave_unless_whole()}
        found["zones"] = Zones(zones, tuple(rule for _, rule in sorted(rules.items())))
    if nat := text.attempt(_read_nat):
        found["nat"] = nat
    return found


def _read_nat(text: Section) -> Nat | None:
    """Groups and rules of other names are others'."""
    pools = {name: _pool(section) for (_, name), section in text.each(GROUP, lambda _, name: name in GROUPS)}
    if not pools:
        return None
    rule = next((section for _, section in text.under(GLOBAL).each(NAT_RULE, GROUP44.__eq__)), Section(Tree(), text.taken))
    rule.all(TRANSLATE, GROUP44.__eq__)
    text.all(TRANSLATE64, GROUP64.__eq__)
    prefix = text.one(PREFIX64)
    inside, outside = rule.value(SOURCE_ZONE, "Trust").lower(), rule.value(DESTINATION_ZONE, "Untrust").lower()
    return Nat(pools.get(GROUP44, ""), pools.get(GROUP64, ""), f"{prefix[0]}/{prefix[1]}" if prefix else "", inside, outside)


def _read_rule(name: str, section: Section) -> ZoneRule:
    services = section.all(SERVICE)
    protocol = services[0][0] if services else section.value(SERVICE_ALL, "ip")
    source, destination = (one_prefix(section, lines) for lines in ((SOURCE, SOURCE4), (DESTINATION, DESTINATION4)))
    inside, outside = section.value(SOURCE_ZONE, "").lower(), section.value(DESTINATION_ZONE, "").lower()
    return ZoneRule(name, inside, outside, NAMES.get(section.value(ACTION, "drop"), "deny"), protocol, source, destination, tuple(port for _, port in services))  # type: ignore[arg-type]


def _pool(section: Section) -> str:
    ends = section.one(RANGE)
    return str(next(summarize_address_range(IPv4Address(ends[0]), IPv4Address(ends[1])))) if ends else ""
