"""Our traits on a host's resource provider, merged with those that Nova owns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud, retry

_VERSION = "1.6"  # the first with traits


class ProviderTraits(Resource):
    """The API only replaces the whole list, so each change reads it, keeps what is not ours, sends the generation, and is done again on 409."""

    token, service = "xiangyun:placement:ProviderTraits", "placement"
    asked_alone = True
    required = frozenset({"host", "traits"})
    replace_on = frozenset({"host"})
    unordered = frozenset({"traits"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.placement.resource_providers():
            yield Remote(found.id, {"host": found.name})

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        known = cloud.index(self).get(id_)
        if known is None:
            return None
        there = set(_read(cloud, id_)["traits"])
        return Remote(id_, {"host": known.inputs["host"], "traits": sorted(there.intersection(last.get("traits", ())))})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        found = next((remote for remote in cloud.index(self).values() if remote.inputs["host"] == want["host"]), None)
        if found is None:
            raise LookupError(f"the cloud has no host {want['host']}: there is no resource provider of that name")
        self._merge(cloud, found.id, add=set(want["traits"]), drop=set())
        return Remote(found.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        self._merge(cloud, have.id, add=set(want["traits"]), drop=set(have.inputs["traits"]) - set(want["traits"]))
        return Remote(have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        self._merge(cloud, have.id, add=set(), drop=set(have.inputs["traits"]))

    def _merge(self, cloud: Cloud, id_: str, add: set[str], drop: set[str]) -> None:
        def attempt() -> None:
            now = _read(cloud, id_)
            traits = (set(now["traits"]) - drop) | add
            if traits != set(now["traits"]):
                body = {"traits": sorted(traits), "resource_provider_generation": now["resource_provider_generation"]}
                api.raise_from_response(cloud.sdk.placement.put(f"/resource_providers/{id_}/traits", json=body, microversion=_VERSION))

        retry(attempt, conflicts=True)


def _read(cloud: Cloud, id_: str) -> Any:
    response = cloud.sdk.placement.get(f"/resource_providers/{id_}/traits", microversion=_VERSION)
    api.raise_from_response(response)
    return response.json()
