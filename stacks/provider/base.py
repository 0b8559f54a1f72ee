"""What every resource type shares: its description, comparing, finding again what was made, retries, and the API's own words in errors.

A type says how its objects are listed, created, updated and deleted (see `resources/`). An object carries a marker in the create request itself: OpenStack's
names are not unique, and this is how a create whose answer was lost is found again instead of being made twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from stacks.provider.cloud import Cloud

Inputs = dict[str, Any]
Wrong = list[tuple[str, str]]  # (input, what is wrong with it)
_TAG = "xiangyun:"
_MARKER = re.compile(r"\s*\[xiangyun:([0-9a-f]{16})\]$")
_OURS = "7869616e6779"  # the end of ids that we choose
_ID = re.compile(rf"([0-9a-f]{{8}})-([0-9a-f]{{4}})-8([0-9a-f]{{3}})-8([0-9a-f])00-{_OURS}")


@dataclass(frozen=True, slots=True)
class Remote:
    """An object as the cloud has it now: `inputs` in the type's own names, `outputs` what the cloud added. `marker` is empty on what others made."""

    id: str
    inputs: Inputs
    outputs: Inputs = field(default_factory=dict)
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object to be made."""

    want: Inputs
    marker: str


class NotReadyError(Exception):
    """Made, and then it failed: the engine must not lose it."""

    def __init__(self, remote: Remote, reason: str) -> None:
        super().__init__(reason)
        self.remote, self.reasons = remote, [reason]


class Resource(ABC):
    """One type. Names of inputs are Pulumi's (camelCase); an input that is not given has its value from `optional`."""

    token: ClassVar[str]
    service: ClassVar[str]  # as the catalogue names its type: identity, compute, network, image, placement
    required: ClassVar[frozenset[str]]
    optional: ClassVar[Mapping[str, Any]] = {}
    added: ClassVar[tuple[str, ...]] = ()  # outputs besides the inputs
    replace_on: ClassVar[frozenset[str]] = frozenset()  # inputs that cannot be changed in place
    unordered: ClassVar[frozenset[str]] = frozenset()  # lists whose order means nothing
    chosen: ClassVar[frozenset[str]] = frozenset()  # inputs that are as the cloud chose, or as they are, when none is given: that is no difference
    unreadable: ClassVar[frozenset[str]] = frozenset()  # inputs that the API does not give back
    delete_first: ClassVar[bool] = False  # two of them cannot exist side by side
    secret: ClassVar[frozenset[str]] = frozenset()  # inputs and outputs that are secrets
    bulk: ClassVar[bool] = False  # the API takes a list of them in one create: see `create_many`
    unique: ClassVar[bool] = False  # one owner has one with those values that cannot be changed in place: it is found again by them, whatever its URN
    asked_alone: ClassVar[bool] = False  # `get` sends requests of its own
    shown_once: ClassVar[bool] = False  # the API gives the secret in the answer to the create only: one whose answer was lost is deleted and made again

    @abstractmethod
    def list(self, cloud: Cloud) -> Iterable[Remote]:
        """All objects of this type. Asked once a run."""

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        """One object; types that cannot be listed answer this themselves. `last` is what was known of it."""
        return cloud.index(self).get(id_)

    @abstractmethod
    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        """Make it, with the marker in the request."""

    def create_many(self, cloud: Cloud, wanted: Sequence[Wanted]) -> Sequence[Remote]:
        """Make all of these in one request, or none of them. Types that are `bulk`."""
        raise NotImplementedError(f"{self.token} is made one at a time")

    def bulk_with(self, want: Inputs) -> str:
        """What members of one request must have in common."""
        return ""

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        """Change it in place. Types whose every input is in `replace_on` have none."""
        raise NotImplementedError(f"{self.token} cannot be changed in place")

    @abstractmethod
    def delete(self, cloud: Cloud, have: Remote) -> None:
        """Delete it; that it is gone already is no error."""

    # --- shared ---

    @cached_property
    def names(self) -> frozenset[str]:
        return self.required | self.optional.keys()

    def calls(self, cloud: Cloud) -> Any:
        """openstacksdk's proxy of the service."""
        return getattr(cloud.sdk, self.service.replace("-", "_"))

    def check(self, given: Mapping[str, Any]) -> Wrong:
        """Missing inputs and unknown ones."""
        wrong = [(name, "is missing") for name in sorted(self.required) if given.get(name) is None]
        return wrong + [(name, f"is not an input of {self.token}") for name in sorted(given.keys() - self.names)]

    def complete(self, given: Mapping[str, Any]) -> Inputs:
        """The inputs with defaults filled in, and lists without order sorted."""
        full = {**self.optional, **{key: value for key, value in given.items() if value is not None}}
        for name in self.unordered & full.keys():
            if isinstance(full[name], list):  # of words or mappings; one not known yet is a word
                full[name] = sorted(full[name], key=lambda item: item if isinstance(item, str) else json.dumps(item, sort_keys=True, default=str))
        return full

    def marker(self, urn: str, want: Inputs) -> str:
        """16 hex digits that follow from who it is; an object and its replacement differ."""
        fixed = {key: want.get(key) for key in sorted(self.replace_on)}
        return hashlib.sha256(f"{'' if self.unique else urn}\n{json.dumps(fixed, sort_keys=True, default=str)}".encode()).hexdigest()[:16]


def marked(description: str, marker: str) -> str:
    """A description that carries the marker."""
    return f"{description} [xiangyun:{marker}]".lstrip()


def tagged(tags: Sequence[str], marker: str) -> list[str]:
    """Tags that carry the marker."""
    return [*tags, f"{_TAG}{marker}"]


def untagged(tags: Iterable[str] | None) -> tuple[list[str], str]:
    """(tags, marker) of what `tagged` wrote."""
    all_tags = [*(tags or ())]
    own = [tag for tag in all_tags if tag.startswith(_TAG)]
    return [tag for tag in all_tags if tag not in own], own[0].removeprefix(_TAG) if own else ""


def unmarked(description: str | None) -> tuple[str, str]:
    """(description, marker) of what `marked` wrote."""
    text = description or ""
    found = _MARKER.search(text)
    return (text[: found.start()], found.group(1)) if found else (text, "")


def id_of(marker: str) -> str:
    """A UUID (of version 8, RFC 9562) that carries the marker, for an API that takes an id of ours: it refuses a second one of itself."""
    return f"{marker[:8]}-{marker[8:12]}-8{marker[12:15]}-8{marker[15:]}00-{_OURS}"


def marker_in(id_: str) -> str:
    """The marker of what `id_of` made; empty for any other id."""
    found = _ID.fullmatch(id_)
    return "".join(found.groups()) if found else ""
