"""All static routes of a Neutron router. They need the router's interfaces, so a program lets them depend on these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class RouterRoutes(Resource):
    """`routes`: mappings of `destination` and `nexthop`. The id is the router's; its table always exists, so it is set and never made."""

    token, service = "xiangyun:network:RouterRoutes", "network"
    required = frozenset({"router", "routes"})
    replace_on = frozenset({"router"})
    unordered = frozenset({"routes"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.network.routers())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        return _remote(cloud.sdk.network.update_router(want["router"], routes=want["routes"]))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return self.create(cloud, want, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.update_router(have.id, routes=[])


def _remote(found: Any) -> Remote:
    routes = [{"destination": route["destination"], "nexthop": route["nexthop"]} for route in found.routes or []]
    return Remote(found.id, {"router": found.id, "routes": routes})
