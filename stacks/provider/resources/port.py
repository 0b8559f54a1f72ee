"""A Neutron port with a fixed address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from openstack.network.v2.port import Port as SdkPort

from stacks.provider.base import Inputs, Remote, Resource, Wanted, marked, unmarked
from stacks.provider.cloud import Cloud
from stacks.provider.rows import create, rows


class Port(Resource):
    """`allowed` are further addresses or prefixes that may come from it, such as a service address that moves."""

    token, service = "xiangyun:network:Port", "network"
    bulk = True
    required = frozenset({"name", "network", "subnet", "address", "project"})
    optional: ClassVar[Mapping[str, Any]] = {"securityGroups": [], "allowed": [], "description": ""}
    added = ("mac",)
    replace_on = frozenset({"network", "subnet", "address", "project"})
    unordered = frozenset({"securityGroups", "allowed"})
    delete_first = True  # the address can be had once

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, rows(SdkPort, cloud.sdk.network))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        return _remote(cloud.sdk.network.create_port(**_new(want, marker)))

    def create_many(self, cloud: Cloud, wanted: Sequence[Wanted]) -> Sequence[Remote]:
        return [_remote(made) for made in create(SdkPort, cloud.sdk.network, (_new(item.want, item.marker) for item in wanted))]

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return _remote(cloud.sdk.network.update_port(have.id, **_changeable(want, have.marker)))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_port(have.id)


def _new(want: Inputs, marker: str) -> Inputs:
    fixed = [{"subnet_id": want["subnet"], "ip_address": want["address"]}]
    return {"network_id": want["network"], "project_id": want["project"], "fixed_ips": fixed, **_changeable(want, marker)}


def _changeable(want: Inputs, marker: str) -> Inputs:
    return {
        "name": want["name"],
        "description": marked(want["description"], marker),
        "security_group_ids": want["securityGroups"],
        "allowed_address_pairs": [{"ip_address": prefix} for prefix in want["allowed"]],
    }


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    first = (found.fixed_ips or [{}])[0]
    inputs = {
        "name": found.name,
        "network": found.network_id,
        "subnet": first.get("subnet_id", ""),
        "address": first.get("ip_address", ""),
        "project": found.project_id,
        "securityGroups": list(found.security_group_ids or []),
        "allowed": [pair["ip_address"] for pair in found.allowed_address_pairs or []],
        "description": description,
    }
    return Remote(found.id, inputs, {"mac": found.mac_address}, marker)
