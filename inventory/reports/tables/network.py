"""Tables of the network: devices, links, private networks, ways out to the internet and addresses."""

from __future__ import annotations

from inventory.model import Address, Device, Link, PrivateNetwork
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.tables.maker import Columns, Maker


def devices(c: Context, _tables: Tables) -> Table:
    sites = c.estate.sites
    add: Maker[Device] = Maker(c, "devices", "g_network")
    add("id", lambda d: d.id, "mono", 24)
    add("name", lambda d: d.name, width=18)
    add("role", lambda d: c.words[f"role:{d.role}"], width=16, filter=True)
    add("site", lambda d: sites[d.site].name if d.site in sites else d.site, width=28)
    add("city", lambda d: c.site_cities.get(d.site, ""), filter=True)
    add("vendor", lambda d: c.words[f"vendor:{d.vendor}"], filter=True)
    add("model", lambda d: d.model, width=18)
    add("plane", lambda d: d.plane, width=8, filter=True)
    add("source", lambda d: c.words[f"source:{d.source}"], width=10)
    return add.table(c.estate.devices.values())


def links(c: Context, _tables: Tables) -> Table:
    names = {device.id: device.name for device in c.estate.devices.values()}
    add: Maker[Link] = Maker(c, "links", "g_network")
    add("id", lambda r: r.id, "mono", 30)
    add("end_a", lambda r: names.get(r.a, r.a), width=18)
    add("interface_a", lambda r: r.a_interface)
    add("end_b", lambda r: names.get(r.b, r.b), width=18)
    add("interface_b", lambda r: r.b_interface)
    add("bandwidth", lambda r: r.bandwidth_mbps, "number", filter=True)
    add("metric", lambda r: r.metric, "code", 10)
    return add.table(c.estate.links.values())


def private_networks(c: Context, _tables: Tables) -> Table:
    """`merged`: its unit has a VPN of the extranet; as `inventory.progress` counts."""
    in_vpn = {vpn.unit for vpn in c.estate.vpns.values()}
    add: Maker[PrivateNetwork] = Maker(c, "private_networks", "g_network")
    add("id", lambda n: n.id, "mono", 22)
    add("name", lambda n: n.name, width=34)
    add("unit", lambda n: c.unit(n.unit), width=28)
    add("classified", lambda n: n.classified, "yes", 8, filter=True)
    add("intent", lambda n: c.words[f"intent:{n.intent}"], filter=True)
    add("merged", lambda n: n.unit in in_vpn, "yes", 14, filter=True)
    add("source", lambda n: c.words[f"source:{n.source}"], width=10)
    return add.table(c.estate.private_networks.values())


def egresses(c: Context, tables: Tables) -> Table:
    k = Columns(c)
    names = {egress.id: egress.name for egress in c.estate.egresses.values()}
    rows = [
        (e.id, names[e.id], c.unit(e.unit), c.site_cities.get(e.site, ""), e.operator, e.bandwidth_mbps, c.words[f"source:{e.source}"])
        for e in c.estate.egresses.values()
    ]
    columns = (
        k.own("id", "mono", 22),
        k.own("name", width=34),
        k.own("unit", width=28),
        k.own("city", filter=True),
        k.own("operator", filter=True),
        k.own("bandwidth", "number", total=True),
        k.own("source", width=10),
        k.of("address_count", Source("addresses", match=(("egress_id", "id"),))),
    )
    return computed(tables, "egresses", c.words["egresses"], columns, rows, group="g_network")


def addresses(c: Context, _tables: Tables) -> Table:
    egresses = c.estate.egresses
    add: Maker[Address] = Maker(c, "addresses", "g_network")
    add("id", lambda a: a.id, "mono", 22)
    add("prefix", lambda a: str(a.prefix), "mono", 30)
    add("public", lambda a: a.egress is not None, "yes", 10, filter=True)
    add("unit", lambda a: c.unit(a.unit), width=28)
    add("egress_id", lambda a: a.egress, "mono", 22)
    add("egress", lambda a: egresses[a.egress].name if a.egress in egresses else None, width=34)
    add("system", lambda a: c.systems.get(a.system or "", a.system), width=34)
    add("purpose", lambda a: a.purpose, width=24)
    add("source", lambda a: c.words[f"source:{a.source}"], width=10)
    return add.table(c.estate.addresses.values())
