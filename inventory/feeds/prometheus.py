"""Prometheus' file-based service discovery (docs: `file_sd_config`): one target a host, labels from the estate."""

from __future__ import annotations

from typing import Any

from inventory.access import Access
from inventory.feeds.hosts import hosts
from inventory.model import Estate

PORTS = {"device": 161, "server": 9100}  # snmp_exporter's target, node_exporter


def targets(estate: Estate, access: Access) -> list[dict[str, Any]]:
    """Hosts with an address of their own; the way that operations log in by is not where they are measured."""
    found = []
    for host in hosts(estate, access):
        if host.address:
            place = f"[{host.address}]" if ":" in host.address else host.address
            labels = {"name": host.name, "kind": host.kind, **{key: str(value) for key, value in host.facts.items() if isinstance(value, str) and value}}
            found.append({"targets": [f"{place}:{PORTS[host.kind]}"], "labels": labels})
    return found
