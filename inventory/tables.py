"""Which CSV file holds which class of the model, which column names a row, and what the other columns refer to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from inventory import model
from inventory.model import Row


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV table: file `<name>.csv`, one `row` a line; `prefix` begins every id ("" where rows have none). An `optional` one may be missing."""

    name: str
    row: type[Row]
    prefix: str
    key: str = "id"
    optional: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("regions", model.Region, "region", key="code"),
        Table("units", model.Unit, "unit"),
        Table("sites", model.Site, "site"),
        Table("rooms", model.Room, "room"),
        Table("assets", model.Asset, "asset"),
        Table("devices", model.Device, "device"),
        Table("links", model.Link, "link"),
        Table("lans", model.Lan, "lan"),
        Table("systems", model.System, "system"),
        Table("components", model.Component, "component"),
        Table("dependencies", model.Dependency, "dependency"),
        Table("platforms", model.Platform, "platform"),
        Table("topics", model.Topic, "topic"),
        Table("private_networks", model.PrivateNetwork, "network"),
        Table("egresses", model.Egress, "egress", optional=True),
        Table("addresses", model.Address, "address", optional=True),
        Table("data_resources", model.DataResource, "resource", optional=True),
        Table("data_items", model.DataItem, "item", optional=True),
        Table("data_needs", model.DataNeed, "need", optional=True),
        Table("decisions", model.Decision, "decision", optional=True),
        Table("projects", model.Project, "project", optional=True),
        Table("allocations", model.Allocation, "", key="owner"),
    )
}

# (table, column) -> the tables, one of which must hold the id. Columns of several ids (separated by spaces) are in LISTS.
REFERENCES: dict[tuple[str, str], tuple[str, ...]] = {
    ("regions", "parent"): ("regions",),
    ("units", "region"): ("regions",),
    ("units", "parent"): ("units",),
    ("sites", "region"): ("regions",),
    ("rooms", "site"): ("sites",),
    ("rooms", "unit"): ("units",),
    ("assets", "room"): ("rooms",),
    ("assets", "unit"): ("units",),
    ("assets", "lan"): ("lans",),
    ("devices", "site"): ("sites",),
    ("links", "a"): ("devices",),
    ("links", "b"): ("devices",),
    ("lans", "device"): ("devices",),
    ("lans", "vpn"): ("vpns",),
    ("lans", "room"): ("rooms",),
    ("systems", "unit"): ("units",),
    ("systems", "room"): ("rooms",),
    ("systems", "cloud"): ("clouds",),
    ("components", "system"): ("systems",),
    ("components", "asset"): ("assets",),
    ("dependencies", "system"): ("systems",),
    ("dependencies", "needs"): ("systems",),
    ("platforms", "unit"): ("units",),
    ("topics", "units"): ("units",),
    ("private_networks", "unit"): ("units",),
    ("systems", "platforms"): ("platforms",),
    ("egresses", "unit"): ("units",),
    ("egresses", "site"): ("sites",),
    ("addresses", "unit"): ("units",),
    ("addresses", "egress"): ("egresses",),
    ("addresses", "system"): ("systems",),
    ("data_resources", "unit"): ("units",),
    ("data_resources", "system"): ("systems",),
    ("data_items", "resource"): ("data_resources",),
    ("data_needs", "unit"): ("units",),
    ("data_needs", "system"): ("systems",),
    ("data_needs", "resource"): ("data_resources",),
    ("decisions", "system"): ("systems",),
    ("decisions", "into"): ("systems",),
    ("projects", "unit"): ("units",),
    ("projects", "system"): ("systems",),
    ("projects", "cloud"): ("clouds",),
    ("projects", "platforms"): ("platforms",),
}
LISTS = {("topics", "units"), ("systems", "platforms"), ("projects", "platforms")}


@cache
def columns(row: type[Row]) -> tuple[str, ...]:
    """Column names of a table in file order: the model's fields, `source` last."""
    return (*(name for name in row.model_fields if name != "source"), "source")


@cache
def required(row: type[Row]) -> frozenset[str]:
    """Columns that must be present and filled in every row."""
    return frozenset(name for name, field in row.model_fields.items() if field.is_required())
