"""A Neutron security group. The rules that Neutron adds by itself (all egress) stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from openstack.network.v2.security_group import SecurityGroup as SdkSecurityGroup

from stacks.provider.base import Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class SecurityGroup(Mapped):
    token, service, noun = "xiangyun:network:SecurityGroup", "network", "security_group"
    bulk, sdk = True, SdkSecurityGroup
    required, optional = frozenset({"name", "project"}), {"description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "project": "project_id"}
    replace_on = frozenset({"project"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in cloud.rows(SdkSecurityGroup, cloud.sdk.network))
