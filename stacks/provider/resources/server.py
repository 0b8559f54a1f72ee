"""A Nova server."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud
from stacks.provider.waiting import gone, settled

_MARKER = "xiangyun_marker"
_STEADY = {"ACTIVE": "on", "SHUTOFF": "off"}
BUILD_LIMIT_S = 600
DELETE_LIMIT_S = 300


class Server(Resource):
    """It is made in `project`, on ports that exist. `power` is on or off. One that Nova cannot build is kept as "made, but not ready"."""

    token, service = "xiangyun:compute:Server", "compute"
    required = frozenset({"name", "project", "flavor", "image", "ports"})
    optional: ClassVar[Mapping[str, Any]] = {"key": "", "userData": "", "metadata": {}, "power": "on"}
    added = ("address",)
    replace_on = frozenset({"project", "flavor", "image", "ports", "key", "userData"})
    unreadable = frozenset({"userData"})
    delete_first = True  # its ports can be in one server only

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        flavors = {found.name: found.id for found in cloud.sdk.compute.flavors()}  # since 2.47 a server names its flavor by name
        ports: dict[str, list[str]] = {}
        for port in cloud.sdk.network.ports():
            ports.setdefault(port.device_id or "", []).append(port.id)
        for found in cloud.sdk.compute.servers(all_projects=True):
            yield _remote(found, flavors, ports.get(found.id, []))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        optional = {"key_name": want["key"], "user_data": base64.b64encode(want["userData"].encode()).decode()}
        made = cloud.as_project(want["project"]).compute.create_server(
            name=want["name"],
            flavor_id=want["flavor"],
            image_id=want["image"],
            networks=[{"port": port} for port in want["ports"]],
            metadata={**want["metadata"], _MARKER: marker},
            **{name: value for name, value in optional.items() if value},
        )
        return self._settle(cloud, made.id, want, marker)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        compute = cloud.sdk.compute
        found = compute.get_server(have.id)
        if found.name != want["name"]:
            compute.update_server(have.id, name=want["name"])
        if gone := [name for name in have.inputs["metadata"] if name not in want["metadata"]]:
            compute.delete_server_metadata(have.id, gone)
        compute.set_server_metadata(have.id, **want["metadata"])
        if _STEADY.get(found.status) != want["power"] and found.status in _STEADY:
            (compute.start_server if want["power"] == "on" else compute.stop_server)(have.id)
        return self._settle(cloud, have.id, want, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.compute.delete_server(have.id)
        gone(lambda: cloud.sdk.compute.get_server(have.id), f"the server {have.id}", DELETE_LIMIT_S, ("DELETED", "SOFT_DELETED"))

    def _settle(self, cloud: Cloud, id_: str, want: Inputs, marker: str) -> Remote:
        """Wait until it is as wanted; what is made, and does not get there, is not lost."""
        steady = [status for status, power in _STEADY.items() if power == want["power"]]
        return settled(
            lambda: cloud.sdk.compute.get_server(id_),
            lambda found: Remote(id_, want, {"address": _address(found)}, marker),
            steady,
            BUILD_LIMIT_S,
            lambda found: f"Nova could not build it: {_fault(found)} (server {id_})" if found.status == "ERROR" else "",
        )


def _fault(found: Any) -> str:
    return (found.fault or {}).get("message") or "no reason given"


def _address(found: Any) -> str:
    return next((item["addr"] for items in (found.addresses or {}).values() for item in items), "")


def _remote(found: Any, flavors: dict[str, str], ports: list[str]) -> Remote:
    metadata = dict(found.metadata or {})
    marker = metadata.pop(_MARKER, "")
    flavor = (found.flavor or {}).get("original_name") or (found.flavor or {}).get("name") or ""
    inputs = {
        "name": found.name,
        "project": found.project_id,
        "flavor": flavors.get(flavor, (found.flavor or {}).get("id") or flavor),
        "image": (found.image or {}).get("id") or "",
        "ports": ports,
        "key": found.key_name or "",
        "metadata": metadata,
        "power": _STEADY.get(found.status, found.status.lower()),
    }
    return Remote(found.id, inputs, {"address": _address(found)}, marker)
