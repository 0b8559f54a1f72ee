"""What Octavia's types share. A load balancer and all that is in it are one tree: while a part of it is being changed, every other change is refused (409)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, ClassVar, TypeVar

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud, CloudError, retry, words
from stacks.provider.mapped import Mapped
from stacks.provider.waiting import POLL_S, gone, settled

T = TypeVar("T")
LIMIT_S = 600  # of a change, and of those of others that it waits for
_BALANCER = re.compile(r"Load Balancer ([0-9a-f-]{36}) is immutable")


class Balanced(Mapped):
    """The marker is a tag: most of these have no description. A change is done when the object is ACTIVE again; the next one of its tree has its turn then.

    `part_of`: the input with the id of what it is in, and the type of that; None: the load balancer. `in_url`: that id is part of the API's URL.
    `within`: references that the API takes as one id and gives back as a list.
    """

    service, tagged = "load-balancer", True
    part_of: ClassVar[tuple[str, type[Balanced] | None] | None] = None
    in_url: ClassVar[bool] = False
    within: ClassVar[Mapping[str, str]] = {}
    unordered = frozenset({"tags"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        if not self.in_url:
            yield from super().list(cloud)
            return
        name, kind = self._above
        assert kind
        for owner in (*cloud.index(kind()),):
            with suppress(api.NotFoundException):  # it is being deleted, with all that is in it
                for found in self._call(cloud, f"{self.noun}s")(owner):
                    known = self.remote(cloud, found)
                    yield Remote(known.id, {**known.inputs, name: owner}, known.outputs, known.marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        body = self.body(want, marker, self.names - {self._above[0]} if self.in_url else self.names)
        with self._turn(cloud, want):
            made = _changed(cloud, lambda: self._call(cloud, f"create_{self.noun}")(*self._owner(want), **body))
            return self._settled(cloud, made.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        body = self.body(want, have.marker, self.names - self.replace_on)
        with self._turn(cloud, want):
            _changed(cloud, lambda: self._call(cloud, f"update_{self.noun}")(have.id, *self._owner(want), **body))
            return self._settled(cloud, have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        owner = self._owner(have.inputs)
        with self._turn(cloud, have.inputs):
            _changed(cloud, lambda: self._call(cloud, f"delete_{self.noun}")(have.id, *owner))
            gone(lambda: self._call(cloud, f"get_{self.noun}")(have.id, *owner), f"the {self._named} {have.id}", LIMIT_S)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        held = {ours: getattr(found, theirs)[0]["id"] for ours, theirs in self.within.items() if getattr(found, theirs)}
        return Remote(known.id, {**known.inputs, **held}, known.outputs, known.marker)

    def tree(self, cloud: Cloud, inputs: Inputs) -> str:
        """The id of the load balancer that an object with these inputs is part of; empty where that is not known."""
        if self.part_of is None:
            return ""
        name, kind = self.part_of
        if kind is None:
            return str(inputs[name])
        above = cloud.index(kind()).get(inputs[name])
        return kind().tree(cloud, above.inputs) if above else ""

    def _turn(self, cloud: Cloud, inputs: Inputs) -> AbstractContextManager[Any]:
        tree = self.tree(cloud, inputs)
        return cloud.turn(tree) if tree else nullcontext()

    @property
    def _above(self) -> tuple[str, type[Balanced] | None]:
        assert self.part_of
        return self.part_of

    @property
    def _named(self) -> str:
        return self.noun.replace("_", " ")

    def _call(self, cloud: Cloud, name: str) -> Any:
        return getattr(self.calls(cloud), name)

    def _owner(self, inputs: Inputs) -> tuple[str, ...]:
        return (inputs[self._above[0]],) if self.in_url else ()

    def _settled(self, cloud: Cloud, id_: str, want: Inputs) -> Remote:
        return settled(
            lambda: self._call(cloud, f"get_{self.noun}")(id_, *self._owner(want)),
            lambda found: self.as_asked(self.remote(cloud, found), want),
            ("ACTIVE",),
            LIMIT_S,
            lambda found: f"Octavia could not make it so: the {self._named} {id_} is in ERROR" if found.provisioning_status == "ERROR" else "",
            "provisioning_status",
        )


def _changed(cloud: Cloud, change: Callable[[], T]) -> T:
    """Ask for the change, again while another one of the tree is on. Raises CloudError where none is possible, TimeoutError when it takes too long."""
    limit = time.monotonic() + LIMIT_S
    while True:
        try:
            return change()
        except api.ConflictException as error:
            said = words(error)
            if "is immutable" not in said:
                raise
            balancer = _BALANCER.search(said)
            if balancer and _status(cloud, balancer[1]) == "ERROR":
                raise CloudError(f"{said}: it is in ERROR, where Octavia only deletes it (with all in it: cascade) or fails it over") from error
            if time.monotonic() > limit:
                raise TimeoutError(f"{said}, after {LIMIT_S} s") from error
        time.sleep(POLL_S)


def _status(cloud: Cloud, balancer: str) -> str:
    return str(retry(lambda: cloud.sdk.load_balancer.get_load_balancer(balancer)).provisioning_status)
