"""What of an estate belongs to a report on a scope, beyond what the scope itself narrows."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Estate


def narrowed(estate: Estate) -> Estate:
    """A scoped estate without the data, addresses, networks, projects and targets that belong to none of its systems and sites."""
    systems, sites = estate.systems, estate.sites
    resources = {key: row for key, row in estate.data_resources.items() if row.system in systems}
    egresses = {key: row for key, row in estate.egresses.items() if row.site in sites}
    units = {vpn.unit for vpn in estate.vpns.values()}
    return estate.model_copy(
        update={
            "data_resources": resources,
            "data_items": {key: row for key, row in estate.data_items.items() if row.resource in resources},
            "data_needs": {key: row for key, row in estate.data_needs.items() if row.system in systems},
            "egresses": egresses,
            "addresses": {key: row for key, row in estate.addresses.items() if row.egress in egresses or row.system in systems},
            "private_networks": {key: row for key, row in estate.private_networks.items() if row.unit in units},
            "projects": {key: row for key, row in estate.projects.items() if row.system in systems},
            "targets": {},  # are the whole province's
        }
    )


def inside(estate: Estate, subject: str) -> bool:
    """Whether a finding's subject belongs to the scope; what a scope never narrows (regions, units, the plan, …) does."""
    narrow: dict[str, Mapping[str, object]] = {
        "site": estate.sites,
        "room": estate.rooms,
        "asset": estate.assets,
        "device": estate.devices,
        "link": estate.links,
        "lan": estate.lans,
        "system": estate.systems,
        "component": estate.components,
        "dependency": estate.dependencies,
        "cloud": estate.clouds,
        "vpn": estate.vpns,
        "resource": estate.data_resources,
        "item": estate.data_items,
        "need": estate.data_needs,
        "egress": estate.egresses,
        "address": estate.addresses,
        "network": estate.private_networks,
        "project": estate.projects,
    }
    rows = narrow.get(subject.partition(":")[0])
    return rows is None or subject in rows
