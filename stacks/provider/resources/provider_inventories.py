"""What a host has that Nova does not know of: resource classes on a provider of its own, below the host's.

Nova writes the whole inventory of the host's own provider again and again, so what others add there is gone after minutes; providers below it are left
alone, and a flavor's `resources:` are looked for in the whole tree (Nova admin guide, "Managing resource providers using config files"; Placement,
"Modeling with provider trees").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud, retry

_VERSION = "1.14"  # the first with trees
_PREFIX = "xiangyun:"
_DEFAULTS = {"reserved": 0, "min_unit": 1, "step_size": 1, "allocation_ratio": 1}


class ProviderInventories(Resource):
    """`inventories`: by class, `total` and what else Placement takes (reserved, min_unit, max_unit, step_size, allocation_ratio).

    The provider's name follows from the host's and is unique, and that is how one is found again. While servers use some of it, it cannot be deleted.
    """

    token, service = "xiangyun:placement:ProviderInventories", "placement"
    asked_alone = True
    required = frozenset({"host", "inventories"})
    replace_on = frozenset({"host"})
    unique = True

    def complete(self, given: Any) -> Inputs:
        """Each inventory whole, as the API gives it back."""
        full = super().complete(given)
        if isinstance(full.get("inventories"), dict):
            full["inventories"] = {name: _whole(one) if isinstance(one, dict) else one for name, one in full["inventories"].items()}
        return full

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.placement.resource_providers():
            if found.name.startswith(_PREFIX):
                inputs = {"host": found.name.removeprefix(_PREFIX)}
                yield Remote(found.id, inputs, {}, self.marker("", inputs))

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        known = cloud.index(self).get(id_)
        if known is None:
            return None
        return Remote(id_, {**known.inputs, "inventories": _read(cloud, id_)["inventories"]}, {}, known.marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        host = next((found for found in cloud.sdk.placement.resource_providers(name=want["host"])), None)
        if host is None:
            raise LookupError(f"the cloud has no host {want['host']}: there is no resource provider of that name")
        body = {"name": f"{_PREFIX}{want['host']}", "parent_provider_uuid": host.id}
        response = cloud.sdk.placement.post("/resource_providers", json=body, headers={"Accept": "application/json"}, microversion="1.20")
        api.raise_from_response(response)
        return self.update(cloud, Remote(response.json()["uuid"], {"host": want["host"]}, {}, marker), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        def attempt() -> None:
            body = {"inventories": want["inventories"], "resource_provider_generation": _read(cloud, have.id)["resource_provider_generation"]}
            api.raise_from_response(cloud.sdk.placement.put(f"/resource_providers/{have.id}/inventories", json=body, microversion=_VERSION))

        retry(attempt, conflicts=True)
        return Remote(have.id, want, {}, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.placement.delete_resource_provider(have.id)


def _whole(inventory: Inputs) -> Inputs:
    return {**_DEFAULTS, "max_unit": inventory.get("total", 0), **inventory}


def _read(cloud: Cloud, id_: str) -> Any:
    response = cloud.sdk.placement.get(f"/resource_providers/{id_}/inventories", microversion=_VERSION)
    api.raise_from_response(response)
    return response.json()
