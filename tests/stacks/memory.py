"""A provider that keeps its objects in memory and does what a test tells it: fail, half fail, vanish, demand a replacement."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import Computed, PropertyValue

TOGETHER_S = 30
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class HalfMadeError(Exception):
    """Made, but not ready."""

    def __init__(self, resource_id: str, properties: dict[str, PropertyValue], reasons: list[str]) -> None:
        super().__init__(reasons[0])
        self.resource_id, self.properties, self.reasons = resource_id, properties, reasons


class World:
    """What exists outside, and what was called. Shared by every instance of the provider."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, PropertyValue]] = {}
        self.calls: list[tuple[str, str]] = []  # (call, resource name), check and diff left out
        self.quiet: list[tuple[str, str]] = []  # check and diff
        self.fail: dict[tuple[str, str], str] = {}  # (call, name) → message
        self.half: dict[tuple[str, str], str] = {}  # made, and then reported as not ready
        self.before: Callable[[str, str], Any] = lambda call, name: None
        self.delay_s = 0.0
        self.together = 0  # calls wait until so many are going on at once
        self.timeouts: dict[tuple[str, str], float] = {}
        self.configured: list[dict[str, str]] = []
        self.reads_inputs = True
        self.detailed = False
        self.delete_first = False
        self.numbers = 0
        self.ids_by_name = False  # id-1, id-2 … in the order of their making; or NAME-1, NAME-2 …, the same in whatever order
        self.made: dict[str, int] = {}
        self.active = self.most_active = 0

    def named(self, name: str) -> dict[str, Any]:
        return next(plain(item) for item in self.objects.values() if item["name"].value == name)

    def new_id(self, name: str) -> str:
        if self.ids_by_name:
            self.made[name] = self.made.get(name, 0) + 1
            return f"{name}-{self.made[name]}"
        self.numbers += 1
        return f"id-{self.numbers}"

    def only(self, *calls: str) -> list[tuple[str, str]]:
        return [call for call in self.calls if call[0] in calls]


def plain(values: dict[str, PropertyValue]) -> dict[str, Any]:
    return {key: bare(value) for key, value in values.items()}


def bare(value: Any) -> Any:
    if isinstance(value, PropertyValue):
        return bare(value.value)
    if isinstance(value, tuple):
        return [bare(item) for item in value]
    if hasattr(value, "items"):
        return {key: bare(item) for key, item in value.items()}
    return value


def unknown(value: PropertyValue) -> bool:
    return value.value == UNKNOWN or isinstance(value.value, Computed)


class Memory(sdk.Provider):
    """Objects of `mem:index:Thing`: inputs are echoed, `arn` follows the name, `rev` counts updates. A change of `kind` replaces."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.region = ""

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        if "bad" in request.new_inputs:
            return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure("bad", "is not wanted")])
        return sdk.CheckResponse(request.new_inputs)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        changed = [key for key in {**request.old_state, **request.new_inputs} if request.old_state.get(key) != request.new_inputs.get(key)]
        return sdk.DiffResponse(changes=bool(changed), diffs=changed, replaces=[key for key in changed if key == "account"])

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        self.world.configured.append(dict(request.variables))
        self.region = request.variables.get("mem:config:region", "")
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_resources=True, accept_outputs=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        self.world.quiet.append(("check", request.name))
        if ("check", request.name) in self.world.fail:
            return sdk.CheckResponse(None, [sdk.CheckFailure("size", self.world.fail["check", request.name])])
        return sdk.CheckResponse({"size": PropertyValue(1.0), **request.new_inputs})

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        self.world.quiet.append(("diff", request.name))
        old = {key: value for key, value in request.old_state.items() if key not in ("arn", "rev", "name", "password")}
        changed = [key for key in {**old, **request.new_inputs} if bare(old.get(key)) != bare(request.new_inputs.get(key))]
        replaces = [key for key in changed if key == "kind"]
        detailed = {key: sdk.PropertyDiff(sdk.PropertyDiffKind.UPDATE, True) for key in changed}
        if self.world.detailed and "tags" in detailed:
            del detailed["tags"]
            before, after = bare(old.get("tags")) or {}, bare(request.new_inputs.get("tags")) or {}
            detailed |= {f"tags.{k}": sdk.PropertyDiff(sdk.PropertyDiffKind.UPDATE, True) for k in {**before, **after} if before.get(k) != after.get(k)}
        return sdk.DiffResponse(
            changes=bool(changed),
            diffs=changed,
            replaces=replaces,
            detailed_diff=detailed if self.world.detailed else None,
            delete_before_replace=self.world.delete_first,
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        if request.preview:
            return sdk.CreateResponse(None, {**request.properties, "arn": PropertyValue(f"arn:{request.name}")})
        await self._act("create", request.name)
        self.world.timeouts["create", request.name] = request.timeout
        id_ = self.world.new_id(request.name)
        self.world.objects[id_] = self._object(request.name, request.properties, 1.0)
        self._finish("create", request.name, id_)
        return sdk.CreateResponse(id_, self.world.objects[id_])

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        rev = float(bare(request.olds["rev"])) + 1
        if request.preview:
            known = {**request.news, "arn": request.olds["arn"], "rev": PropertyValue(UNKNOWN), "name": PropertyValue(request.name)}
            return sdk.UpdateResponse(known)
        await self._act("update", request.name)
        self.world.timeouts["update", request.name] = request.timeout
        self.world.objects[request.resource_id] = self._object(request.name, request.news, rev)
        self._finish("update", request.name, request.resource_id)
        return sdk.UpdateResponse(self.world.objects[request.resource_id])

    async def delete(self, request: sdk.DeleteRequest) -> None:
        await self._act("delete", request.name)
        self.world.timeouts["delete", request.name] = request.timeout
        self.world.objects.pop(request.resource_id, None)

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        await self._act("read", request.name)
        found = self.world.objects.get(request.resource_id)
        if found is None:
            return sdk.ReadResponse(None)
        inputs = {key: value for key, value in found.items() if key not in ("arn", "rev", "name", "password")}
        return sdk.ReadResponse(request.resource_id, found, inputs if self.world.reads_inputs else None)

    async def invoke(self, request: sdk.InvokeRequest) -> sdk.InvokeResponse:
        self.world.calls.append(("invoke", request.tok))
        if "broken" in request.args:
            raise ValueError("it is broken")
        if "refused" in request.args:
            return sdk.InvokeResponse(None, [sdk.CheckFailure("refused", "may not be given")])
        return sdk.InvokeResponse({"twice": PropertyValue(2 * float(bare(request.args["n"])))})

    def _object(self, name: str, properties: dict[str, PropertyValue], rev: float) -> dict[str, PropertyValue]:
        more = {"name": PropertyValue(name), "arn": PropertyValue(f"arn:{name}"), "rev": PropertyValue(rev), "password": PropertyValue(f"pw-{name}")}
        return {**properties, **more}

    async def _act(self, call: str, name: str) -> None:
        self.world.calls.append((call, name))
        if inspect.isawaitable(waits := self.world.before(call, name)):
            await waits
        self.world.active += 1
        self.world.most_active = max(self.world.most_active, self.world.active)
        limit = time.monotonic() + TOGETHER_S
        await asyncio.sleep(self.world.delay_s)
        while self.world.most_active < self.world.together and time.monotonic() < limit:
            await asyncio.sleep(0.02)
        self.world.active -= 1
        if (call, name) in self.world.fail:
            raise ValueError(self.world.fail[call, name])

    def _finish(self, call: str, name: str, id_: str) -> None:
        if (call, name) in self.world.half:
            raise HalfMadeError(id_, self.world.objects[id_], [self.world.half[call, name]])


class Thing(pulumi.CustomResource):
    """`Thing("x", size=2, after=other.arn)`: any inputs; outputs arn, rev, password."""

    arn: pulumi.Output[str]
    rev: pulumi.Output[float]
    password: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, /, **inputs: Any) -> None:
        super().__init__("mem:index:Thing", name, {"arn": None, "rev": None, "password": None, "size": None, **inputs}, opts)


class Group(pulumi.ComponentResource):
    """A component with as many things as asked for."""

    def __init__(self, name: str, members: int = 0, opts: pulumi.ResourceOptions | None = None, type_: str = "mem:index:Group", **options: Any) -> None:
        super().__init__(type_, name, {}, opts)
        self.members = [Thing(f"{name}-{i}", pulumi.ResourceOptions(parent=self, **options)) for i in range(members)]
        self.register_outputs({"members": float(members)})


class MemProvider(pulumi.ProviderResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **config: Any) -> None:
        super().__init__("mem", name, config, opts)


def records(stack: Any) -> dict[str, dict[str, Any]]:
    """The state's records by resource name (the stack's own as `stack`); of two with one name, the one to be deleted as `name!`."""
    found: dict[str, dict[str, Any]] = {}
    for record in stack.export_stack().deployment["resources"]:
        name = record["urn"].split("::")[-1]
        name = "stack" if record["type"] == "pulumi:pulumi:Stack" else name
        found[f"{name}!" if record.get("delete") else name] = record
    return found


def counts(result: Any) -> dict[str, int]:
    return dict(result.summary.resource_changes)
