"""The two objects that the SDK talks to in place of gRPC addresses. Its worker threads call them; the work is done on the engine's loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, TypeVar

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2
from pulumi.runtime.proto import callback_pb2, engine_pb2, provider_pb2, resource_pb2

from stacks.engine import urns
from stacks.engine.deployment import Deployment, Outcome
from stacks.engine.errors import Stopped
from stacks.engine.goal import Goal, from_request
from stacks.engine.transforms import Transforms
from stacks.engine.values import UNKNOWN, UNKNOWN_ID, Values, from_struct, to_struct

T = TypeVar("T")
FEATURES = [
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
]
_LEGACY = {"secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith", "transforms", "invokeTransforms", "resourceHooks"}


class Refused(grpc.RpcError):  # type: ignore[misc]
    """An answer that the SDK takes for an error of the wire."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class Monitor:
    """The resource monitor of one run. `finish` ends the run once the whole program is registered (it deletes)."""

    def __init__(self, deployment: Deployment, loop: asyncio.AbstractEventLoop, finish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._deployment, self._loop, self._finish = deployment, loop, finish
        self._transforms = Transforms(deployment.hooks.callbacks)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(self._deployment.tracked(work), self._loop).result()
        except Stopped as error:
            raise _ending() from error

    def GetDeploymentInfo(self, request: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:  # noqa: N802
        return info(self._deployment.project, self._deployment.stack, self._deployment.options.preview)

    def SupportsFeature(self, request: resource_pb2.SupportsFeatureRequest) -> resource_pb2.SupportsFeatureResponse:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY)

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        if request.remote:
            raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{request.type} ({request.name}): components of other languages need the Pulumi CLI")
        outcome = self._call(self._register(request))
        return resource_pb2.RegisterResourceResponse(
            urn=outcome.urn, id=_id(outcome), object=to_struct(outcome.outputs), result=_result(outcome), unknown=outcome.skipped
        )

    async def _register(self, request: resource_pb2.RegisterResourceRequest) -> Outcome:
        deployment = self._deployment
        urn = urns.make(deployment.stack, deployment.project, request.parent, request.type, request.name)
        try:
            self._transforms.note(urn, request)
            goal = from_request(await self._transforms.apply(request))
        except (RuntimeError, ValueError) as error:
            deployment.broken = deployment.stopping = True
            deployment.report.error(str(error), urn)
            raise Stopped from error
        return await deployment.register(goal)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:  # noqa: N802
        goal = Goal(
            type=request.type,
            name=request.name,
            custom=True,
            parent=request.parent,
            inputs=from_struct(request.properties),
            dependencies=sorted(request.dependencies),
            provider=request.provider,
            additional_secret_outputs=list(request.additionalSecretOutputs),
        )
        outcome = self._call(self._deployment.read(goal, UNKNOWN if request.id == to_id(UNKNOWN) else request.id))
        return resource_pb2.ReadResourceResponse(
            urn=outcome.urn, id=_id(outcome), properties=to_struct(outcome.outputs), result=_result(outcome), unknown=outcome.skipped
        )

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:  # noqa: N802
        outputs = from_struct(request.outputs)

        async def register() -> None:
            self._deployment.outputs(request.urn, outputs)

        self._call(register())
        return empty_pb2.Empty()

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:  # noqa: N802
        try:
            result, failures = self._call(self._invoke(request))
        except Refused:
            raise
        except Exception as error:
            raise Refused(grpc.StatusCode.UNKNOWN, f"invocation of {request.tok} returned an error: {str(error) or type(error).__name__}") from error
        answer: dict[str, Any] = {
            "return": to_struct(result),
            "failures": [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures],
        }
        return resource_pb2.ResourceInvokeResponse(**answer)

    async def _invoke(self, request: resource_pb2.ResourceInvokeRequest) -> tuple[Values, list[tuple[str, str]]]:
        request = await self._transforms.apply_invoke(request)
        arguments = from_struct(request.args)
        if request.tok == "pulumi:pulumi:getResource":
            state = self._deployment.news.get(arguments["urn"])
            if state is None:
                return {}, [("urn", f"unknown resource {arguments['urn']}")]
            return {"urn": state.urn, "id": to_id(state.id), "state": state.outputs}, []
        return await self._deployment.invoke(request.tok, arguments, request.provider)

    def RegisterStackTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        self._transforms.add_stack(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        self._transforms.add_invoke(request)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: resource_pb2.RegisterResourceHookRequest) -> empty_pb2.Empty:  # noqa: N802
        self._deployment.hooks.register(request)
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: empty_pb2.Empty) -> empty_pb2.Empty:  # noqa: N802
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        return empty_pb2.Empty()


class Engine:
    """Takes the program's log."""

    def __init__(self, deployment: Deployment, loop: asyncio.AbstractEventLoop) -> None:
        self._report, self._loop = deployment.report, loop

    def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            say = {engine_pb2.INFO: self._report.info, engine_pb2.WARNING: self._report.warn}.get(request.severity, self._report.complain)
            self._loop.call_soon_threadsafe(say, request.message, request.urn)
        return _EMPTY

    def GetRootResource(self, request: engine_pb2.GetRootResourceRequest) -> engine_pb2.GetRootResourceResponse:  # noqa: N802
        return engine_pb2.GetRootResourceResponse()

    def SetRootResource(self, request: engine_pb2.SetRootResourceRequest) -> engine_pb2.SetRootResourceResponse:  # noqa: N802
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: engine_pb2.RequirePulumiVersionRequest) -> engine_pb2.RequirePulumiVersionResponse:  # noqa: N802
        return engine_pb2.RequirePulumiVersionResponse()


class Early:
    """Monitor and engine of a program that is begun while the cloud is still being read: what it asks waits, and its log is kept, until they are there.

    The SDK needs a second or two of the processor for a thousand resources before their first answers matter; a cloud needs as long for its lists.
    """

    def __init__(self, project: str, stack: str, preview: bool) -> None:
        self._info = info(project, stack, preview)
        self._real: Future[tuple[Monitor, Engine]] = Future()
        self._log: list[engine_pb2.LogRequest] = []
        self._lock = threading.Lock()

    def wait(self, limit_s: float) -> None:
        """Until it is open or refused, at most so long."""
        wait([self._real], limit_s)

    def open(self, monitor: Monitor, engine: Engine) -> None:
        """Answer from now on."""
        with self._lock:
            for request in self._log:
                engine.Log(request)
            self._real.set_result((monitor, engine))

    def refuse(self) -> None:
        """There will be no run: the program is told that it is ending, and what it logged is not shown."""
        with self._lock:
            if not self._real.done():
                self._real.set_exception(_ending())

    def GetDeploymentInfo(self, request: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:  # noqa: N802
        return self._info

    def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            with self._lock:
                if not self._real.done():
                    self._log.append(request)
                elif self._real.exception() is None:
                    return self._real.result()[1].Log(request)
        return _EMPTY

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        """Any other call of the two; the SDK has some that neither answers."""
        if hasattr(Monitor, name) or hasattr(Engine, name):
            return lambda request: getattr(self._real.result()[0 if hasattr(Monitor, name) else 1], name)(request)
        return partial(_unanswered, name)


_EMPTY = empty_pb2.Empty()


def info(project: str, stack: str, preview: bool) -> resource_pb2.DeploymentInfo:
    return resource_pb2.DeploymentInfo(project=project, stack=stack, organization="organization", dryRun=preview, supportedFeatures=FEATURES)


def _unanswered(call: str, request: Any) -> Any:
    raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{call}: the embedded engine has no such call; the program needs the Pulumi CLI")


def _ending() -> Refused:
    return Refused(grpc.StatusCode.UNAVAILABLE, "the run is ending")


def to_id(id_: Any) -> str:
    return UNKNOWN_ID if id_ is UNKNOWN else str(id_)


def _id(outcome: Outcome) -> str:
    return "" if outcome.id is UNKNOWN or outcome.failed else str(outcome.id)


def _result(outcome: Outcome) -> resource_pb2.Result.ValueType:
    return resource_pb2.FAIL if outcome.failed else resource_pb2.SUCCESS
