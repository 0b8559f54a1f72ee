"""What the types of Manila share: one version of its API, whose calls a request is made with, and why something failed."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar

from openstack.shared_file_system.v2.user_message import UserMessage

from stacks.provider.base import Remote
from stacks.provider.cloud import Cloud, CloudError, retry
from stacks.provider.mapped import Mapped
from stacks.provider.rows import rows
from stacks.provider.waiting import gone, settled

VERSION = "2.62"  # of the Wallaby release; without one Manila takes 2.0, which knows half of it
MADE_LIMIT_S = 600
GONE_LIMIT_S = 300


class Shared(Mapped):
    """`what` is in messages."""

    service: ClassVar[str] = "shared-file-system"
    what: ClassVar[str]

    def calls(self, cloud: Cloud) -> Any:
        return of_version(cloud.sdk)

    def calls_of(self, cloud: Cloud, project_id: str) -> Any:
        """With a token of the project; empty: the run's own."""
        return of_version(cloud.as_project(project_id)) if project_id else self.calls(cloud)

    def settled(self, cloud: Cloud, id_: str, look: Callable[[], Any], remote: Callable[[Any], Remote], steady: tuple[str, ...] = ("available",)) -> Remote:
        return settled(look, remote, steady, MADE_LIMIT_S, lambda found: self.reason(cloud, id_, found.status) if "error" in found.status else "")

    def gone(self, cloud: Cloud, id_: str, look: Callable[[], Any]) -> None:
        def still() -> Any:
            found = look()
            if "error" in found.status:
                raise CloudError(self.reason(cloud, id_, found.status))
            return found

        gone(still, f"the {self.what} {id_}", GONE_LIMIT_S)

    def reason(self, cloud: Cloud, id_: str, state: str) -> str:
        """What Manila tells its users of it, the newest first."""
        told = retry(lambda: [*rows(UserMessage, self.calls(cloud), resource_id=id_)])
        said = next((str(one.user_message) for one in told), "it gives no reason")
        return f"Manila could not do it: the {self.what} is {state}: {said.rstrip('.')} ({id_})"


def of_version(sdk: Any) -> Any:
    calls = copy(sdk.shared_file_system)
    calls.default_microversion = VERSION
    return calls
