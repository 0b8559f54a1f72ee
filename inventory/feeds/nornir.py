"""Nornir's inventory plugin `xiangyun`: `InitNornir(inventory={"plugin": "xiangyun", "options": {"estate": "...", "scope": "pilot"}})`.

Only Nornir imports this module; the product does not need it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nornir.core.inventory import ConnectionOptions, Defaults, Group, Groups, Host, Hosts, Inventory, ParentGroups

from inventory.feeds.hosts import NETMIKO, hosts
from inventory.feeds.load import loaded


class XiangyunInventory:
    """The estate's routers and servers, their groups, and how Netmiko and NAPALM reach the routers."""

    def __init__(self, estate: str = ".", scope: str | None = None, **_: Any) -> None:
        self.estate, self.scope = Path(estate), scope

    def load(self) -> Inventory:
        """Raises what loading the estate raises."""
        estate, access = loaded(self.estate, self.scope)
        found = hosts(estate, access)
        groups = Groups({name: Group(name) for name in sorted({group for host in found for group in host.groups})})
        made = Hosts()
        for host in found:
            login = host.login
            made[host.name] = Host(
                name=host.name,
                hostname=login.host if login else host.address,
                port=login.port if login else None,
                username=login.user if login else None,
                platform=host.facts.get("vendor", "linux"),
                groups=ParentGroups([groups[group] for group in host.groups]),
                data=dict(host.facts),
                connection_options=_connections(host.facts.get("vendor"), str(login.path(login.key_file)) if login and login.key_file else None),
            )
        return Inventory(hosts=made, groups=groups, defaults=Defaults())


def _connections(vendor: str | None, key: str | None) -> dict[str, ConnectionOptions]:
    if vendor is None:
        return {}
    extras: dict[str, Any] = {"use_keys": True, "key_file": key} if key else {}
    return {"netmiko": ConnectionOptions(platform=NETMIKO[vendor], extras=extras), "napalm": ConnectionOptions(platform=vendor)}
