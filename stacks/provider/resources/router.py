"""A Neutron router and its way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class Router(Mapped):
    """`externalNetwork` is the network that its gateway stands in. Subnets are attached by RouterInterface, static routes are RouterRoutes."""

    token, service, noun = "xiangyun:network:Router", "network", "router"
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {"externalNetwork": "", "snat": True, "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "project": "project_id"}
    chosen = frozenset({"project"})
    replace_on = frozenset({"project"})

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        gateway = {"network_id": want["externalNetwork"], "enable_snat": want["snat"]} if want["externalNetwork"] else None
        return {**super().body(want, marker, names), "external_gateway_info": gateway}

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known, gateway = super().remote(cloud, found), found.external_gateway_info or {}
        own = {"externalNetwork": gateway.get("network_id", ""), "snat": gateway.get("enable_snat", True)}
        return Remote(known.id, {**known.inputs, **own}, known.outputs, known.marker)
