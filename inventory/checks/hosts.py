"""All hosts with an address: assets, and servers that are to stand on a landing."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from inventory.model import Estate


def hosts(estate: Estate) -> Iterator[tuple[str, str, str, IPv6Address]]:
    """Subject, column, LAN and address of every host that has both."""
    for asset in estate.assets.values():
        if asset.lan and asset.address:
            yield asset.id, "address", asset.lan, asset.address
    for cloud in estate.clouds.values():
        for index, landing in enumerate(cloud.landings):
            yield cloud.id, f"landings[{index}].address", landing.lan, landing.address
