"""Transforms: functions of the program that change what is registered. A component's apply to its children, the stack's to all."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf import struct_pb2
from pulumi.runtime.proto import callback_pb2, resource_pb2

from stacks.engine.callbacks import Callbacks
from stacks.engine.values import OUTPUT, SECRET, SIGNATURE, UNKNOWN_ID

Request = resource_pb2.RegisterResourceRequest
# options that both messages carry as a repeated field, by their names in the registration and in the transform
_LISTS = {
    "dependencies": "depends_on",
    "ignoreChanges": "ignore_changes",
    "replaceOnChanges": "replace_on_changes",
    "aliases": "aliases",
    "additionalSecretOutputs": "additional_secret_outputs",
    "hideDiffs": "hide_diff",
    "replace_with": "replace_with",
}
_TEXTS = {"version": "version", "provider": "provider", "pluginDownloadURL": "plugin_download_url", "deletedWith": "deleted_with", "importId": "import"}
_FLAGS = {"protect": "protect", "retainOnDelete": "retain_on_delete"}
_MESSAGES = {"customTimeouts": "custom_timeouts", "hooks": "hooks", "replacement_trigger": "replacement_trigger"}


class Transforms:
    """The transforms of a run: the stack's, and each resource's own by URN."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._stack: list[callback_pb2.Callback] = []
        self._invokes: list[callback_pb2.Callback] = []
        self._own: dict[str, tuple[str, list[callback_pb2.Callback]]] = {}  # URN → (parent, transforms)

    def add_stack(self, callback: callback_pb2.Callback) -> None:
        self._stack.append(callback)

    def add_invoke(self, callback: callback_pb2.Callback) -> None:
        self._invokes.append(callback)

    def note(self, urn: str, request: Request) -> None:
        """Remember a resource's transforms for its children."""
        self._own[urn] = (request.parent, list(request.transforms))

    def _all(self, request: Request) -> list[callback_pb2.Callback]:
        found = list(request.transforms)
        parent = request.parent
        while parent in self._own:
            parent, more = self._own[parent]
            found += more
        return found + self._stack

    async def apply(self, request: Request) -> Request:
        """The registration after every transform, innermost first.

        What each property needs is told to the resource's own transforms, and taken from what they give, as the CLI does: they may have put it elsewhere.
        """
        callbacks, own = self._all(request), bool(request.transforms)
        if not callbacks:
            return request
        if own:
            request = _upgraded(request)
        for callback in callbacks:
            message = resource_pb2.TransformRequest(type=request.type, name=request.name, custom=request.custom, parent=request.parent)
            message.properties.CopyFrom(request.object)
            message.options.CopyFrom(_options(request))
            answer = resource_pb2.TransformResponse.FromString(await self._callbacks.call(callback, message.SerializeToString()))
            changed = Request()
            changed.CopyFrom(request)
            changed.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _take(changed, answer.options)
            request = changed
        for key, value in request.object.fields.items():
            before = [] if own else request.propertyDependencies[key].urns
            request.propertyDependencies[key].urns[:] = sorted({*before, *_needed(value)})
        return request

    async def apply_invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeRequest:
        for callback in self._invokes:
            message = resource_pb2.TransformInvokeRequest(token=request.tok)
            message.args.CopyFrom(request.args)
            message.options.provider = request.provider
            answer = resource_pb2.TransformInvokeResponse.FromString(await self._callbacks.call(callback, message.SerializeToString()))
            changed = resource_pb2.ResourceInvokeRequest()
            changed.CopyFrom(request)
            changed.args.CopyFrom(answer.args)
            changed.provider = answer.options.provider or request.provider
            request = changed
        return request


def _upgraded(request: Request) -> Request:
    """The registration with each property that needs others as an output value, which says so."""
    changed = Request()
    changed.CopyFrom(request)
    for key, value in request.object.fields.items():
        urns = request.propertyDependencies[key].urns if key in request.propertyDependencies else []
        if set(urns) <= set(_needed(value)):
            continue
        fields = changed.object.fields[key].struct_value.fields
        fields.clear()
        fields[SIGNATURE].string_value = OUTPUT
        fields["dependencies"].list_value.extend(urns)
        given = value.struct_value.fields
        secret = SIGNATURE in given and given[SIGNATURE].string_value == SECRET
        if secret:
            fields["secret"].bool_value = True
        if secret or value.string_value != UNKNOWN_ID:
            fields["value"].CopyFrom(given["value"] if secret else value)
    return changed


def _needed(value: struct_pb2.Value) -> Iterator[str]:
    """URNs of what a value on the wire says that it needs, at any depth."""
    for item in value.list_value.values:
        yield from _needed(item)
    fields = value.struct_value.fields
    if SIGNATURE in fields and fields[SIGNATURE].string_value == OUTPUT and "dependencies" in fields:
        yield from (item.string_value for item in fields["dependencies"].list_value.values)
    for item in fields.values():
        yield from _needed(item)


def _options(request: Request) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions()
    for theirs, ours in _LISTS.items():
        getattr(options, ours).extend(getattr(request, theirs))
    for theirs, ours in _TEXTS.items():
        setattr(options, ours, getattr(request, theirs))
    for theirs, ours in _FLAGS.items():
        if request.HasField(theirs):  # type: ignore[arg-type]
            setattr(options, ours, getattr(request, theirs))
    for theirs, ours in _MESSAGES.items():
        if request.HasField(theirs):  # type: ignore[arg-type]
            getattr(options, ours).CopyFrom(getattr(request, theirs))
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    options.providers.update(request.providers)
    return options


def _take(request: Request, options: resource_pb2.TransformResourceOptions) -> None:
    for theirs, ours in _LISTS.items():
        request.ClearField(theirs)  # type: ignore[arg-type]
        getattr(request, theirs).extend(getattr(options, ours))
    for theirs, ours in _TEXTS.items():
        setattr(request, theirs, getattr(options, ours))
    for theirs, ours in _FLAGS.items():
        if options.HasField(ours):  # type: ignore[arg-type]
            setattr(request, theirs, getattr(options, ours))
    for theirs, ours in _MESSAGES.items():
        if options.HasField(ours):  # type: ignore[arg-type]
            getattr(request, theirs).CopyFrom(getattr(options, ours))
    if options.HasField("delete_before_replace"):
        request.deleteBeforeReplace, request.deleteBeforeReplaceDefined = options.delete_before_replace, True
    if options.providers:
        request.ClearField("providers")
        request.providers.update(options.providers)
