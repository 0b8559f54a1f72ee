"""Charts, the tile map and the topology as SVG text: no library, no script, the same bytes every time."""

from __future__ import annotations

from html import escape

from inventory.reports.model import Chart, Tile, Topology

COLOURS = ("#8aa4be", "#1f5fa8", "#1a8f84")
SHADES = ("#e9eef4", "#c9dcf0", "#9cc2e5", "#5f9bd1", "#2f73b5", "#174e86")  # share in a cloud: none, then fifths
FILLS = {"core": "#b3261e", "cloud-gateway": "#1f5fa8", "hpc-gateway": "#6a3fa0", "city-edge": "#1a8f84", "county-edge": "#7b8a99"}
SIZES = {"core": 9, "cloud-gateway": 8, "hpc-gateway": 8, "city-edge": 6, "county-edge": 4}


def bars(chart: Chart) -> str:
    """A chart of horizontal bars, one above the other; several series stand end to end."""
    label, width, step = 110, 320, 24
    single = len(chart.series) == 1
    longest = max((sum(values) for _, values in chart.bars), default=0) or 1
    top = 28 if single else 50
    out = [f'<svg viewBox="0 0 520 {top + step * len(chart.bars) + 4}" role="img" aria-label="{escape(chart.title)}">']
    out.append(f'<text x="0" y="14" style="font-weight:600;font-size:14px">{escape(chart.title)}</text>')
    if not single:
        for index, name in enumerate(chart.series):
            left = 70 * index
            out.append(f'<rect x="{left}" y="26" width="12" height="12" rx="2" fill="{COLOURS[index]}"/><text x="{left + 17}" y="37">{escape(name)}</text>')
    for number, (name, values) in enumerate(chart.bars):
        y, x = top + step * number, float(label)
        out.append(f'<text x="{label - 8}" y="{y + 13}" text-anchor="end">{escape(shorten(name, 14))}</text>')
        for index, value in enumerate(values):
            length = width * value / longest
            if length:
                title = f"{name} {chart.series[index]} {number_text(value)}"
                colour = COLOURS[1 if single else index]
                out.append(f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="17" rx="2" fill="{colour}"><title>{escape(title)}</title></rect>')
            x += length
        shown = " + ".join(number_text(value) for value in values)
        out.append(f'<text class="quiet" x="{x + 6:.1f}" y="{y + 13}">{shown}</text>')
    return "".join([*out, "</svg>"])


def tile_map(tiles: tuple[Tile, ...], closed_text: str) -> str:
    """A square a city where it lies; the shade is the share of its systems in a cloud. `closed_text` has {closed} and {rooms}."""
    side, gap = 96, 6
    columns = max((tile.column for tile in tiles), default=0) + 1
    rows = max((tile.row for tile in tiles), default=0) + 1
    out = [f'<svg viewBox="0 0 {columns * (side + gap)} {rows * (side + gap)}" role="img">']
    for tile in tiles:
        share = tile.in_cloud / tile.systems if tile.systems else 0
        percent = f"{share:.0%}" if tile.systems else "—"
        shade = 0 if not tile.in_cloud else min(5, 1 + int(share * 5))
        x, y = tile.column * (side + gap), tile.row * (side + gap)
        ink = "#fff" if shade >= 3 else "#1c2733"
        closed = closed_text.format(closed=tile.closed, rooms=tile.rooms)
        out.append(f'<g transform="translate({x} {y})"><title>{escape(tile.name)} {tile.in_cloud}/{tile.systems}; {escape(closed)}</title>')
        out.append(f'<rect width="{side}" height="{side}" rx="6" fill="{SHADES[shade]}"/>')
        out.append(f'<text x="48" y="26" text-anchor="middle" style="fill:{ink};font-size:13px">{escape(shorten(tile.name, 12))}</text>')
        out.append(f'<text x="48" y="56" text-anchor="middle" style="fill:{ink};font-size:21px;font-weight:600">{percent}</text>')
        out.append(f'<text x="48" y="72" text-anchor="middle" style="fill:{ink};font-size:11px">{tile.in_cloud}/{tile.systems}</text>')
        out.append(f'<text x="48" y="88" text-anchor="middle" style="fill:{ink};font-size:10px">{escape(closed)}</text></g>')
    return "".join([*out, "</svg>"])


def topology(picture: Topology, plane_text: str) -> str:
    """Devices and links; links that touch plane B are drawn broken."""
    size = 460.0

    def at(value: float) -> float:
        return round(size / 2 * (1 + value), 1)

    big = len(picture.nodes) > 40
    out = [f'<svg viewBox="-40 -12 {size + 80:.0f} {size + 44:.0f}" role="img" aria-label="{escape(picture.title)}">']
    for a, b, in_b in picture.edges:
        one, two = picture.nodes[a], picture.nodes[b]
        dash = ' stroke-dasharray="4 3"' if in_b else ""
        colour = "#b9c6d3" if in_b else "#6d8299"
        out.append(f'<line x1="{at(one.x)}" y1="{at(one.y)}" x2="{at(two.x)}" y2="{at(two.y)}" stroke="{colour}" stroke-width="{0.7 if big else 1.4}"{dash}/>')
    for node in picture.nodes:
        x, y = at(node.x), at(node.y)
        out.append(f'<circle cx="{x}" cy="{y}" r="{SIZES[node.role]}" fill="{FILLS[node.role]}" stroke="#fff"><title>{escape(node.name)}</title></circle>')
        if not big or node.role not in ("city-edge", "county-edge") or (node.role == "city-edge" and node.plane == "A"):
            out.append(f'<text x="{x}" y="{y - 11}" text-anchor="middle" style="font-size:{8 if big else 11}px">{escape(node.name)}</text>')
    for index, (plane, dash) in enumerate((("A", ""), ("B", ' stroke-dasharray="4 3"'))):
        x, y = 110 * index, size + 24
        out.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 30}" y2="{y - 4}" stroke="#6d8299" stroke-width="1.4"{dash}/>')
        out.append(f'<text class="quiet" x="{x + 36}" y="{y}">{escape(plane_text.format(plane=plane))}</text>')
    return "".join([*out, "</svg>"])


def shorten(name: str, limit: int) -> str:
    """`name` within `limit` half-width characters; a CJK one is two wide."""
    width = 0
    for index, letter in enumerate(name):
        width += 2 if letter > "\u2e7f" else 1
        if width > limit:
            return name[:index] + "…"
    return name


def number_text(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
