"""A rule of a Neutron security group. Rules cannot be changed, only replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.network.v2.security_group import SecurityGroup as SdkSecurityGroup
from openstack.network.v2.security_group_rule import SecurityGroupRule as SdkSecurityGroupRule

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped
from stacks.provider.resources.security_group import SecurityGroup
from stacks.provider.rows import Row


class SecurityGroupRule(Mapped):
    """Ports 0: all of the protocol; an empty protocol: all; neither remote prefix nor remote group: from anywhere."""

    token, service, noun = "xiangyun:network:SecurityGroupRule", "network", "security_group_rule"
    bulk, sdk = True, SdkSecurityGroupRule
    required = frozenset({"group"})
    optional: ClassVar[Mapping[str, Any]] = {
        "direction": "ingress",
        "ethertype": "IPv6",
        "protocol": "",
        "portMin": 0,
        "portMax": 0,
        "remotePrefix": "",
        "remoteGroup": "",
        "description": "",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "group": "security_group_id",
        "direction": "direction",
        "ethertype": "ether_type",
        "protocol": "protocol",
        "portMin": "port_range_min",
        "portMax": "port_range_max",
        "remotePrefix": "remote_ip_prefix",
        "remoteGroup": "remote_group_id",
    }
    replace_on = frozenset({"group", *optional})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        """Read from their groups: a list of rules alone takes Neutron as long as all else together."""
        for group in cloud.rows(SdkSecurityGroup, cloud.sdk.network):
            for raw in group.security_group_rules:
                yield self.remote(cloud, Row(SdkSecurityGroupRule, raw))

    def new(self, cloud: Cloud, want: Inputs, marker: str) -> Inputs:
        """It belongs to its group's project, or all rules would count against the quota of the operator's own."""
        body = super().new(cloud, want, marker)
        group = cloud.index(_GROUPS).get(want["group"])
        return {**body, "project_id": group.inputs["project"]} if group else body

    def bulk_with(self, want: Inputs) -> str:
        """Neutron refuses a list with rules of several groups (SecurityGroupNotSingleGroupRules)."""
        return str(want["group"])


_GROUPS = SecurityGroup()
