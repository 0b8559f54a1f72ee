"""What hangs on what around one thing of the estate, as Mermaid text or an SVG picture."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from inventory.errors import InputError
from inventory.find import find, rows
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES

MOST = 150  # nodes; more cannot be read
EDGE_TABLES = {"dependencies": ("system", "needs"), "links": ("a", "b")}  # rows that are an arrow themselves
AROUND = {"systems": {"systems", "components", "assets", "rooms", "clouds", "units", "data_resources"}}  # tables that a system's picture shows


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes (id to name) with their distance from the middle, less than 0 for what refers to it; arrows with a word each."""

    middle: str
    nodes: dict[str, str]
    distance: dict[str, int]
    edges: tuple[tuple[str, str, str], ...]
    cut: bool  # there was more than MOST


def around(estate: Estate, wanted: str, depth: int = 2) -> Graph:
    """Everything within `depth` steps of `wanted`: what it needs to one side, what needs it to the other. Raises InputError for an unknown id."""
    table, _ = find(estate, wanted)
    if depth < 1:
        raise InputError("--depth must be at least 1")
    forward: dict[str, list[tuple[str, str]]] = defaultdict(list)
    backward: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, other, word in _edges(estate, AROUND.get(table)):
        forward[one].append((other, word))
        backward[other].append((one, word))
    distance = {wanted: 0}
    cut = _reach(forward, wanted, depth, 1, distance) | _reach(backward, wanted, depth, -1, distance)
    edges = sorted({(one, other, word) for one in distance for other, word in forward[one] if other in distance})
    return Graph(wanted, {key: _name(estate, key) for key in distance}, distance, tuple(edges), cut)


def _reach(steps: dict[str, list[tuple[str, str]]], start: str, depth: int, way: int, distance: dict[str, int]) -> bool:
    queue = deque([(start, 0)])
    while queue:
        here, far = queue.popleft()
        for other, _ in steps[here] if far < depth else ():
            if other not in distance:
                if len(distance) >= MOST:
                    return True
                distance[other] = way * (far + 1)
                queue.append((other, far + 1))
    return False


def _edges(estate: Estate, tables: set[str] | None) -> Iterator[tuple[str, str, str]]:
    for name, (one, other) in EDGE_TABLES.items():
        for row in getattr(estate, name).values():
            yield getattr(row, one), getattr(row, other), getattr(row, "kind", "")
    for (name, column), targets in REFERENCES.items():
        if name in EDGE_TABLES or "regions" in targets or (tables and (name not in tables or not tables & set(targets))):
            continue
        for row in getattr(estate, name).values():
            value = getattr(row, column)
            for target in (value.split() if (name, column) in LISTS else (value,)) if value else ():
                yield row.id, target, column


def _name(estate: Estate, key: str) -> str:
    table = next((name for name in (*TABLES, "clouds", "vpns") if key in rows(estate, name)), None)
    row = rows(estate, table)[key] if table else None
    return str(getattr(row, "name", "") or getattr(row, "product", ""))


def mermaid(graph: Graph) -> str:
    """A flowchart; ids of nodes are n0, n1, … since an estate's ids have colons."""
    numbers = {key: f"n{index}" for index, key in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for key, name in graph.nodes.items():
        label = (f"{name}<br/>{key}" if name else key).replace('"', "#quot;")
        lines.append(f'  {numbers[key]}["{label}"]')
    for one, other, word in graph.edges:
        lines.append(f"  {numbers[one]} -->{f'|{word}|' if word else ''} {numbers[other]}")
    lines.append(f"  style {numbers[graph.middle]} stroke-width:3px")
    return "\n".join(lines) + "\n"


def svg(graph: Graph) -> str:
    """Columns by distance: what refers to it on the left, what it needs on the right."""
    columns: dict[int, list[str]] = defaultdict(list)
    for key, far in sorted(graph.distance.items()):
        columns[far].append(key)
    width, height, gap_x, gap_y = 230, 40, 90, 14
    tallest = max(map(len, columns.values()))
    place: dict[str, tuple[int, int]] = {}
    for index, far in enumerate(sorted(columns)):
        top = (tallest - len(columns[far])) * (height + gap_y) // 2
        for row, key in enumerate(columns[far]):
            place[key] = (20 + index * (width + gap_x), 20 + top + row * (height + gap_y))
    total = 40 + len(columns) * (width + gap_x) - gap_x, 40 + tallest * (height + gap_y) - gap_y
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" width="{total[0]}" height="{total[1]}" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="12">'
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#6d8299"/></marker></defs>'
    ]
    for one, other, word in graph.edges:
        (x1, y1), (x2, y2) = place[one], place[other]
        start, end = (x1 + width, x2) if x1 < x2 else (x1, x2 + width) if x1 > x2 else (x1 + width, x2 + width)
        bend = (start + end) // 2 if x1 != x2 else start + gap_x // 2
        path = f"M{start} {y1 + height // 2}C{bend} {y1 + height // 2} {bend} {y2 + height // 2} {end} {y2 + height // 2}"
        out.append(f'<path d="{path}" fill="none" stroke="#9fb0c1" marker-end="url(#a)"><title>{escape(f"{one} → {other} {word}")}</title></path>')
    for key, (x, y) in place.items():
        fill, stroke = ("#e3eefb", "#1f5fa8") if key == graph.middle else ("#f6f8fa", "#b9c6d3")
        out.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{stroke}"><title>{escape(key)}</title></rect>')
        out.append(f'<text x="{x + 10}" y="{y + 17}">{escape(_cut(graph.nodes[key] or key))}</text>')
        out.append(f'<text x="{x + 10}" y="{y + 32}" fill="#6d8299" font-size="10">{escape(key)}</text>')
    return "".join([*out, "</svg>\n"])


def _cut(name: str, limit: int = 34) -> str:
    """`name` within `limit` half-width characters."""
    width = 0
    for index, letter in enumerate(name):
        width += 2 if letter > "\u2e7f" else 1
        if width > limit:
            return name[:index] + "…"
    return name
