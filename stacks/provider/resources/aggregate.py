"""A Nova host aggregate: hosts that share a pool's metadata."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud, retry

_MARKER = "xiangyun_marker"


class Aggregate(Resource):
    """Names are unique in Nova. The create call takes no metadata, so one left behind has our name, no hosts and no metadata."""

    token, service = "xiangyun:compute:Aggregate", "compute"
    required, optional = frozenset({"name"}), {"hosts": [], "metadata": {}}
    replace_on = frozenset({"name"})
    unordered = frozenset({"hosts"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.compute.aggregates())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        compute = cloud.sdk.compute
        try:
            made = compute.create_aggregate(name=want["name"])
        except api.ConflictException:
            made = next(found for found in compute.aggregates() if found.name == want["name"])
            if made.hosts or (made.metadata or {}).get(_MARKER, "" if made.metadata else marker) != marker:
                raise  # somebody else's
        compute.set_aggregate_metadata(made.id, **{_MARKER: marker})
        return self.update(cloud, Remote(str(made.id), {"hosts": list(made.hosts or []), "metadata": {}}, {}, marker), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        compute = cloud.sdk.compute
        gone = {key: None for key in have.inputs["metadata"] if key not in want["metadata"]}
        compute.set_aggregate_metadata(have.id, **{**want["metadata"], **gone, _MARKER: have.marker})
        for host in sorted(set(have.inputs["hosts"]) - set(want["hosts"])):
            retry(lambda host=host: compute.remove_host_from_aggregate(have.id, host), conflicts=True)  # type: ignore[misc]
        for host in sorted(set(want["hosts"]) - set(have.inputs["hosts"])):
            retry(lambda host=host: compute.add_host_to_aggregate(have.id, host), conflicts=True)  # type: ignore[misc]
        return Remote(have.id, want, {}, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        for host in have.inputs["hosts"]:
            cloud.sdk.compute.remove_host_from_aggregate(have.id, host)
        cloud.sdk.compute.delete_aggregate(have.id)


def _remote(found: Any) -> Remote:
    metadata = dict(found.metadata or {})
    marker = metadata.pop(_MARKER, "")
    return Remote(str(found.id), {"name": found.name, "hosts": list(found.hosts or []), "metadata": metadata}, {}, marker)
