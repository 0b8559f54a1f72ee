"""The right of a project (or of all, `*`) to use something of another's: Neutron's RBAC policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.mapped import Mapped


class RbacPolicy(Mapped):
    """`objectType`: network, qos_policy, security_group, address_scope, subnetpool or address_group; `action`: access_as_shared or access_as_external.

    The four together are unique, and that is how one is found again.
    """

    token, service, noun = "xiangyun:network:RbacPolicy", "network", "rbac_policy"
    plural = "rbac_policies"
    required, optional = frozenset({"objectType", "object", "target"}), {"action": "access_as_shared"}
    fields: ClassVar[Mapping[str, str]] = {"objectType": "object_type", "object": "object_id", "target": "target_project_id", "action": "action"}
    replace_on = frozenset(fields)
    unique = True
