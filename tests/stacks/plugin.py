"""The in-memory provider as a plugin of the real CLI: its world is a file, which every call reads and writes.

The SDK's own server of such providers cannot say what the engine's contract has (a diff without details, an object that is gone, one that was made and
is not ready; docs/explanation/engine.md), so those calls are answered here in the wire's own terms.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import json_format, struct_pb2
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from tests.stacks.memory import HalfMadeError, Memory, World

WORLD = "MEM_WORLD"  # the environment variable that names the file
_PAIRS = ("fail", "half", "timeouts")
_PLAIN = ("reads_inputs", "detailed", "delete_first", "ids_by_name", "numbers", "made", "configured")


def save(world: World, file: Path) -> None:
    data: dict[str, Any] = {name: getattr(world, name) for name in _PLAIN}
    data |= {name: [[*key, value] for key, value in getattr(world, name).items()] for name in _PAIRS}
    data |= {"calls": world.calls, "quiet": world.quiet}
    data["objects"] = {id_: json_format.MessageToDict(PropertyValue.marshal_map(item)) for id_, item in world.objects.items()}
    file.write_text(json.dumps(data), "utf-8")


def load(world: World, file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    for name in _PLAIN:
        setattr(world, name, data[name])
    for name in _PAIRS:
        setattr(world, name, {(call, of): value for call, of, value in data[name]})
    world.calls, world.quiet = [tuple(call) for call in data["calls"]], [tuple(call) for call in data["quiet"]]
    world.objects = {id_: PropertyValue.unmarshal_map(json_format.ParseDict(item, struct_pb2.Struct())) for id_, item in data["objects"].items()}


@contextmanager
def shared(world: World, file: Path) -> Iterator[None]:
    """The world as the file has it, and back; several plugins may ask at once."""
    with Path(f"{file}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load(world, file)
        try:
            yield
        finally:
            save(world, file)


class Servicer(ProviderServicer):
    """What the SDK's server does, on the shared world, and what it cannot say."""

    def __init__(self, memory: Memory, file: Path) -> None:
        super().__init__([], "1.0.0", memory, "")
        self._memory, self._file = memory, file

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the wire's names
        return await self._made(super().Create, request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._made(super().Update, request, context)

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._made(super().Delete, request, context)

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._made(super().Check, request, context)

    async def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._made(super().Invoke, request, context)

    async def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._made(super().Configure, request, context)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        answer = await self._made(super().Diff, request, context)
        answer.hasDetailedDiff = bool(answer.detailedDiff)
        return answer

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        old, new = PropertyValue.unmarshal_map(request.olds), PropertyValue.unmarshal_map(request.news)
        diff = await self._memory.diff_config(sdk.DiffRequest(request.urn, request.id, old, new, list(request.ignoreChanges)))
        kind = provider_pb2.DiffResponse.DIFF_SOME if diff.changes else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind, diffs=diff.diffs, replaces=diff.replaces)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        answer = await self._made(super().Read, request, context)
        if not self._memory.world.reads_inputs:
            answer.ClearField("inputs")
        return answer if answer.id else provider_pb2.ReadResponse()

    async def _made(self, call: Any, request: Any, context: Any) -> Any:
        with shared(self._memory.world, self._file):
            try:
                return await call(request, context)
            except Exception as error:
                failed = error.__context__ or error  # the SDK's server adds a traceback to what was raised
        metadata: tuple[tuple[str, bytes], ...] = ()
        if isinstance(failed, HalfMadeError):
            inputs = request.news if hasattr(request, "news") else request.properties
            properties = PropertyValue.marshal_map(failed.properties)
            status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(failed))
            status.details.add().Pack(provider_pb2.ErrorResourceInitFailed(id=failed.resource_id, properties=properties, reasons=failed.reasons, inputs=inputs))
            metadata = (("grpc-status-details-bin", status.SerializeToString()),)
        await context.abort(grpc.StatusCode.UNKNOWN, str(failed), metadata)
        return None


async def serve(file: Path) -> None:
    server = grpc.aio.server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(Memory(World()), file), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


def main() -> None:
    try:
        asyncio.run(serve(Path(os.environ[WORLD])))
    except KeyboardInterrupt:
        return
