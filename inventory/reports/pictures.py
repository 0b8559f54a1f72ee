"""Charts, the tile map and the topology as SVG text: no library, no script, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from inventory.reports.links import link, to
from inventory.reports.model import Chart, Source, Table, Tile, Topology, Value
from inventory.reports.topology import INNER

WIDE = "\u2e7f"  # letters behind it are two half-width characters wide
COLOURS = ("#8aa4be", "#1f5fa8", "#b45f06")
SHADES = ("#e9eef4", "#c9dcf0", "#9cc2e5", "#5f9bd1", "#2f73b5", "#174e86")  # share in a cloud: none, then fifths
EDGE = 40  # beside the topology's ring, for names
FILLS = {
    "core": "#b3261e",
    "cloud-gateway": "#1f5fa8",
    "hpc-gateway": "#6a3fa0",
    "city-edge": "#1a8f84",
    "county-edge": "#7b8a99",
    "egress-firewall": "#b4532a",
    "access": "#9aa7b4",
}
SIZES = {"core": 9, "cloud-gateway": 8, "hpc-gateway": 8, "city-edge": 6, "county-edge": 4, "egress-firewall": 4, "access": 2.5}


def bars(chart: Chart, table: Table, words: dict[str, str]) -> str:
    """A chart of horizontal bars, one above the other, several series end to end; each leads to the rows that it counts."""
    label, width, step = 150, 290, 24
    columns = [(table.index(key), table.columns[table.index(key)]) for key in chart.series]
    name_at = table.index(chart.label)
    rows = [(row, [_number(row[index]) / chart.scale for index, _ in columns]) for row in table.rows]
    rows = [(row, values) for row, values in rows if any(values)]
    if chart.top:
        rows = sorted(rows, key=lambda bar: -sum(bar[1]))[: chart.top]
    single = len(columns) == 1
    longest = max((sum(values) for _, values in rows), default=0) or 1
    top = 28 if single else 50
    out = [f'<svg viewBox="0 0 520 {top + step * len(rows) + 4}" role="img" aria-label="{escape(chart.title)}">']
    out.append(f'<text x="0" y="14" style="font-weight:600;font-size:14px">{escape(chart.title)}</text>')
    if not single:
        out += _legend([column.title for _, column in columns])
    for number, (row, values) in enumerate(rows):
        y, x, name = top + step * number, float(label), str(row[name_at])
        out.append(f'<text x="{label - 8}" y="{y + 13}" text-anchor="end"><title>{escape(name)}</title>{escape(shorten(name, 20))}</text>')
        for index, (value, (_, column)) in enumerate(zip(values, columns, strict=True)):
            length = width * value / longest
            if length:
                title = f"{name} {column.title} {number_text(round(value, 1))}"
                colour = COLOURS[1 if single else index]
                bar = f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="17" rx="2" fill="{colour}"><title>{escape(title)}</title></rect>'
                out.append(f'<a href="{escape(link(column.of, words, table, row))}">{bar}</a>' if isinstance(column.of, Source) else bar)
            x += length
        shown = " + ".join(number_text(round(value, 1)) for value in values)
        out.append(f'<text class="quiet" x="{x + 6:.1f}" y="{y + 13}">{shown}</text>')
    return "".join([*out, "</svg>"])


def _legend(names: list[str]) -> list[str]:
    out, left = [], 0
    for index, name in enumerate(names):
        out.append(f'<rect x="{left}" y="26" width="12" height="12" rx="2" fill="{COLOURS[index]}"/><text x="{left + 17}" y="37">{escape(name)}</text>')
        left += 34 + 7 * width_of(name)
    return out


def tile_map(tiles: tuple[Tile, ...], words: dict[str, str]) -> str:
    """A square a city where it lies, leading to its systems; the shade is the share of those in a cloud."""
    side, gap = 112, 6
    columns = max((tile.column for tile in tiles), default=0) + 1
    rows = max((tile.row for tile in tiles), default=0) + 1
    wide = columns * (side + gap) - gap
    title = escape(words["map"])
    out = [f'<svg viewBox="0 0 {wide} {rows * (side + gap) - gap}" style="max-width:{wide}px" role="img" aria-label="{title}">']
    for tile in tiles:
        share = tile.in_cloud / tile.systems if tile.systems else 0
        percent = f"{share:.0%}" if tile.systems else "—"
        shade = 0 if not tile.in_cloud else min(5, 1 + int(share * 5))
        x, y = tile.column * (side + gap), tile.row * (side + gap)
        ink = "#fff" if shade >= 3 else "#1c2733"
        closed = words["rooms_closed"].format(closed=tile.closed, rooms=tile.rooms)
        leads = to("systems", [("city", tile.name)], words)
        out.append(f'<a href="{escape(leads)}"><g transform="translate({x} {y})">')
        out.append(f"<title>{escape(tile.name)} {tile.in_cloud}/{tile.systems}; {escape(closed)}</title>")
        out.append(f'<rect width="{side}" height="{side}" rx="6" fill="{SHADES[shade]}"/>')
        for index, line in enumerate(lines(tile.name, 15)):
            out.append(_centred(side, 20 + 14 * index, ink, 12.5, line))
        out.append(_centred(side, 62, ink, 21, percent, ";font-weight:600"))
        out.append(_centred(side, 80, ink, 11, f"{tile.in_cloud}/{tile.systems}"))
        out.append(_centred(side, 98, ink, 10, closed) + "</g></a>")
    return "".join([*out, "</svg>"])


def _centred(side: int, y: int, ink: str, size: float, text: str, more: str = "") -> str:
    return f'<text x="{side // 2}" y="{y}" text-anchor="middle" style="fill:{ink};font-size:{size}px{more}">{escape(text)}</text>'


def topology(picture: Topology, words: dict[str, str]) -> str:
    """Devices and links, leading to their table; links that touch plane B are drawn broken."""
    size = 460.0

    def at(value: float) -> float:
        return round(size / 2 * (1 + value), 1)

    big = len(picture.nodes) > 40
    font = 8 if big else 11
    out = [f'<svg viewBox="-{EDGE} -12 {size + 2 * EDGE:.0f} {size + 44:.0f}" role="img" aria-label="{escape(picture.title)}">']
    for a, b, in_b in picture.edges:
        one, two = picture.nodes[a], picture.nodes[b]
        dash = ' stroke-dasharray="4 3"' if in_b else ""
        colour = "#b9c6d3" if in_b else "#6d8299"
        out.append(f'<line x1="{at(one.x)}" y1="{at(one.y)}" x2="{at(two.x)}" y2="{at(two.y)}" stroke="{colour}" stroke-width="{0.7 if big else 1.4}"{dash}/>')
    for node in picture.nodes:
        x, y = at(node.x), at(node.y)
        circle = f'<circle cx="{x}" cy="{y}" r="{SIZES[node.role]}" fill="{FILLS[node.role]}" stroke="#fff"><title>{escape(node.name)}</title></circle>'
        leads = to("devices", [("name", node.name)], words)
        out.append(f'<a href="{escape(leads)}" tabindex="-1">{circle}</a>')
    taken = [_Box(at(node.x), at(node.y), SIZES[node.role], SIZES[node.role]) for node in picture.nodes]
    for node in picture.nodes:
        if not big or node.role in INNER or (node.role == "city-edge" and node.plane == "A"):
            box = _free_place(at(node.x), at(node.y), 0.56 * font * width_of(node.name), font, taken, size)
            taken.append(box)
            place = f'x="{box.x:.1f}" y="{box.y + 0.36 * font:.1f}"'
            out.append(f'<text class="over" {place} text-anchor="middle" style="font-size:{font}px">{escape(node.name)}</text>')
    for index, (plane, dash) in enumerate((("A", ""), ("B", ' stroke-dasharray="4 3"'))):
        x, y = 110 * index, size + 24
        out.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 30}" y2="{y - 4}" stroke="#6d8299" stroke-width="1.4"{dash}/>')
        said = words["plane_is"].format(plane=plane)
        out.append(f'<text class="quiet" x="{x + 36}" y="{y}">{escape(said)}</text>')
    return "".join([*out, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Box:
    """By its middle and half its sides."""

    x: float
    y: float
    half_width: float
    half_height: float

    def meets(self, other: _Box) -> bool:
        return abs(self.x - other.x) < self.half_width + other.half_width and abs(self.y - other.y) < self.half_height + other.half_height


def _free_place(x: float, y: float, width: float, height: float, taken: Sequence[_Box], size: float) -> _Box:
    """Where the label of a point meets no other label and no point: above, below, beside it, or between these; above where all is taken."""
    side, gap = width / 2 + 10, height / 2 + 7
    moves = ((0, -gap), (0, gap), (side, 0), (-side, 0), (side, -gap), (-side, -gap), (side, gap), (-side, gap))
    boxes = [_Box(x + dx, y + dy, width / 2, height / 2) for dx, dy in moves]
    inside = [box for box in boxes if box.x - box.half_width > -EDGE and box.x + box.half_width < size + EDGE]
    return next((box for box in inside if not any(box.meets(other) for other in taken)), boxes[0])


def shorten(name: str, limit: int) -> str:
    """`name` within `limit` half-width characters; a CJK one is two wide."""
    width = 0
    for index, letter in enumerate(name):
        width += 2 if letter > WIDE else 1
        if width > limit:
            return name[:index] + "…"
    return name


def width_of(text: str) -> int:
    """In half-width characters."""
    return sum(2 if letter > WIDE else 1 for letter in text)


def lines(name: str, limit: int) -> list[str]:
    """A name in at most two lines of `limit` half-width characters, broken between words where there are several."""
    if width_of(name) <= limit:
        return [name]
    head, _, tail = name.rpartition(" ")
    if not head:
        cut = next(index for index in range(len(name)) if width_of(name[: index + 1]) > limit)
        head, tail = name[:cut], name[cut:]
    return [shorten(head, limit), shorten(tail, limit)]


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def number_text(value: float, places: int = 1) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{places}f}"
