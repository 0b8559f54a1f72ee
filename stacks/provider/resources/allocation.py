"""An Ironic allocation: a node that is taken for somebody, chosen by Ironic among those that are available."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.baremetal.v1.allocation import Allocation as SdkAllocation

from stacks.provider.baremetal import Metal
from stacks.provider.base import Inputs, NotReadyError, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.waiting import settled

LIMIT_S = 300


class Allocation(Metal):
    """`node` is the one it got. One for which Ironic finds no node is not kept: it would never be tried again."""

    token, noun, sdk = "xiangyun:baremetal:Allocation", "allocation", SdkAllocation
    required = frozenset({"name", "resourceClass"})
    optional: ClassVar[Mapping[str, Any]] = {"traits": [], "candidateNodes": [], "extra": {}}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "resourceClass": "resource_class",
        "traits": "traits",
        "candidateNodes": "candidate_nodes",
        "extra": "extra",
    }
    added = ("node",)
    outputs: ClassVar[Mapping[str, str]] = {"node": "node_id"}
    replace_on = frozenset({"resourceClass", "traits", "candidateNodes"})
    unordered = frozenset({"traits", "candidateNodes"})
    mappings = frozenset({"extra"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in self.calls(cloud).allocations())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        return self._settled(cloud, super().create(cloud, want, marker), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        self.change(cloud, have, want)
        return self._settled(cloud, have, want)

    def _settled(self, cloud: Cloud, made: Remote, want: Inputs) -> Remote:
        calls = self.calls(cloud)
        try:
            return settled(
                lambda: _with_status(calls.get_allocation(made.id)),
                lambda found: self.as_asked(self.remote(cloud, found), want),
                ("active",),
                LIMIT_S,
                lambda found: (found.last_error or "no reason given") if found.status == "error" else "",
            )
        except NotReadyError as error:
            self.delete(cloud, made)
            raise LookupError(str(error)) from error


def _with_status(found: Any) -> Any:
    """Ironic calls it a state."""
    found.status = found.state
    return found
