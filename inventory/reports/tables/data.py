"""Tables of data: resources, their items, elements with their sources, needs, and what is gathered of the base databases."""

from __future__ import annotations

from inventory.catalogue import Entry, catalogue
from inventory.model import DataItem, DataNeed
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.tables.maker import Columns, Maker


def items(c: Context, _tables: Tables) -> Table:
    resources = c.estate.data_resources

    def base(item: DataItem) -> str:
        return c.said("base", resources[item.resource].base) if item.resource in resources else ""

    add: Maker[DataItem] = Maker(c, "items", "g_data")
    add("id", lambda i: i.id, "mono", 34)
    add("name", lambda i: i.name, width=20)
    add("element", lambda i: i.element, "mono", 20)
    add("resource_id", lambda i: i.resource, "mono", 22)
    add("resource", lambda i: resources[i.resource].name if i.resource in resources else "", width=30)
    add("unit", lambda i: c.unit(resources[i.resource].unit) if i.resource in resources else "", width=28)
    add("authoritative", lambda i: i.authoritative, "yes", 10, filter=True)
    add("personal", lambda i: i.personal, "yes", 11, filter=True)
    add("base", base, filter=True)
    add("gathered", lambda i: i.resource in resources and resources[i.resource].gathered, "yes", 10, filter=True)
    return add.table(c.estate.data_items.values())


def resources(c: Context, tables: Tables) -> Table:
    k = Columns(c)
    rows = [
        (
            r.id,
            r.name,
            c.unit(r.unit),
            c.systems.get(r.system or "", r.system),
            c.said("base", r.base),
            r.theme,
            c.words[f"sharing:{r.sharing}"],
            r.open,
            r.gathered,
            r.update_days or None,
            r.updated,
            r.rows,
            c.words[f"source:{r.source}"],
        )
        for r in c.estate.data_resources.values()
    ]
    mine = (("resource_id", "id"),)
    columns = (
        k.own("id", "mono", 22),
        k.own("name", width=34),
        k.own("unit", width=28),
        k.own("system", width=34),
        k.own("base", filter=True),
        k.own("theme", width=20),
        k.own("sharing", filter=True),
        k.own("open", "yes", 10, filter=True),
        k.own("gathered", "yes", 10, filter=True),
        k.own("update_days", "number", 12),
        k.own("updated", "date", 12),
        k.own("records", "number", total=True),
        k.own("source", width=10),
        k.of("item_count", Source("items", match=mine)),
        k.of("met_count", Source("needs", where=(("status", c.words["need:met"]),), match=mine)),
    )
    return computed(tables, "resources", c.words["resources"], columns, rows, group="g_data")


def elements(c: Context, tables: Tables) -> Table:
    """One source for each (一数一源): `one-source`, `none`, or sources that clash."""
    k, words = Columns(c), c.words
    rows = [(entry.element, entry.name, words[f"sources:{_sources(entry)}"]) for entry in catalogue(c.estate)]
    mine, met = (("element", "element"),), (("status", words["need:met"]),)
    columns = (
        k.own("element", "mono", 24),
        k.own("name", width=24),
        k.own("one_source", width=14, filter=True),
        k.of("holder_count", Source("items", match=mine)),
        k.of("source_count", Source("items", where=(("authoritative", True),), match=mine)),
        k.of("need_count", Source("needs", match=mine)),
        k.of("met_count", Source("needs", where=met, match=mine)),
    )
    return computed(tables, "elements", words["elements"], columns, rows, words["elements_note"], "g_data")


def _sources(entry: Entry) -> str:
    return "none" if not entry.sources else "clash" if entry.clashes else "one"


def needs(c: Context, _tables: Tables) -> Table:
    resources = c.estate.data_resources
    add: Maker[DataNeed] = Maker(c, "needs", "g_data")
    add("id", lambda n: n.id, "mono", 20)
    add("unit", lambda n: c.unit(n.unit), width=28)
    add("system", lambda n: c.systems.get(n.system or "", n.system), width=34)
    add("element", lambda n: n.element, "mono", 20)
    add("purpose", lambda n: n.purpose, width=30)
    add("asked", lambda n: n.asked, "date", 12)
    add("status", lambda n: c.words[f"need:{n.status}"], width=10, filter=True)
    add("resource_id", lambda n: n.resource, "mono", 22)
    add("resource", lambda n: resources[n.resource].name if n.resource in resources else "", width=30)
    add("reason", lambda n: n.reason, width=40)
    return add.table(c.estate.data_needs.values())


def bases(c: Context, tables: Tables) -> Table:
    k, mine = Columns(c), (("base", "base"),)
    names = sorted({c.words[f"base:{r.base}"] for r in c.estate.data_resources.values() if r.base})
    columns = (
        k.own("base", width=20),
        k.of("resource_count", Source("resources", match=mine)),
        k.of("item_count", Source("items", match=mine)),
        k.of("gathered_count", Source("items", where=(("gathered", True),), match=mine)),
        k.share("gathered_share", "gathered_count", "item_count"),
    )
    return computed(tables, "bases", c.words["bases"], columns, [(name,) for name in names], group="g_data")
