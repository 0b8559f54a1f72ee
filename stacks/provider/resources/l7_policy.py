"""A policy of a listener: what happens to requests that match all its rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.l7_policy import L7Policy as SdkL7Policy

from stacks.provider.balanced import Balanced
from stacks.provider.resources.listener import Listener


class L7Policy(Balanced):
    """`action`: REJECT, REDIRECT_TO_POOL, REDIRECT_TO_URL, REDIRECT_PREFIX, with the input that says where to. `position` 0: after all others."""

    token, noun, sdk = "xiangyun:loadbalancer:L7Policy", "l7_policy", SdkL7Policy
    part_of = ("listener", Listener)
    required = frozenset({"listener", "action"})
    optional: ClassVar[Mapping[str, Any]] = {
        "name": "",
        "position": 0,
        "pool": "",
        "url": "",
        "prefix": "",
        "enabled": True,
        "description": "",
        "tags": [],
    }
    fields: ClassVar[Mapping[str, str]] = {
        "listener": "listener_id",
        "action": "action",
        "name": "name",
        "position": "position",
        "pool": "redirect_pool_id",
        "url": "redirect_url",
        "prefix": "redirect_prefix",
        "enabled": "is_admin_state_up",
        "description": "description",
    }
    chosen = frozenset({"position"})
    replace_on = frozenset({"listener"})
