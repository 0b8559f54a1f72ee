"""A cloud in memory behind the real provider: every type keeps its own table of inputs, and its objects live in a dict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import CloudError


class FakeCloud:
    """Objects by type and id; `calls` are (verb, type, name)."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Remote]] = {}
        self.calls: list[tuple[str, str, str]] = []
        self.lists: list[str] = []
        self.numbers = count(1)
        self.refuse = ""
        self._indexes: dict[str, dict[str, Remote]] = {}

    def connect(self, name: str, folder: Any) -> FakeCloud:
        if self.refuse:
            raise CloudError(f"cloud {name}: {self.refuse}")
        self._indexes.clear()
        return self

    def index(self, resource: Resource) -> dict[str, Remote]:
        if resource.token not in self._indexes:
            self._indexes[resource.token] = {remote.id: remote for remote in [*resource.list(self)]}  # type: ignore[arg-type]
        return self._indexes[resource.token]

    def has_listed(self, resource: Resource) -> bool:
        return resource.token in self._indexes

    def note(self, resource: Resource, remote: Remote) -> None:
        self.index(resource)[remote.id] = remote

    def forget(self, resource: Resource) -> None:
        self._indexes.pop(resource.token, None)

    def of(self, token: str) -> dict[str, Remote]:
        return self.objects.setdefault(token, {})

    def named(self, token: str, name: str) -> Remote:
        return next(remote for remote in self.of(token).values() if remote.inputs.get("name") == name)

    def change(self, token: str, name: str, **inputs: Any) -> None:
        """Behind everybody's back."""
        old = self.named(token, name)
        self.of(token)[old.id] = Remote(old.id, {**old.inputs, **inputs}, old.outputs, old.marker)


class InMemory(Resource):
    """Stands for a real type: same names, same rules."""

    required = frozenset()

    def __init__(self, real: Resource, cloud: FakeCloud) -> None:
        self.token, self.service, self.required, self.optional = real.token, real.service, real.required, real.optional  # type: ignore[misc]
        self.added, self.replace_on, self.unordered, self.chosen = real.added, real.replace_on, real.unordered, real.chosen  # type: ignore[misc]
        self.unreadable, self.delete_first = real.unreadable, real.delete_first  # type: ignore[misc]
        self.secret, self.shown_once = real.secret, real.shown_once  # type: ignore[misc]
        self.cloud = cloud

    def list(self, cloud: Any) -> Iterable[Remote]:
        self.cloud.lists.append(self.token)
        return self.cloud.of(self.token).values()

    def get(self, cloud: Any, id_: str, last: Inputs) -> Remote | None:
        """As the real types: what was left to the cloud is as it was asked for."""
        found = super().get(cloud, id_, last)
        unasked = {name: last[name] for name in self.chosen if name in last and not last[name]}
        return replace(found, inputs={**found.inputs, **unasked}) if found else None

    def create(self, cloud: Any, want: Inputs, marker: str) -> Remote:
        self._note("create", want)
        remote = Remote(f"{self.token.rsplit(':', 1)[-1].lower()}-{next(self.cloud.numbers)}", want, dict.fromkeys(self.added, "x"), marker)
        self.cloud.of(self.token)[remote.id] = remote
        return remote

    def update(self, cloud: Any, have: Remote, want: Inputs) -> Remote:
        self._note("update", want)
        remote = Remote(have.id, want, have.outputs, have.marker)
        self.cloud.of(self.token)[have.id] = remote
        return remote

    def delete(self, cloud: Any, have: Remote) -> None:
        self._note("delete", have.inputs)
        self.cloud.of(self.token).pop(have.id, None)

    def _note(self, verb: str, inputs: Inputs) -> None:
        self.cloud.calls.append((verb, self.token.rsplit(":", 1)[-1], str(inputs.get("name", ""))))
