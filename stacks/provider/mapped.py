"""Types whose inputs are fields of the API under other names: listed, made, changed and deleted by the four calls that openstacksdk names alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from openstack.resource import Resource as SdkResource

from stacks.provider.base import Inputs, Remote, Resource, Wanted, id_of, marked, marker_in, tagged, unmarked, untagged
from stacks.provider.cloud import Cloud
from stacks.provider.rows import create, rows


class Mapped(Resource):
    """`noun` is openstacksdk's (`create_NOUN`), `fields` our names by its attributes.

    With a description among the inputs the marker stands in it, or among the tags where the type is `tagged`; a type without either must be `unique`,
    or have an `own_id`.
    """

    noun: ClassVar[str]
    plural: ClassVar[str] = ""  # when it is not the noun with an s
    sdk: ClassVar[type[SdkResource] | None] = None  # openstacksdk's class: of types that are `bulk`, or of which there may be very many
    fields: ClassVar[Mapping[str, str]]
    outputs: ClassVar[Mapping[str, str]] = {}
    own_id: ClassVar[bool] = False  # the API takes an id of ours, and that carries the marker
    tagged: ClassVar[bool] = False  # the marker is a tag besides those among the inputs

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        found = rows(self.sdk, self.calls(cloud)) if self.sdk else getattr(self.calls(cloud), self.plural or f"{self.noun}s")()
        return (self.remote(cloud, item) for item in found)

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = super().get(cloud, id_, last)
        return self.as_asked(found, last) if found else None

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = getattr(self.calls(cloud), f"create_{self.noun}")(**self.new(cloud, want, marker))
        return self.as_asked(self.remote(cloud, made), want)

    def create_many(self, cloud: Cloud, wanted: Sequence[Wanted]) -> Sequence[Remote]:
        assert self.sdk
        made = create(self.sdk, self.calls(cloud), (self.new(cloud, item.want, item.marker) for item in wanted))
        return [self.as_asked(self.remote(cloud, found), item.want) for found, item in zip(made, wanted, strict=False)]

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        changed = getattr(self.calls(cloud), f"update_{self.noun}")(have.id, **self.body(want, have.marker, self.names - self.replace_on))
        return self.as_asked(self.remote(cloud, changed), want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        getattr(self.calls(cloud), f"delete_{self.noun}")(have.id)

    # --- between our names and the API's ---

    @property
    def described(self) -> bool:
        """Whether the marker stands in the description."""
        return "description" in self.names and not self.own_id and not self.tagged

    def new(self, cloud: Cloud, want: Inputs, marker: str) -> Inputs:
        """What is sent to make one."""
        return {**self.body(want, marker, self.names), **({"id": id_of(marker)} if self.own_id else {})}

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        """What is sent of these inputs: null for an empty value where that is the default, nothing for one that the cloud is to choose."""
        sent = {}
        for name in sorted(self.fields.keys() & set(names)):
            empty = not self.optional.get(name, True) and type(want[name]) in (str, int) and not want[name]
            if not (name in self.chosen and (empty or want[name] == [])):
                sent[self.fields[name]] = None if empty else want[name]
        if self.described:
            sent["description"] = marked(want["description"], marker)
        if self.tagged:
            sent["tags"] = tagged(want["tags"], marker)
        return sent

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        """An object of openstacksdk's, or a row; what the API leaves empty is the input's default."""
        values = {ours: getattr(found, theirs) for ours, theirs in self.fields.items()}
        inputs: Inputs = {name: self.optional.get(name) if value is None else value for name, value in values.items()}
        outputs = {ours: getattr(found, theirs) for ours, theirs in self.outputs.items()}
        if self.own_id:
            return Remote(found.id, inputs, outputs, marker_in(found.id))
        if self.tagged:
            inputs["tags"], marker = untagged(found.tags)
            return Remote(found.id, inputs, outputs, marker)
        if not self.described:
            own = {"project": ""} if inputs.get("project") == cloud.sdk.current_project_id else {}  # as who asked for it left it
            return Remote(found.id, inputs, outputs, self.marker("", {**inputs, **own}))
        inputs["description"], marker = unmarked(found.description)
        return Remote(found.id, inputs, outputs, marker)

    def as_asked(self, remote: Remote, want: Inputs) -> Remote:
        unasked = {name: want[name] for name in self.chosen if name in want and not want[name]}
        return Remote(remote.id, {**remote.inputs, **unasked}, remote.outputs, remote.marker) if unasked else remote
