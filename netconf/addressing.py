"""Tables of addresses and of SIDs, and what any one of them is. The estate's own rows are the truth; nothing here is stored.

Numbering of users' networks: the plan's block, then the region's six digits of GB/T 2260 as six hex digits, then eight bits of purpose: with a /32 that
is a /56 a region and a /64 a network, readable in the address itself. That scheme is an assumption of ours (docs/explanation/extranet.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from inventory.errors import InputError
from inventory.model import Estate
from netconf.model.network import Network, Node
from netconf.sids import FIRST_VPN, LOCAL_FUNCTIONS, base_of, end_sid, function_of
from netconf.text import network_text

REGION_BITS, PURPOSE_BITS = 24, 8
Prefix = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Entry:
    """A prefix, what it is, whose it is, and the place in the estate where that stands."""

    prefix: Prefix
    kind: str
    owner: str  # id
    name: str
    place: str

    def as_dict(self) -> dict[str, str]:
        return {"prefix": str(self.prefix), "kind": self.kind, "owner": self.owner, "name": self.name, "place": self.place}


@dataclass(frozen=True, slots=True)
class SidEntry:
    """A SID (or a locator), its behaviour by RFC 8986 and RFC 9800, and whose it is."""

    sid: IPv6Network
    behaviour: str
    device: str
    what: str
    place: str

    def as_dict(self) -> dict[str, str]:
        text = str(self.sid.network_address) if self.sid.prefixlen == 128 else str(self.sid)
        return {"sid": text, "behaviour": self.behaviour, "device": self.device, "what": self.what, "place": self.place}


def address_table(estate: Estate, network: Network) -> list[Entry]:
    """Every block, prefix and address that the plan gave or a row holds, by prefix: the wider before what lies in it."""
    entries = [*_blocks(estate), *_rows(estate), *_planned(estate, network)]
    return sorted(entries, key=lambda e: (e.prefix.version, int(e.prefix.network_address), e.prefix.prefixlen, e.kind, e.owner))


def _blocks(estate: Estate) -> Iterator[Entry]:
    plan, place = estate.plan, estate.origins.get("plan", "plan.yaml")
    for kind, block in (("loopbacks", plan.loopbacks), ("links", plan.links), ("services", plan.services), ("locators", plan.locators)):
        yield Entry(block, f"block of {kind}", "plan", "", place)
    for flex in estate.network.flex_algos:
        yield Entry(
            flex.locators, "block of locators", "plan", f"Flex-Algo {flex.number} {flex.name}", estate.origins.get(f"extranet:flex_algos:{flex.name}", "")
        )
    if plan.users:
        yield Entry(plan.users, "block of users", "plan", "", place)
        for region in estate.regions.values():
            yield Entry(region_block(plan.users, region.code), "block of a region", region.id, region.name, estate.origins.get(region.id, ""))


def region_block(users: IPv6Network, code: str) -> IPv6Network:
    """The /56 (of a /32) of a region: its digits follow the block."""
    length = users.prefixlen + REGION_BITS
    return IPv6Network((int(users.network_address) | int(code, 16) << (128 - length), length))


def _rows(estate: Estate) -> Iterator[Entry]:
    for lan in estate.lans.values():
        where = estate.origins.get(lan.id, "")
        yield Entry(lan.prefix, f"LAN ({lan.kind})" if not lan.vpn else f"LAN of {lan.vpn}", lan.id, lan.name, where)
        if lan.prefix4:
            yield Entry(lan.prefix4, f"LAN of {lan.vpn}" if lan.vpn else f"LAN ({lan.kind})", lan.id, lan.name, where)
    for row in estate.addresses.values():
        yield Entry(row.prefix, "held prefix" if row.egress is None else f"public, at {row.egress}", row.unit, row.purpose, estate.origins.get(row.id, ""))
    for asset in estate.assets.values():
        if asset.address:
            yield Entry(IPv6Network(asset.address), "host", asset.id, asset.name, estate.origins.get(asset.id, ""))
    for system in estate.systems.values():
        if system.service_address:
            yield Entry(IPv6Network(system.service_address), "service address", system.id, system.name, estate.origins.get(system.id, ""))
    for cloud in estate.clouds.values():
        for landing in cloud.landings:
            yield Entry(IPv6Network(landing.address), f"landing in {cloud.id}", landing.system, "", estate.origins.get(cloud.id, ""))
    for out in estate.network.egresses:
        where = estate.origins.get(f"extranet:egresses:{out.egress}", "")
        for pool, kind in ((out.nat44, "NAT44 pool"), (out.nat64, "NAT64 pool"), (out.prefix64, "NAT64 prefix")):
            if pool:
                yield Entry(pool, kind, out.egress, out.firewall, where)


def _planned(estate: Estate, network: Network) -> Iterator[Entry]:
    for node in network.nodes.values():
        where = estate.origins.get(node.device, "")
        yield Entry(IPv6Network(node.loopback), "loopback", node.device, node.name, where)
        yield Entry(IPv4Network(node.router_id), "router id", node.device, node.name, where)
        for port in node.ports:
            at = estate.origins.get(port.link, "")
            yield Entry(
                IPv6Network(port.address.partition("/")[0]), "interface", node.device, f"{node.name} {port.interface}", estate.origins.get(port.link, "")
            )
            if node.device < port.peer:
                yield Entry(IPv6Network(port.subnet), "link", port.link, f"{node.name} – {port.peer_name}", at)


def explain_address(entries: list[Entry], estate: Estate, text: str) -> list[str]:
    """What an address or prefix is, from the widest thing around it to the narrowest, in words. Raises InputError for what is no address."""
    wanted = _prefix(text)
    around = [e for e in entries if e.prefix.version == wanted.version and wanted.subnet_of(e.prefix)]  # type: ignore[arg-type]
    lines = [f"{e.prefix}  {e.kind}: {' '.join(filter(None, (e.owner, e.name)))}{f' ({e.place})' if e.place else ''}" for e in around]
    if isinstance(wanted, IPv6Network) and (said := _numbering(estate, wanted)):
        lines.append(said)
    inside = [e for e in entries if e.prefix.version == wanted.version and e.prefix != wanted and e.prefix.subnet_of(wanted)]  # type: ignore[arg-type]
    if inside and wanted.prefixlen < wanted.max_prefixlen:
        lines.append(f"inside it: {len(inside)} entries, from {inside[0].prefix} to {inside[-1].prefix}")
    return lines


def _numbering(estate: Estate, wanted: IPv6Network) -> str:
    """Region and purpose, as far as the digits of a users' prefix say them."""
    users = estate.plan.users
    if users is None or not wanted.subnet_of(users):
        return ""
    digits = f"{int(wanted.network_address) >> (128 - users.prefixlen - REGION_BITS) & (1 << REGION_BITS) - 1:06x}"
    purpose = f"{int(wanted.network_address) >> (128 - users.prefixlen - REGION_BITS - PURPOSE_BITS) & (1 << PURPOSE_BITS) - 1:02x}"
    region = estate.regions.get(digits)
    said = f"numbering: region {digits} {region.name if region else 'that nobody has'}"
    if wanted.prefixlen < users.prefixlen + REGION_BITS + PURPOSE_BITS:
        return said
    return f"{said}, purpose {purpose} {estate.plan.purposes.get(purpose, 'that the plan does not name')}"


def _prefix(text: str) -> Prefix:
    try:
        return ip_network(text, strict=False) if "/" in text else ip_network(ip_address(text))
    except ValueError as error:
        raise InputError(f"{text}: neither an address nor a prefix") from error


def sid_table(estate: Estate, network: Network) -> list[SidEntry]:
    """Every locator and every SID that the plan fixes, by device; adjacencies' SIDs are the devices' own to give."""
    return [entry for node in network.nodes.values() if node.backbone for entry in _sids(estate, node)]


def _sids(estate: Estate, node: Node) -> Iterator[SidEntry]:
    where = estate.origins.get(node.device, "")
    yield SidEntry(IPv6Network(node.locator), "locator", node.name, "algorithm 0", where)
    yield SidEntry(IPv6Network(end_sid(node.locator)), "End (uN)", node.name, "algorithm 0", where)
    yield SidEntry(IPv6Network(node.service_sid), "End.DT6", node.name, "public zone", where)
    for vpn in node.vpns:
        yield SidEntry(IPv6Network(vpn.sid), "End.DT46", node.name, f"{vpn.vpn} {vpn.name}".strip(), estate.origins.get(vpn.vpn, ""))
    for flex in node.flex if "flex_algos" not in node.without else ():
        at = estate.origins.get(f"extranet:flex_algos:{flex.name}", "")
        yield SidEntry(IPv6Network(flex.locator), "locator", node.name, f"Flex-Algo {flex.number} {flex.name}", at)
        yield SidEntry(IPv6Network(end_sid(flex.locator)), "End (uN)", node.name, f"Flex-Algo {flex.number} {flex.name}", at)


def explain_sid(estate: Estate, network: Network, text: str) -> list[str]:
    """Block, node and function of a SID, and what they stand for. Raises InputError for what is no IPv6 address, or lies in no block of locators."""
    try:
        address = IPv6Address(text)
    except ValueError as error:
        raise InputError(f"{text}: not an IPv6 address") from error
    blocks = [(network.block, "algorithm 0"), *((f.locators, f"Flex-Algo {f.number} {f.name}") for f in estate.network.flex_algos)]
    found = next(((block, title) for block, title in blocks if address in block), None)
    if found is None:
        raise InputError(f"{text}: in none of the blocks of locators: {', '.join(str(block) for block, _ in blocks)}")
    block, title = found
    number, function = int(address) >> 80 & 0xFFFF, function_of(text)
    locator = network_text(int(block.network_address) | number << 80, 48)
    owner = next((n for n in network.nodes.values() if locator in (n.locator, *(f.locator for f in n.flex))), None)
    lines = [f"block {block} ({title}), node {number:#06x}, function {function:#06x}; F3216: 32 bits of block, 16 of node, 16 of function"]
    lines.append(f"locator {locator}: {f'{owner.name} ({owner.device})' if owner else 'nobody in this scope has it'}")
    known = next((e for e in sid_table(estate, network) if e.sid.prefixlen == 128 and e.sid.network_address == address), None)
    lines.append(
        f"{known.behaviour}: {known.what} at {known.device}{f' ({known.place})' if known.place else ''}"
        if known
        else _function(function, owner.vendor if owner else "")
    )
    rest = int(address) & (1 << 64) - 1
    if rest:
        lines.append(f"further 16-bit SIDs of a carrier, or an argument: {rest:016x}")
    return lines


def _function(function: int, vendor: str) -> str:
    if function == 0:
        return "no function: the node itself, End (uN)"
    if function < LOCAL_FUNCTIONS:
        return "the next node of a carrier (NEXT-C-SID), not a function of this one"
    fixed = function - base_of(vendor)
    if FIRST_VPN <= fixed < 0x100:
        return f"fixed for VPN number {fixed - FIRST_VPN + 1}, which is not at this node"
    if 0 <= fixed < 0x100:
        return "of the range that the plan fixes, and given to nobody"
    return "of the range that devices give by themselves, as to adjacencies (End.X): ask the device"
