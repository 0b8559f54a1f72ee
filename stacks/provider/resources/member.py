"""A member of a pool: one server that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.member import Member as SdkMember

from stacks.provider.balanced import Balanced
from stacks.provider.resources.pool import Pool


class Member(Balanced):
    """`subnet` is where `address` is reached from, if not from the load balancer's own. `weight` 0: no new connections."""

    token, noun, sdk = "xiangyun:loadbalancer:Member", "member", SdkMember
    part_of, in_url = ("pool", Pool), True
    required = frozenset({"pool", "address", "port"})
    optional: ClassVar[Mapping[str, Any]] = {
        "name": "",
        "subnet": "",
        "weight": 1,
        "backup": False,
        "monitorAddress": "",
        "monitorPort": 0,
        "enabled": True,
        "tags": [],
    }
    fields: ClassVar[Mapping[str, str]] = {
        "pool": "pool_id",
        "address": "address",
        "port": "protocol_port",
        "name": "name",
        "subnet": "subnet_id",
        "weight": "weight",
        "backup": "backup",
        "monitorAddress": "monitor_address",
        "monitorPort": "monitor_port",
        "enabled": "is_admin_state_up",
    }
    replace_on = frozenset({"pool", "address", "port", "subnet"})
    delete_first = True  # a pool has an address with a port once
