"""The sample rows of a province, made from its published rows and its `sample.yaml`; same input, same bytes.

Rows that nobody published (sites, rooms, devices, links, servers, systems of a county) are generated here with `source=sample`, so that
every command has a whole province to work on. Published rows (regions, units of the plan, platforms, topics) are read, never made.
"""

from __future__ import annotations

from pathlib import Path

from inventory.cells import table_text
from inventory.sample.data import add_data, add_egresses, add_projects
from inventory.sample.draft import Draft
from inventory.sample.network import add_network
from inventory.sample.rooms import add_rooms
from inventory.sample.systems import add_systems
from inventory.tables import TABLES


def generate(folder: Path) -> dict[str, str]:
    """The text of every generated table of `folder`, by file name."""
    draft = Draft.of(folder)
    add_network(draft)
    add_rooms(draft)
    add_systems(draft)
    add_data(draft)
    add_egresses(draft)
    add_projects(draft)
    texts = {TABLES[name].file: table_text(TABLES[name].row, rows) for name, rows in draft.tables.items()}
    units = [*draft.published_units, *draft.tables["units"]]
    return {**texts, TABLES["units"].file: table_text(TABLES["units"].row, units)}


def write(folder: Path) -> list[str]:
    """Write the generated tables into `folder`; returns the files' names."""
    texts = generate(folder)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return list(texts)
