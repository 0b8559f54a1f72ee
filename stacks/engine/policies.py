"""Policy packs of `pulumi_policy`, in process: the pack's own analyzer is called as the CLI calls it, without a process and a wire between.

A pack is a folder with PulumiPolicy.yaml and a Python program that makes one `PolicyPack`. That class serves its analyzer over gRPC for ever; here it is
given a server that only keeps the analyzer's methods.
"""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import grpc  # type: ignore[import-untyped]
import yaml
from pulumi.runtime.proto import analyzer_pb2

from stacks.engine.errors import StackError
from stacks.engine.report import Violation
from stacks.engine.state import State
from stacks.engine.values import Reference, Secret, Values, from_struct, to_struct

LEVELS = {"advisory": analyzer_pb2.ADVISORY, "mandatory": analyzer_pb2.MANDATORY, "remediate": analyzer_pb2.REMEDIATE, "disabled": analyzer_pb2.DISABLED}
_NAMES = {number: name for name, number in LEVELS.items()}
_NUMBER = (int, float)
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "number": _NUMBER, "integer": _NUMBER, "boolean": (bool,), "array": (list,), "object": (dict,)}
_loading = threading.Lock()  # pulumi_policy's module is one for the whole process
METHODS = ("GetAnalyzerInfo", "Configure", "Remediate", "Analyze", "AnalyzeStack")
Config = Mapping[str, Any]
Method = Callable[[Any, Any], Any]


class PolicyResource(NamedTuple):
    """What a policy is asked about. `alias`: the URN that it had before this run."""

    state: State
    provider: State | None = None
    delete_before_replace: bool | None = None
    alias: str = ""


class Pack:
    """One loaded pack.

    `config` is by policy: an enforcement level, or a mapping with `enforcementLevel` and the policy's own settings; `all` stands for every policy.
    """

    def __init__(self, folder: Path, config: Config | None = None) -> None:
        version, main = _description(folder)
        self._methods = _loaded(folder, main)
        info = self._methods["GetAnalyzerInfo"](None, None)
        self.name = f"{info.name}@v{version or info.version}"
        self._methods["Configure"](_configured(info, config or {}, folder), None)

    async def remediate(self, resource: PolicyResource) -> tuple[Values | None, list[str], list[Violation]]:
        """(the resource's inputs as the pack's remediations make them, or None where they leave them; which did; which could not be tried)"""
        answer = await self._ask("Remediate", _request(resource))
        changed = [item for item in answer.remediations if item.HasField("properties")]
        unable = [Violation(self.name, item.policyName, "advisory", item.diagnostic, resource.state.urn) for item in answer.remediations if item.diagnostic]
        inputs = _kept(from_struct(changed[-1].properties), resource.state.inputs) if changed else None
        return inputs, [item.policyName for item in changed], unable

    async def analyze(self, resource: PolicyResource) -> list[Violation]:
        """What the pack's policies say of one resource's inputs."""
        answer = await self._ask("Analyze", _request(resource))
        return [self._violation(item, resource.state.urn) for item in answer.diagnostics]

    async def analyze_stack(self, stack: str, known: Iterable[PolicyResource]) -> list[Violation]:
        """What they say of all resources together, by their outputs; what is about none of them is about the stack, which is this URN."""
        resources = []
        for resource in known:
            state, request = resource.state, _request(resource, resource.state.outputs)
            more: Any = {"dependencies": state.dependencies, "parent": state.parent}
            needs = {key: names for key, names in state.property_dependencies.items() if names}
            more["propertyDependencies"] = {key: analyzer_pb2.AnalyzerPropertyDependencies(urns=names) for key, names in needs.items()}
            fields = {name: getattr(request, name) for name in ("type", "properties", "urn", "name", "options")}
            if request.HasField("provider"):
                fields["provider"] = request.provider
            resources.append(analyzer_pb2.AnalyzerResource(**fields, **more))
        answer = await self._ask("AnalyzeStack", analyzer_pb2.AnalyzeStackRequest(resources=resources))
        names = {resource.urn for resource in resources}
        return [self._violation(item, item.urn if item.urn in names else stack) for item in answer.diagnostics]

    def _violation(self, item: analyzer_pb2.AnalyzeDiagnostic, urn: str) -> Violation:
        return Violation(self.name, item.policyName, _NAMES[item.enforcementLevel], " ".join(item.message.split()), urn)

    async def _ask(self, method: str, request: Any) -> Any:
        def call() -> Any:
            try:
                return self._methods[method](request, None)
            except Exception as error:  # a policy is somebody's program: whatever it raises is its failure, named by its line
                frame = traceback.extract_tb(error.__traceback__)[-1]
                raise StackError(f"error: policy pack {self.name} failed: {type(error).__name__}: {error} ({frame.filename}:{frame.lineno})") from error

        return await asyncio.to_thread(call)


def load(folders: Iterable[Path], configs: Iterable[Path] = ()) -> tuple[Pack, ...]:
    """The packs of these folders; the n-th configuration file (JSON, as for `pulumi --policy-pack-config`) belongs to the n-th folder.

    Raises StackError naming the folder or file.
    """
    folders, configs = list(folders), list(configs)
    if configs and len(configs) != len(folders):
        raise StackError(f"error: {len(configs)} policy pack configurations for {len(folders)} policy packs: give one for each, in the same order")
    read = [_read_config(file) for file in configs] or [{} for _ in folders]
    return tuple(Pack(folder, config) for folder, config in zip(folders, read, strict=True))


def _read_config(file: Path) -> Config:
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise StackError(f"error: {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StackError(f"error: {file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise StackError(f"error: {file} is not a mapping of policy names to levels or settings")
    return found


def _description(folder: Path) -> tuple[str, Path]:
    """(version, the program) as PulumiPolicy.yaml says."""
    file = folder / "PulumiPolicy.yaml"
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise StackError(f"error: {folder} is no policy pack: {file.name} cannot be read ({error.strerror})") from error
    except yaml.YAMLError as error:
        raise StackError(f"error: {file} is not YAML: {' '.join(str(error).split())}") from error
    runtime = found.get("runtime") if isinstance(found, dict) else None
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise StackError(f"error: {file}: runtime {name or 'missing'}: only policy packs in Python run here")
    main = folder / str(found.get("main") or "__main__.py")
    main = main / "__main__.py" if main.is_dir() else main
    if not main.is_file():
        raise StackError(f"error: {folder} is no policy pack: there is no {main.relative_to(folder)}")
    return str(found.get("version") or ""), main


class _LoadedError(BaseException):
    """The pack is complete: its program would now serve for ever. No Exception, so that no pack's own handler takes it."""


class _Server:
    """Takes an analyzer in place of `grpc.server`."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.methods: dict[str, Method] = {}

    def add_generic_rpc_handlers(self, handlers: Iterable[grpc.GenericRpcHandler]) -> None:
        (handler,) = handlers
        found = {name: handler.service(_Called(f"/pulumirpc.Analyzer/{name}")) for name in METHODS}
        self.methods = {name: method.unary_unary for name, method in found.items()}

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """The same once more, by another way."""

    def add_insecure_port(self, address: str) -> int:
        return 0

    def start(self) -> None:
        raise _LoadedError(self.methods)


class _Called(NamedTuple):
    """What a handler is asked with (grpc.HandlerCallDetails)."""

    method: str


class _Grpc:
    server = _Server


def _loaded(folder: Path, main: Path) -> dict[str, Method]:
    """The methods of the analyzer that the pack's program makes."""
    import pulumi_policy.policy

    policy: Any = pulumi_policy.policy
    with _loading, _importable(main.parent.resolve()):
        policy.grpc, real = _Grpc, policy.grpc
        try:
            runpy.run_path(str(main), run_name="__main__")
        except _LoadedError as complete:
            found: dict[str, Method] = complete.args[0]
            return found
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            raise StackError(f"error: policy pack {folder} cannot be loaded: {type(error).__name__}: {error} ({frame.filename}:{frame.lineno})") from error
        except SystemExit as error:
            raise StackError(f"error: policy pack {folder} cannot be loaded: its program ended itself") from error
        finally:
            policy.grpc = real
    raise StackError(f"error: policy pack {folder} cannot be loaded: {main.name} makes no PolicyPack")


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """The pack's own modules can be imported, and are forgotten afterwards: another pack may have modules of the same names."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(f"{folder}/"):
                del sys.modules[name]


def _configured(info: analyzer_pb2.AnalyzerInfo, config: Config, folder: Path) -> analyzer_pb2.ConfigureAnalyzerRequest:
    """Levels and settings of every policy: the given ones before the pack's initial ones before the policy's own; all faults at once."""
    known = {policy.name: policy for policy in info.policies}
    faults = [f"there is no policy {name}: there are {', '.join(sorted(known))}" for name in sorted(set(config) - set(known) - {"all"})]
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    everywhere, wrong = _split(config.get("all", {}))
    initially = info.initialConfig["all"].enforcementLevel if "all" in info.initialConfig else None
    faults += [f"all: {word}" for word in wrong]
    for name, policy in known.items():
        level, properties = policy.enforcementLevel if initially is None else initially, _defaults(policy)
        if name in info.initialConfig:
            initial = info.initialConfig[name]
            if initial.enforcementLevel or not initial.properties.fields:  # settings alone come with the level 0, which is advisory: not meant
                level = initial.enforcementLevel
            properties |= from_struct(initial.properties)
        own, wrong = _split(config.get(name, {}))
        faults += [f"{name}: {word}" for word in wrong]
        properties |= {key: value for key, value in own.items() if key != "enforcementLevel"}
        entry = request.policyConfig[name]
        entry.enforcementLevel = LEVELS.get(str(own.get("enforcementLevel", everywhere.get("enforcementLevel"))), level)
        if entry.enforcementLevel != analyzer_pb2.DISABLED:
            faults += [f"{name}: {word}" for word in _unfit(policy, properties)]
        entry.properties.CopyFrom(to_struct(properties))
    if faults:
        lines = tuple(f"error: policy pack {folder}: {fault}" for fault in faults)
        raise StackError("\n".join(lines), lines=lines)
    return request


def _split(given: Any) -> tuple[dict[str, Any], list[str]]:
    found = {"enforcementLevel": given} if isinstance(given, str) else dict(given) if isinstance(given, dict) else None
    if found is None:
        return {}, ["neither an enforcement level nor settings"]
    level = found.get("enforcementLevel")
    if level is not None and level not in LEVELS:
        return found, [f"enforcement level {level!r}: known are {', '.join(LEVELS)}"]
    return found, []


def _schema(policy: analyzer_pb2.PolicyInfo) -> dict[str, Any]:
    return from_struct(policy.configSchema.properties)


def _defaults(policy: analyzer_pb2.PolicyInfo) -> Values:
    return {name: schema["default"] for name, schema in _schema(policy).items() if isinstance(schema, dict) and "default" in schema}


def _unfit(policy: analyzer_pb2.PolicyInfo, properties: Values) -> list[str]:
    """Settings that are missing, or that the policy's schema does not take (its types and enumerations; finer rules are the policy's own)."""
    faults = [f"setting {name} is missing" for name in policy.configSchema.required if name not in properties]
    for name, schema in _schema(policy).items():
        if name not in properties or not isinstance(schema, dict):
            continue
        value = properties[name]
        wanted = _TYPES.get(str(schema.get("type")))
        if wanted is not None and (not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted)):
            faults.append(f"setting {name} is {json.dumps(value)}: it must be of type {schema['type']}")
        elif "enum" in schema and value not in schema["enum"]:
            faults.append(f"setting {name} is {json.dumps(value)}: known are {', '.join(map(str, schema['enum']))}")
    return faults


def _request(resource: PolicyResource, values: Values | None = None) -> analyzer_pb2.AnalyzeRequest:
    state, provider = resource.state, resource.provider
    timeouts = {name: state.timeouts.get(name, 0.0) for name in ("create", "update", "delete")}
    options = analyzer_pb2.AnalyzerResourceOptions(
        protect=state.protect,
        ignoreChanges=state.ignore_changes,
        deleteBeforeReplace=bool(resource.delete_before_replace),
        deleteBeforeReplaceDefined=resource.delete_before_replace is not None,
        aliases=[resource.alias] if resource.alias else [],
        additionalSecretOutputs=state.additional_secret_outputs,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(**timeouts),
        parent=state.parent,
    )
    fields: dict[str, Any] = {"type": state.type, "urn": state.urn, "name": state.name, "options": options}
    fields["properties"] = to_struct(_plain_references(state.inputs if values is None else values))
    if provider is not None:
        given = to_struct(_plain_references(provider.inputs))
        fields["provider"] = analyzer_pb2.AnalyzerProviderResource(type=provider.type, urn=provider.urn, name=provider.name, properties=given)
    return analyzer_pb2.AnalyzeRequest(**fields)


def _kept(values: Any, before: Any) -> Any:
    """What was secret stays secret: a remediation that copies the properties reads them, and gives them back plain."""
    if isinstance(before, Secret):
        return values if isinstance(values, Secret) else Secret(values)
    if isinstance(values, dict) and isinstance(before, dict):
        return {key: _kept(item, before.get(key)) for key, item in values.items()}
    return values


def _plain_references(value: Any) -> Any:
    """Resource references as the ids (of components: the URNs) that policies see."""
    if isinstance(value, Reference):
        return value.urn if value.id is None else value.id
    if isinstance(value, dict):
        return {key: _plain_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_references(item) for item in value]
    return Secret(_plain_references(value.value)) if isinstance(value, Secret) else value
