"""A rule of a policy: what a request must be for the policy to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.l7_rule import L7Rule as SdkL7Rule

from stacks.provider.balanced import Balanced
from stacks.provider.resources.l7_policy import L7Policy


class L7Rule(Balanced):
    """`type`: PATH, HOST_NAME, HEADER or COOKIE (with its name as `key`), and others; `compare`: EQUAL_TO, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX."""

    token, noun, sdk = "xiangyun:loadbalancer:L7Rule", "l7_rule", SdkL7Rule
    part_of, in_url = ("policy", L7Policy), True
    required = frozenset({"policy", "type", "compare", "value"})
    optional: ClassVar[Mapping[str, Any]] = {"key": "", "invert": False, "enabled": True, "tags": []}
    fields: ClassVar[Mapping[str, str]] = {
        "policy": "l7_policy_id",
        "type": "type",
        "compare": "compare_type",
        "value": "rule_value",
        "key": "key",
        "invert": "invert",
        "enabled": "is_admin_state_up",
    }
    replace_on = frozenset({"policy"})
