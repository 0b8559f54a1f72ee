"""A health monitor of a pool: how Octavia finds out whether a member answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.health_monitor import HealthMonitor as SdkHealthMonitor

from stacks.provider.balanced import Balanced
from stacks.provider.resources.pool import Pool


class HealthMonitor(Balanced):
    """One a pool. Every `delay` s, waiting `timeout` s; up after `retries` answers, down after `retriesDown` without. `type`: HTTP, HTTPS, TCP, PING …

    `method`, `path` and `codes` (such as 200-204) are HTTP's; GET, / and 200 unless given.
    """

    token, noun, sdk = "xiangyun:loadbalancer:HealthMonitor", "health_monitor", SdkHealthMonitor
    part_of = ("pool", Pool)
    required = frozenset({"pool", "type", "delay", "timeout", "retries"})
    optional: ClassVar[Mapping[str, Any]] = {"name": "", "retriesDown": 3, "method": "", "path": "", "codes": "", "enabled": True, "tags": []}
    fields: ClassVar[Mapping[str, str]] = {
        "pool": "pool_id",
        "type": "type",
        "delay": "delay",
        "timeout": "timeout",
        "retries": "max_retries",
        "name": "name",
        "retriesDown": "max_retries_down",
        "method": "http_method",
        "path": "url_path",
        "codes": "expected_codes",
        "enabled": "is_admin_state_up",
    }
    within: ClassVar[Mapping[str, str]] = {"pool": "pools"}
    chosen = frozenset({"method", "path", "codes"})
    replace_on = frozenset({"pool", "type"})
    delete_first = True  # one a pool
