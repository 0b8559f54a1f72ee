"""A rule of a Neutron security group. Rules cannot be changed, only replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class SecurityGroupRule(Resource):
    """Ports 0: all of the protocol; an empty protocol: all; an empty remote prefix: from anywhere."""

    token, service = "xiangyun:network:SecurityGroupRule", "network"
    required = frozenset({"group"})
    optional: ClassVar[Mapping[str, Any]] = {
        "direction": "ingress",
        "ethertype": "IPv6",
        "protocol": "",
        "portMin": 0,
        "portMax": 0,
        "remotePrefix": "",
        "description": "",
    }
    replace_on = frozenset({"group", *optional})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.network.security_group_rules())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        names = {"protocol": "protocol", "portMin": "port_range_min", "portMax": "port_range_max", "remotePrefix": "remote_ip_prefix"}
        made = cloud.sdk.network.create_security_group_rule(
            security_group_id=want["group"],
            direction=want["direction"],
            ethertype=want["ethertype"],
            description=marked(want["description"], marker),
            **{theirs: want[ours] for ours, theirs in names.items() if want[ours]},
        )
        return _remote(made)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_security_group_rule(have.id)


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    inputs = {
        "group": found.security_group_id,
        "direction": found.direction,
        "ethertype": found.ether_type,
        "protocol": found.protocol or "",
        "portMin": found.port_range_min or 0,
        "portMax": found.port_range_max or 0,
        "remotePrefix": found.remote_ip_prefix or "",
        "description": description,
    }
    return Remote(found.id, inputs, {}, marker)
