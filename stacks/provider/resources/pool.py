"""A pool of a load balancer: servers that can answer for each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.pool import Pool as SdkPool

from stacks.provider.balanced import Balanced
from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud


class Pool(Balanced):
    """A listener names it as its own, or a policy. `algorithm`: ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP, SOURCE_IP_PORT.

    `persistence`: a mapping with `type` SOURCE_IP, HTTP_COOKIE or APP_COOKIE (then with `cookie_name`).
    """

    token, noun, sdk = "xiangyun:loadbalancer:Pool", "pool", SdkPool
    part_of = ("loadBalancer", None)
    required = frozenset({"name", "loadBalancer", "protocol", "algorithm"})
    optional: ClassVar[Mapping[str, Any]] = {"persistence": {}, "tls": False, "enabled": True, "description": "", "tags": []}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "loadBalancer": "loadbalancer_id",
        "protocol": "protocol",
        "algorithm": "lb_algorithm",
        "persistence": "session_persistence",
        "tls": "tls_enabled",
        "enabled": "is_admin_state_up",
        "description": "description",
    }
    within: ClassVar[Mapping[str, str]] = {"loadBalancer": "loadbalancers"}
    replace_on = frozenset({"loadBalancer", "protocol"})

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        body = super().body(want, marker, names)
        return {**body, "session_persistence": want["persistence"] or None}

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        persistence = {name: value for name, value in known.inputs["persistence"].items() if value is not None}
        return Remote(known.id, {**known.inputs, "persistence": persistence}, known.outputs, known.marker)
