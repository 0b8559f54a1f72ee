"""A listener of a load balancer: the port that clients speak to, and the pool that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.listener import Listener as SdkListener

from stacks.provider.balanced import Balanced


class Listener(Balanced):
    """`protocol` as Octavia writes it: HTTP, HTTPS, TERMINATED_HTTPS, TCP, UDP, SCTP, PROMETHEUS.

    Timeouts in ms, 0: the cloud decides. `tlsContainer` and `sniContainers`: the `ref` of Barbican's.
    """

    token, noun, sdk = "xiangyun:loadbalancer:Listener", "listener", SdkListener
    part_of = ("loadBalancer", None)
    required = frozenset({"name", "loadBalancer", "protocol", "port"})
    optional: ClassVar[Mapping[str, Any]] = {
        "pool": "",
        "connectionLimit": -1,
        "allowed": [],
        "insertHeaders": {},
        "clientTimeout": 0,
        "connectTimeout": 0,
        "memberTimeout": 0,
        "tlsContainer": "",
        "sniContainers": [],
        "enabled": True,
        "description": "",
        "tags": [],
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "loadBalancer": "load_balancer_id",
        "protocol": "protocol",
        "port": "protocol_port",
        "pool": "default_pool_id",
        "connectionLimit": "connection_limit",
        "allowed": "allowed_cidrs",
        "insertHeaders": "insert_headers",
        "clientTimeout": "timeout_client_data",
        "connectTimeout": "timeout_member_connect",
        "memberTimeout": "timeout_member_data",
        "tlsContainer": "default_tls_container_ref",
        "sniContainers": "sni_container_refs",
        "enabled": "is_admin_state_up",
        "description": "description",
    }
    within: ClassVar[Mapping[str, str]] = {"loadBalancer": "load_balancers"}
    chosen = frozenset({"clientTimeout", "connectTimeout", "memberTimeout"})
    replace_on = frozenset({"loadBalancer", "protocol", "port"})
    unordered = frozenset({"tags", "allowed", "sniContainers"})
    delete_first = True  # a load balancer has a port once
