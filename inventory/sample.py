"""The sample rows of a province, made from its published rows and its `sample.yaml`; same input, same rows.

Rows that nobody published (sites, rooms, devices, links, servers, systems of a county) are generated here with `source=sample`, so that
every command has a whole province to work on. Published tables (regions, units of the plan, platforms, topics) are read, never made.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from inventory.model import Row
from inventory.tables import TABLES, columns

Cells = dict[str, Any]
GENERATED = ("units", "sites", "rooms", "assets", "devices", "links", "lans", "systems", "components", "dependencies", "private_networks")


def generate(folder: Path) -> dict[str, str]:
    """The text of every generated table of `folder`, by file name."""
    settings: dict[str, Any] = YAML(typ="safe").load((folder / "sample.yaml").read_text("utf-8"))
    tables: dict[str, list[Cells]] = {name: [dict(row) for row in settings["rows"].get(name, [])] for name in GENERATED}
    published = [row for row in read_rows(folder / "units.csv") if row["source"] != "sample"]
    tables["links"] = _linked(tables["links"], {row["id"]: row for row in tables["devices"]})
    return {TABLES[name].file: table_text(TABLES[name].row, (published if name == "units" else []) + rows) for name, rows in tables.items()}


def _linked(links: Iterable[Cells], devices: dict[str, Cells]) -> list[Cells]:
    """Ids, interfaces (in order, per device) and metrics: 10 in plane A, 100 where plane B is touched."""
    used: dict[str, int] = defaultdict(int)

    def interface(device: str) -> str:
        used[device] += 1
        return f"eth{used[device]}"

    rows = []
    for link in links:
        a, b = link["a"], link["b"]
        metric = 100 if "B" in (devices[a]["plane"], devices[b]["plane"]) else 10
        names = (device.partition(":")[2] for device in (a, b))
        rows.append({**link, "id": f"link:{'--'.join(names)}", "a_interface": interface(a), "b_interface": interface(b), "metric": metric, "mtu": 9000})
    return rows


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table_text(row: type[Row], rows: Iterable[Cells]) -> str:
    """CSV text of rows given as cells; absent cells are the model's defaults, written out."""
    out = io.StringIO()
    names = columns(row)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for cells in rows:
        dumped = row.model_validate({name: value for name, value in cells.items() if value != ""}).model_dump(mode="json")
        writer.writerow([cell(dumped[name]) for name in names])
    return out.getvalue()


def cell(value: object) -> str:
    """A JSON value as a cell: nothing for None and for empty text, true/false, numbers without a needless `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write(folder: Path) -> list[str]:
    """Write the generated tables into `folder`; returns the files' names."""
    texts = generate(folder)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return list(texts)
