"""The provider itself, on `pulumi.provider.experimental`: the same class serves the embedded engine in process and the Pulumi CLI as a plugin."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import Computed, PropertyValue

from stacks.provider.base import Inputs, NotReadyError, Remote, Resource
from stacks.provider.bulk import Bulk
from stacks.provider.cloud import Cloud, CloudError, retry, words
from stacks.provider.making import Maker
from stacks.provider.resources import TYPES
from stacks.provider.schema import schema

T = TypeVar("T")
Properties = dict[str, PropertyValue]
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the wire's "known later"
CALLS = 8  # requests to one service at a time
VERSION = "0.1.0"
_scalar = lru_cache(maxsize=16_384, typed=True)(PropertyValue)  # which cannot be changed, and the same ones come again and again


class MadeError(Exception):
    """In the engine's contract: made, but not ready."""

    def __init__(self, error: NotReadyError, properties: Properties) -> None:
        super().__init__(error.reasons[0])
        self.resource_id, self.properties, self.reasons = error.remote.id, properties, error.reasons


class OpenStackProvider(sdk.Provider):
    """Configuration: `cloud`, the entry of clouds.yaml. `folder` is where clouds.yaml and secure.yaml are looked for first."""

    def __init__(self, folder: Path | None = None, bulk: bool = True) -> None:
        self._folder = folder
        # of each service: openstacksdk blocks, and none waits behind another service; runs have a loop each, so nothing here belongs to one
        self._threads = defaultdict[str, ThreadPoolExecutor](lambda: ThreadPoolExecutor(CALLS, "cloud"))
        self._cloud: Cloud | None = None
        self._maker: Maker | None = None
        self._listings: dict[tuple[asyncio.AbstractEventLoop, str], asyncio.Future[Any]] = {}  # going on just now
        self._owned: set[str] = set()  # ids that the state knows; `diff` tells of some before the cloud is known
        self._bulk = Bulk(lambda kind, batch: self._call(kind, lambda: self.maker.many(kind, batch()))) if bulk else None

    async def get_schema(self, request: sdk.GetSchemaRequest) -> sdk.GetSchemaResponse:
        return sdk.GetSchemaResponse(schema(VERSION))

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        if bare(request.new_inputs.get("cloud")) in (None, ""):
            return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure("cloud", "is missing: the name of an entry of clouds.yaml (xiangyun:cloud)")])
        return sdk.CheckResponse(request.new_inputs)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        changed = bare(request.old_state.get("cloud")) != bare(request.new_inputs.get("cloud"))
        # no boolean: over gRPC the SDK turns it into the wrong word of an enum; names say it
        return sdk.DiffResponse(diffs=["cloud"] if changed else [], replaces=["cloud"] if changed else [])

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        name = bare(request.args.get("cloud")) or request.variables.get("xiangyun:config:cloud")
        self._cloud = await asyncio.to_thread(Cloud, str(name), self._folder)
        self._maker = Maker(self._cloud, self._owned)
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_resources=True, accept_outputs=True)

    @property
    def cloud(self) -> Cloud:
        if self._cloud is None:
            raise CloudError("the provider is not configured")
        return self._cloud

    @property
    def maker(self) -> Maker:
        if self._maker is None:
            raise CloudError("the provider is not configured")
        return self._maker

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        kind = _kind(request.type)
        given = {key: value for key, value in request.new_inputs.items() if value.value is not None}
        plain = {key: bare(value) for key, value in given.items()}
        failures = [sdk.CheckFailure(name, reason) for name, reason in kind.check(plain)]
        full = kind.complete(plain)
        inputs = {key: given[key] if key in given and bare(given[key]) == value else _property(value) for key, value in full.items()}
        inputs |= {key: _secret(inputs[key]) for key in kind.secret & inputs.keys()}  # also where the program forgot to say so
        return sdk.CheckResponse(inputs, failures or None)

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        kind = _kind(request.type)
        self._owned.add(request.resource_id)
        names = [name for name in sorted(kind.names) if name not in request.ignore_changes]
        old = kind.complete(_plain(request.old_state))  # an input that is newer than the state has its default there
        new = {name: bare(request.new_inputs.get(name)) for name in names}
        changed = [name for name in names if old.get(name) != new[name] and (new[name] or name not in kind.chosen)]
        replaces = [name for name in changed if name in kind.replace_on]
        stays = [name for name in kind.added if not replaces]
        return sdk.DiffResponse(bool(changed), replaces, stays, kind.delete_first, changed)

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        kind = _kind(request.type)
        if request.preview:
            return sdk.CreateResponse(None, request.properties)
        want = _plain(request.properties)
        marker = kind.marker(request.urn, want)
        try:
            remote = await self._bulk.make(kind, want, marker) if self._bulk and kind.bulk else None
            if remote is None:
                remote = await self._call(kind, lambda: self.maker.one(kind, want, marker))
        except NotReadyError as error:
            self._owned.add(error.remote.id)
            raise MadeError(error, _outputs(kind, error.remote, request.properties)) from error
        self._owned.add(remote.id)
        return sdk.CreateResponse(remote.id, _outputs(kind, remote, request.properties))

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        kind = _kind(request.urn.split("::")[-2])
        if request.preview:
            kept = {name: request.olds[name] for name in kind.added if name in request.olds}
            return sdk.UpdateResponse({**request.news, **kept})
        want, last = _plain(request.news), _plain(request.olds)

        def change() -> Remote:
            have = kind.get(self.cloud, request.resource_id, last)
            if have is None:
                raise CloudError(f"it does not exist any more ({request.resource_id}): `xiangyun cloud drift` shows what else is gone")
            if not have.marker:  # whoever changed a description behind our back took the marker with it
                have = replace(have, marker=kind.marker(request.urn, want))
            remote = retry(lambda: kind.update(self.cloud, have, want), conflicts=True)
            self.cloud.note(kind, remote)
            return remote

        try:
            remote = await self._call(kind, change)
        except NotReadyError as error:
            raise MadeError(error, _outputs(kind, error.remote, request.news)) from error
        return sdk.UpdateResponse(_outputs(kind, remote, request.news))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        kind = _kind(request.type)
        last = _plain(request.properties)

        def remove() -> None:
            have = kind.get(self.cloud, request.resource_id, last)
            if have is not None:
                retry(lambda: kind.delete(self.cloud, have), conflicts=True)
                self.cloud.index(kind).pop(request.resource_id, None)

        await self._call(kind, remove)

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        kind = _kind(request.type)
        self._owned.add(request.resource_id)
        last = {**_plain(request.properties), **_plain(request.inputs)}
        if kind.asked_alone:
            remote = await self._call(kind, lambda: kind.get(self.cloud, request.resource_id, last))
        else:
            await self._listed(kind)
            remote = kind.get(self.cloud, request.resource_id, last)
        if remote is None:
            return sdk.ReadResponse(None)
        unseen = {name: request.inputs[name] for name in kind.unreadable if name in request.inputs}
        found = {name: _property(value) for name, value in kind.complete(remote.inputs).items() if name in kind.names}
        inputs = {**found, **unseen}
        left = {name for name in kind.chosen & request.inputs.keys() if not bare(request.inputs[name])}  # the state may know what the cloud chose
        lasting = {name: request.properties[name] for name in kind.secret | left if name in request.properties}  # secrets are shown once
        return sdk.ReadResponse(request.resource_id, {**inputs, **_added(kind, remote), **lasting}, inputs)

    async def _listed(self, kind: Resource) -> None:
        """Have all objects of a type listed, by one thread for all who wait: what comes of a list then needs none of its own."""
        if self.cloud.has_listed(kind):
            return
        key = asyncio.get_running_loop(), kind.token
        if key not in self._listings:

            def listed(done: asyncio.Future[Any]) -> None:
                del self._listings[key]
                _ = done.cancelled() or done.exception()  # seen, also when nobody waits any more

            self._listings[key] = asyncio.ensure_future(self._call(kind, lambda: self.cloud.index(kind)))
            self._listings[key].add_done_callback(listed)
        await asyncio.shield(self._listings[key])

    async def _call(self, kind: Resource, work: Callable[[], T]) -> T:
        """Do this with a few others at a time; errors in the API's own words."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads[kind.service], work)
        except (CloudError, NotReadyError):
            raise
        except Exception as error:
            raise CloudError(words(error)) from error


def _kind(chain: str) -> Resource:
    """The type at the end of a URN's chain of types (`parent$child`)."""
    token = chain.rsplit("$", 1)[-1]
    try:
        return TYPES[token]
    except KeyError:
        raise CloudError(f"there is no resource type {token}") from None


def _outputs(kind: Resource, remote: Remote, given: Mapping[str, PropertyValue]) -> Properties:
    """Inputs as they were given (secrets stay secret), and what the cloud added."""
    return {**given, **_added(kind, remote)}


def _added(kind: Resource, remote: Remote) -> Properties:
    return {name: _secret(_property(value)) if name in kind.secret else _property(value) for name, value in remote.outputs.items()}


def _secret(value: PropertyValue) -> PropertyValue:
    return PropertyValue(value.value, is_secret=True, dependencies=value.dependencies)


def bare(value: Any) -> Any:
    """A property as a plain value: no secret marks, whole numbers as int; unknowns stay the sentinel."""
    if isinstance(value, PropertyValue):
        value = value.value
    if isinstance(value, (str, bool)) or value is None:  # most of them
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Computed):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [bare(item) for item in value]
    return value


def _plain(properties: Mapping[str, PropertyValue]) -> Inputs:
    return {key: bare(value) for key, value in properties.items()}


def _property(value: Any) -> PropertyValue:
    if isinstance(value, dict):
        return PropertyValue({key: _property(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return PropertyValue([_property(item) for item in value])
    return _scalar(float(value) if isinstance(value, int) and not isinstance(value, bool) else value)
