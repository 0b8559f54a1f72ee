"""Resource hooks: functions of the program that run before and after an operation."""

from __future__ import annotations

from pulumi.runtime.proto import resource_pb2

from stacks.engine.callbacks import Callbacks
from stacks.engine.errors import ResourceError
from stacks.engine.state import State
from stacks.engine.values import UNKNOWN, to_struct


class Hooks:
    """Registered hooks by name. Before-hooks that fail stop the operation; in a preview only those that asked for it run."""

    def __init__(self, preview: bool) -> None:
        self.callbacks = Callbacks()
        self._preview = preview
        self._registered: dict[str, resource_pb2.RegisterResourceHookRequest] = {}

    def register(self, request: resource_pb2.RegisterResourceHookRequest) -> None:
        if request.name in self._registered:
            raise ValueError(f"resource hook {request.name!r} is registered twice")
        self._registered[request.name] = request

    async def run(self, kind: str, bound: dict[str, list[str]], new: State | None, old: State | None) -> None:
        state = new or old
        if state is None or not bound:
            return
        for name in bound.get(kind, ()):
            hook = self._registered.get(name)
            if hook is None:  # of a resource that is to be deleted: what should be done before or after must not be left out silently
                raise unregistered(state.urn, name)
            if self._preview and not hook.on_dry_run:
                continue
            request = resource_pb2.ResourceHookRequest(urn=state.urn, id="" if state.id is UNKNOWN else str(state.id), name=state.name, type=state.type)
            if new is not None:
                request.new_inputs.CopyFrom(to_struct(new.inputs))
                if kind.startswith("after"):
                    request.new_outputs.CopyFrom(to_struct(new.outputs))
            if old is not None:
                request.old_inputs.CopyFrom(to_struct(old.inputs))
                request.old_outputs.CopyFrom(to_struct(old.outputs))
            answer = resource_pb2.ResourceHookResponse.FromString(await self.callbacks.call(hook.callback, request.SerializeToString()))
            if answer.error and not hook.ignore_errors:
                raise ResourceError(state.urn, f'{kind.partition("_")[0]} hook "{name}" failed: {answer.error}')


def unregistered(urn: str, name: str) -> ResourceError:
    return ResourceError(urn, f'hook "{name}" was not registered: the program must register it, or an update take it from the resource first')
