"""The resource monitor: what the SDK asks, in the messages of its protocol, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2
from pulumi.runtime.proto import callback_pb2, engine_pb2, provider_pb2, resource_pb2

from stacks.engine import urns
from stacks.engine.deployment import Deployment, Outcome
from stacks.engine.errors import Stopped
from stacks.engine.goal import Goal, from_request
from stacks.engine.transforms import Transforms
from stacks.engine.values import UNKNOWN, UNKNOWN_ID, Values, from_struct, to_struct

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
    """The monitor of one run, on the engine's loop. `finish` ends the run once the whole program is registered (it deletes)."""

    def __init__(self, deployment: Deployment, finish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._deployment, self._finish = deployment, finish
        self._transforms = Transforms(deployment.hooks.callbacks)

    async def answer(self, name: str, request: Any) -> Any:
        """Answer one of the calls below, by name. Raises Refused where the run is ending, or cannot answer it."""
        try:
            return await self._deployment.tracked(getattr(self, name)(request))
        except Stopped as error:
            raise ending() from error

    def log(self, request: engine_pb2.LogRequest) -> None:
        """Show what the program has to say."""
        report = self._deployment.report
        say = {engine_pb2.INFO: report.info, engine_pb2.WARNING: report.warn}.get(request.severity, report.complain)
        say(request.message, request.urn)

    async def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        if request.remote:
            raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{request.type} ({request.name}): components of other languages need the Pulumi CLI")
        outcome = await self._register(request)
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
            await deployment.all_read()
            deployment.broken = deployment.stopping = True
            deployment.report.error(str(error), urn)
            raise Stopped from error
        return await deployment.register(goal)

    async def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:  # noqa: N802
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
        outcome = await self._deployment.read(goal, UNKNOWN if request.id == to_id(UNKNOWN) else request.id)
        return resource_pb2.ReadResourceResponse(
            urn=outcome.urn, id=_id(outcome), properties=to_struct(outcome.outputs), result=_result(outcome), unknown=outcome.skipped
        )

    async def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:  # noqa: N802
        self._deployment.outputs(request.urn, from_struct(request.outputs))
        return _EMPTY

    async def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:  # noqa: N802
        try:
            result, failures = await self._invoke(request)
        except Stopped:
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

    async def RegisterStackTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        self._transforms.add_stack(request)
        return _EMPTY

    async def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        self._transforms.add_invoke(request)
        return _EMPTY

    async def RegisterResourceHook(self, request: resource_pb2.RegisterResourceHookRequest) -> empty_pb2.Empty:  # noqa: N802
        self._deployment.hooks.register(request)
        return _EMPTY

    async def SignalAndWaitForShutdown(self, request: empty_pb2.Empty) -> empty_pb2.Empty:  # noqa: N802
        await self._finish()
        return _EMPTY


_EMPTY = empty_pb2.Empty()


def info(project: str, stack: str, preview: bool) -> resource_pb2.DeploymentInfo:
    return resource_pb2.DeploymentInfo(project=project, stack=stack, organization="organization", dryRun=preview, supportedFeatures=FEATURES)


def unanswered(call: str, request: Any) -> Any:
    raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{call}: the embedded engine has no such call; the program needs the Pulumi CLI")


def ending() -> Refused:
    return Refused(grpc.StatusCode.UNAVAILABLE, "the run is ending")


def to_id(id_: Any) -> str:
    return UNKNOWN_ID if id_ is UNKNOWN else str(id_)


def _id(outcome: Outcome) -> str:
    return "" if outcome.id is UNKNOWN or outcome.failed else str(outcome.id)


def _result(outcome: Outcome) -> resource_pb2.Result.ValueType:
    return resource_pb2.FAIL if outcome.failed else resource_pb2.SUCCESS
