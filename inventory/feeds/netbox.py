"""NetBox' bulk import forms (docs: "Bulk Import"), a CSV each, in the order in which they must be imported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from inventory.model import Estate, RoomStatus

Rows = Iterable[dict[str, str]]
MAKERS = {"frr": "FRRouting", "huawei_vrp": "Huawei", "h3c_comware": "H3C"}
SITE_STATUS = {RoomStatus.SURVEYED: "active", RoomStatus.EMPTYING: "decommissioning"}


def forms(estate: Estate) -> dict[str, str]:
    """File name to CSV text; names and slugs are ids where NetBox wants them unique."""
    tables: dict[str, Rows] = {
        "01-regions.csv": _regions(estate),
        "02-tenants.csv": ({"name": unit.id, "slug": _slug(unit.id), "description": unit.name} for unit in estate.units.values()),
        "03-sites.csv": _sites(estate),
        "04-locations.csv": _locations(estate),
        "05-manufacturers.csv": ({"name": name, "slug": _slug(name)} for name in sorted({MAKERS[device.vendor] for device in estate.devices.values()})),
        "06-device-roles.csv": ({"name": role, "slug": role, "color": "2196f3"} for role in sorted({device.role for device in estate.devices.values()})),
        "07-device-types.csv": _types(estate),
        "08-devices.csv": _devices(estate),
        "09-interfaces.csv": _interfaces(estate),
        "10-cables.csv": _cables(estate),
        "11-prefixes.csv": _prefixes(estate),
    }
    return {name: _text(rows) for name, rows in tables.items()}


def _regions(estate: Estate) -> Iterator[dict[str, str]]:
    levels = ("province", "city", "county")
    for region in sorted(estate.regions.values(), key=lambda row: (levels.index(row.level.value), row.code)):
        yield {"name": f"{region.name} {region.code}", "slug": region.code, "parent": _region_name(estate, region.parent)}


def _region_name(estate: Estate, code: str | None) -> str:
    region = estate.regions.get(code or "")
    return f"{region.name} {region.code}" if region else ""


def _sites(estate: Estate) -> Iterator[dict[str, str]]:
    for site in estate.sites.values():
        yield {"name": site.id, "slug": _slug(site.id), "status": "active", "region": _region_name(estate, site.region), "description": site.name}


def _locations(estate: Estate) -> Iterator[dict[str, str]]:
    for room in estate.rooms.values():
        status = SITE_STATUS.get(room.status, "retired")
        yield {"site": room.site, "name": room.id, "slug": _slug(room.id), "status": status, "tenant": room.unit, "description": room.name}


def _types(estate: Estate) -> Iterator[dict[str, str]]:
    for vendor, model in sorted({(device.vendor, device.model) for device in estate.devices.values()}):
        yield {"manufacturer": MAKERS[vendor], "model": model, "slug": _slug(model), "u_height": "1"}


def _devices(estate: Estate) -> Iterator[dict[str, str]]:
    for device in estate.devices.values():
        maker = MAKERS[device.vendor]
        yield {"name": device.name, "role": device.role, "manufacturer": maker, "device_type": device.model, "site": device.site, "status": "active"}


def _interfaces(estate: Estate) -> Iterator[dict[str, str]]:
    for link in estate.links.values():
        kind = "100gbase-x-qsfp28" if link.bandwidth_mbps > 10_000 else "10gbase-x-sfpp"
        for device, name in ((link.a, link.a_interface), (link.b, link.b_interface)):
            if device in estate.devices:
                yield {"device": estate.devices[device].name, "name": name, "type": kind, "enabled": "true", "mtu": str(link.mtu)}
    for lan in estate.lans.values():
        if lan.device in estate.devices:
            yield {"device": estate.devices[lan.device].name, "name": lan.interface, "type": "1000base-t", "enabled": "true", "mtu": str(lan.mtu)}


def _cables(estate: Estate) -> Iterator[dict[str, str]]:
    for link in estate.links.values():
        a, b = estate.devices.get(link.a), estate.devices.get(link.b)
        if a and b:
            yield {
                "side_a_device": a.name,
                "side_a_type": "dcim.interface",
                "side_a_name": link.a_interface,
                "side_b_device": b.name,
                "side_b_type": "dcim.interface",
                "side_b_name": link.b_interface,
                "status": "connected",
            }


def _prefixes(estate: Estate) -> Iterator[dict[str, str]]:
    for lan in estate.lans.values():
        yield {"prefix": str(lan.prefix), "status": "active", "description": lan.name}
    for row in estate.addresses.values():
        yield {"prefix": str(row.prefix), "status": "active", "tenant": row.unit, "description": row.purpose}


def _slug(text: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in text.lower()).strip("-")


def _text(rows: Rows) -> str:
    found = list(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()
