"""What an engineer keeps beside the configurations: per device and for the whole network, in Chinese and English, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netconf.model.network import Network, Node
from netconf.sids import end_sid

LANGS = ("zh", "en")
WORDS = {
    "role": ("角色", "role"),
    "site": ("站点", "site"),
    "model": ("型号", "model"),
    "plane": ("平面", "plane"),
    "loopback": ("环回地址", "loopback"),
    "router_id": ("路由器标识", "router ID"),
    "net": ("IS-IS NET", "IS-IS NET"),
    "locator": ("SRv6 Locator", "SRv6 locator"),
    "ports": ("端口表", "Ports"),
    "port": ("端口", "port"),
    "peer": ("对端", "far end"),
    "address": ("地址", "address"),
    "speed": ("带宽（Gbit/s）", "Gbit/s"),
    "metric": ("开销", "metric"),
    "mtu": ("MTU", "MTU"),
    "lans": ("用户网段", "LANs"),
    "lan": ("网段", "LAN"),
    "vpn": ("VPN", "VPN"),
    "public": ("公用区", "public zone"),
    "vpns": ("VPN", "VPNs"),
    "sids": ("SID 表", "SIDs"),
    "sid": ("SID", "SID"),
    "behaviour": ("行为", "behaviour"),
    "policies": ("SRv6-TE 策略", "SRv6-TE policies"),
    "colour": ("颜色", "colour"),
    "endpoint": ("尾端", "end point"),
    "paths": ("路径（SID）", "paths (SIDs)"),
    "without": ("豁免的功能", "features that are not asked of it"),
    "devices": ("设备", "Devices"),
    "device": ("设备", "device"),
    "links": ("链路", "Links"),
    "matrix": ("VPN 矩阵", "VPN matrix"),
    "matrix_note": ("每个 VPN 在哪些设备上有网段。", "Where each VPN has LANs."),
    "rt": ("路由目标", "route target"),
    "title": ("电子政务外网设计", "Design of the e-government extranet"),
    "picture": ("拓扑", "Topology"),
    "lines": ("{} 行", "{} lines"),
}


def words(lang: str) -> dict[str, str]:
    index = LANGS.index(lang)
    return {key: value[index] for key, value in WORDS.items()}


def device_document(node: Node, lang: str) -> str:
    """Facts, ports, LANs, VPNs, SIDs and policies of one device."""
    w = words(lang)
    parts = [f"# {node.name}\n", *_table(("", ""), _facts(node, w))]
    ports = ((p.interface, f"{p.peer_name} {p.peer_interface}", p.address, f"{p.bandwidth_mbps / 1000:g}", p.metric, p.mtu) for p in node.ports)
    parts += _section(w["ports"], (w["port"], w["peer"], w["address"], w["speed"], w["metric"], w["mtu"]), ports)
    lans = ((a.interface, a.name, " ".join(filter(None, (a.address, a.address4))), a.vpn or w["public"]) for a in node.attachments)
    parts += _section(w["lans"], (w["port"], w["lan"], w["address"], w["vpn"]), lans)
    parts += _section(w["vpns"], (w["vpn"], "", "RD", w["rt"]), ((v.vpn, v.name, v.rd, v.rt) for v in node.vpns))
    if node.backbone:
        parts += _section(w["sids"], (w["sid"], w["behaviour"], ""), _sids(node))
    policies = ((f"{t.number} {t.colour}", t.name, " / ".join(" → ".join(path) for path in t.paths)) for t in node.te)
    parts += _section(w["policies"], (w["colour"], w["endpoint"], w["paths"]), policies)
    return "\n".join(parts) + "\n"


def _facts(node: Node, w: dict[str, str]) -> Iterator[tuple[object, ...]]:
    yield w["role"], node.role
    yield w["site"], node.site_name
    yield w["model"], f"{node.model} ({node.vendor})"
    yield w["plane"], node.plane
    yield w["loopback"], node.loopback
    yield w["router_id"], node.router_id
    if node.backbone:
        yield w["net"], node.net
        yield w["locator"], node.locator
    if node.without:
        yield w["without"], ", ".join(sorted(node.without))


def _sids(node: Node) -> Iterator[tuple[object, ...]]:
    yield end_sid(node.locator), "End (uN)", ""
    for flex in node.flex if "flex_algos" not in node.without else ():
        yield end_sid(flex.locator), "End (uN)", f"Flex-Algo {flex.number} {flex.name}"
    yield node.service_sid, "End.DT6", ""
    for vpn in node.vpns:
        yield vpn.sid, "End.DT46", vpn.vpn


def network_document(network: Network, lang: str) -> str:
    """All devices and links, the VPN matrix and the SID table."""
    w = words(lang)
    nodes = list(network.nodes.values())
    devices = ((f"[{n.name}](devices/{n.name}.md)", n.role, n.model, n.site_name, n.loopback, n.locator if n.backbone else "") for n in nodes)
    parts = [f"# {w['title']}\n", f"![{w['picture']}](../topology.svg)\n"]
    parts += _section(w["devices"], (w["device"], w["role"], w["model"], w["site"], w["loopback"], w["locator"]), devices)
    links = (
        (f"{n.name} {p.interface}", f"{p.peer_name} {p.peer_interface}", p.subnet, f"{p.bandwidth_mbps / 1000:g}", p.metric, p.mtu)
        for n in nodes
        for p in n.ports
        if n.device < p.peer
    )
    parts += _section(w["links"], ("A", "B", w["address"], w["speed"], w["metric"], w["mtu"]), links)
    parts += _matrix(nodes, w)
    sids = ((*row[:2], n.name, row[2]) for n in nodes if n.backbone for row in _sids(n))
    parts += _section(w["sids"], (w["sid"], w["behaviour"], w["device"], ""), sids)
    return "\n".join(parts) + "\n"


def _matrix(nodes: list[Node], w: dict[str, str]) -> list[str]:
    names = sorted({v.vpn: v.name for n in nodes for v in n.vpns}.items())
    rows = []
    for node in nodes:
        here = {v.vpn for v in node.vpns}
        if here:
            rows.append((node.name, *("●" if key in here else "" for key, _ in names)))
    section = _section(w["matrix"], (w["device"], *(name or key for key, name in names)), rows)
    return [section[0], f"{w['matrix_note']}\n", *section[1:]] if section else []


def _section(title: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    table = list(_table(head, rows))
    return [f"\n## {title}\n", *table] if len(table) > 2 else []


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"
