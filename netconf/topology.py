"""The network as a picture: SVG with the province in the middle and a sector a city, and Mermaid for documents."""

from __future__ import annotations

from html import escape
from math import atan2, cos, degrees, sin

from inventory.model import Estate
from inventory.reports.pictures import FILLS, SIZES
from inventory.reports.topology import INNER, topology
from netconf.model.network import Network

SIDE = {40: 700, 400: 1500}  # of the picture, by the number of devices up to which it is enough
MARGIN = 90


def svg(estate: Estate, title: str) -> str:
    """Every device that can be told apart, with its name outwards; links that touch plane B are broken. The same bytes every time."""
    picture = topology(estate, title)
    size = next((side for most, side in SIDE.items() if len(picture.nodes) <= most), 2200)
    whole = size + 2 * MARGIN

    def at(value: float) -> float:
        return round(MARGIN + size / 2 * (1 + value), 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="10"><rect width="{whole}" height="{whole}" fill="#fff"/>'
        f'<text x="20" y="30" font-size="18">{escape(title)}</text>'
    ]
    for a, b, in_b in picture.edges:
        one, two = picture.nodes[a], picture.nodes[b]
        dash = ' stroke-dasharray="5 4"' if in_b else ""
        said = escape(f"{one.name} – {two.name}")
        out.append(f'<line x1="{at(one.x)}" y1="{at(one.y)}" x2="{at(two.x)}" y2="{at(two.y)}" stroke="#9fb0c1"{dash}><title>{said}</title></line>')
    for node in picture.nodes:
        x, y = at(node.x), at(node.y)
        out.append(f'<circle cx="{x}" cy="{y}" r="{SIZES[node.role] + 1}" fill="{FILLS[node.role]}" stroke="#fff"/>')
        out.append(_label(node.name, node.role, x, y, atan2(node.y, node.x)))
    if picture.left_out:
        out.append(f'<text x="20" y="{whole - 20}">{picture.left_out} devices of the outer levels are not drawn</text>')
    return "".join([*out, "</svg>\n"])


def _label(name: str, role: str, x: float, y: float, angle: float) -> str:
    """Along the ray from the middle, never upside down; the inner devices' names stand above them."""
    if role in INNER:
        return f'<text x="{x}" y="{y - 13}" text-anchor="middle" font-size="12" font-weight="bold">{escape(name)}</text>'
    left = abs(degrees(angle)) > 90
    turn = degrees(angle) + (180 if left else 0)
    far = SIZES[role] + 5
    px, py = round(x + far * cos(angle), 1), round(y + far * sin(angle) + 3, 1)
    return f'<text x="{px}" y="{py}" transform="rotate({turn:.1f} {px} {py})" text-anchor="{"end" if left else "start"}">{escape(name)}</text>'


def mermaid(network: Network) -> str:
    """A graph of links with their bandwidth in Gbit/s; a node's shape is its role's."""
    shapes = {"core": '(["{}"])', "egress-firewall": '[["{}"]]', "cloud-gateway": '{{"{}"}}', "hpc-gateway": '{{"{}"}}'}
    numbers = {device: f"n{index}" for index, device in enumerate(network.nodes)}
    lines = ["graph TD"]
    for device, node in network.nodes.items():
        shape = shapes.get(node.role, '["{}"]')
        lines.append("  " + numbers[device] + shape.replace("{}", node.name))
    for device, node in network.nodes.items():
        for port in node.ports:
            if device < port.peer:
                line = "-.-" if "B" in port.planes else "---"
                lines.append(f"  {numbers[device]} {line}|{port.bandwidth_mbps / 1000:g}G| {numbers[port.peer]}")
    return "\n".join(lines) + "\n"
