"""A Neutron security group. The rules that Neutron adds by itself (all egress) stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from openstack.network.v2.security_group import SecurityGroup as SdkSecurityGroup

from stacks.provider.mapped import Mapped


class SecurityGroup(Mapped):
    token, service, noun = "xiangyun:network:SecurityGroup", "network", "security_group"
    bulk, sdk = True, SdkSecurityGroup
    required, optional = frozenset({"name", "project"}), {"description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "project": "project_id"}
    replace_on = frozenset({"project"})
