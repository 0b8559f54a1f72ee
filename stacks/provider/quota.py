"""A project's quota in one service: always there, so it is read by project and set, never made; deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class ProjectQuota(Resource):
    """The id is the project's. `limits`: our names by openstacksdk's; `required` is these and the project."""

    limits: ClassVar[Mapping[str, str]]
    read, write, reset = "get_quota_set", "update_quota_set", "revert_quota_set"  # openstacksdk's names of the calls
    replace_on = frozenset({"project"})
    asked_alone = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return ()

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = getattr(self.calls(cloud), self.read)(id_)
        return Remote(id_, {"project": id_, **{ours: getattr(found, theirs) for ours, theirs in self.limits.items()}})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        getattr(self.calls(cloud), self.write)(want["project"], **{theirs: want[ours] for ours, theirs in self.limits.items()})
        return Remote(want["project"], want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return self.create(cloud, want, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        getattr(self.calls(cloud), self.reset)(have.id)
