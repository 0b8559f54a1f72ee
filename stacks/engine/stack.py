"""The embedded engine's front: a stack with the methods of `pulumi.automation.Stack`, and no CLI behind it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from pulumi import automation

from ledger import user
from stacks.engine import collector, deletions, policies, program, refreshing, urns
from stacks.engine.builtin import Builtin
from stacks.engine.deployment import Deployment, Options
from stacks.engine.errors import InlineSourceRuntimeError, ResourceError, StackError, StackNotFoundError
from stacks.engine.journal import Holder, Journal, Lock, Snapshot
from stacks.engine.monitor import Monitor
from stacks.engine.plan import UpdatePlan
from stacks.engine.program import Program
from stacks.engine.providers import Registry, Source
from stacks.engine.report import Reporter, Step
from stacks.engine.results import DestroyResult, PreviewResult, RefreshResult, UpResult
from stacks.engine.secrets import Crypter
from stacks.engine.state import Pending, State, ordered
from stacks.engine.stub import Stub
from stacks.engine.targets import Targets
from stacks.engine.values import Secret, Values, has_secret, plain

T = TypeVar("T")
DISPLAY = {"color", "debug", "diff", "log_flow", "log_to_std_err", "log_verbosity", "suppress_outputs", "suppress_progress", "tracing", "user_agent"}
OnText = Callable[[str], Any] | None
OnEvent = Callable[[automation.EngineEvent], Any] | None
Urns = list[str] | None
LISTEN_S = 0.2  # between looks for Ctrl-C: a signal that comes just before a wait begins does not end that wait
FIRST_S = 0.25  # of reading the cloud, before the program competes for the interpreter: until its answers are on their way
VERSION = f"v{metadata.version('pulumi')}"  # the CLI's and the SDK's numbers go together


class Stack:
    """One stack of one project.

    `state` is the folder of all stacks' state (a stack reference finds its neighbours there); `providers` gives each package a provider, or a class or
    factory of one; keys of `config` and `secrets` without a namespace belong to the project.
    """

    def __init__(
        self,
        project: str,
        name: str,
        program: Program | None = None,
        state: Path | str = Path(".xiangyun/stacks"),
        providers: Mapping[str, Source] | None = None,
        config: Mapping[str, Any] | None = None,
        secrets: Mapping[str, Any] | None = None,
        passphrase: str | None = None,
    ) -> None:
        self.project, self.name, self.program = project, name, program
        self.state = Path(state)
        self._providers = dict(providers or {})
        self._config = {self._key(key): _text(value) for key, value in (config or {}).items()}
        self._secrets = {self._key(key): _text(value) for key, value in (secrets or {}).items()}
        self._passphrase = passphrase
        self._running: tuple[asyncio.AbstractEventLoop, Deployment] | None = None
        self._cancelled = False

    def _key(self, key: str) -> str:
        return key if ":" in key else f"{self.project}:{key}"

    def __repr__(self) -> str:
        return f"Stack(project={self.project!r}, name={self.name!r})"

    @property
    def file(self) -> Path:
        """The stack's state file."""
        return _file(self.state, self.project, self.name)

    def _journal(self) -> Journal:
        return Journal(self.file, self.state / "passphrase", self._passphrase)

    # --- operations ---

    def up(
        self,
        *,
        parallel: int | None = None,
        message: str | None = None,
        target: Urns = None,
        exclude: Urns = None,
        target_dependents: bool | None = None,
        exclude_dependents: bool | None = None,
        replace: Urns = None,
        expect_no_changes: bool | None = None,
        on_output: OnText = None,
        on_error: OnText = None,
        on_event: OnEvent = None,
        program: Program | None = None,
        refresh: bool | None = None,
        continue_on_error: bool | None = None,
        plan: Path | str | UpdatePlan | None = None,
        policy_packs: Iterable[Path | str] = (),
        policy_pack_configs: Iterable[Path | str] = (),
        imports: Mapping[str, str] | None = None,
        show_secrets: bool = True,
        **display: Any,
    ) -> UpResult:
        """Run the program and bring every resource to its goal. Raises StackError (a CommandError) when anything failed.

        With a `plan` (that `preview` gave, or its file) only what is in it is done: the first step that is not ends the run before it is taken.
        """
        _only_display(display)
        targets = _targets(target, exclude, target_dependents, exclude_dependents)
        approved = self.read_plan(Path(plan)) if isinstance(plan, (str, Path)) else plan
        packs = policies.load(map(Path, policy_packs), map(Path, policy_pack_configs))
        options = Options(False, parallel or 0, targets, frozenset(replace or ()), bool(continue_on_error), approved, packs, imports or {})
        with self._run("update", message, show_secrets, on_output, on_error, on_event, preview=False) as run:
            first = _targets(target, exclude, target_dependents, exclude_dependents) if refresh else None
            run.program(program or self.program, options, first)
            if expect_no_changes and run.changed():
                run.report.error("no changes were expected but changes occurred")
        return UpResult(run.report.steps, stdout=run.stdout, stderr=run.stderr, summary=run.summary, outputs=self.outputs())

    def preview(
        self,
        *,
        parallel: int | None = None,
        message: str | None = None,
        target: Urns = None,
        exclude: Urns = None,
        target_dependents: bool | None = None,
        exclude_dependents: bool | None = None,
        replace: Urns = None,
        expect_no_changes: bool | None = None,
        on_output: OnText = None,
        on_error: OnText = None,
        on_event: OnEvent = None,
        program: Program | None = None,
        refresh: bool | None = None,
        plan: Path | str | None = None,
        policy_packs: Iterable[Path | str] = (),
        policy_pack_configs: Iterable[Path | str] = (),
        imports: Mapping[str, str] | None = None,
        **display: Any,
    ) -> PreviewResult:
        """Say what `up` would do, without changing anything. `plan` is a file to save it in, for `up` to be held to."""
        _only_display(display)
        targets = _targets(target, exclude, target_dependents, exclude_dependents)
        packs = policies.load(map(Path, policy_packs), map(Path, policy_pack_configs))
        options = Options(True, parallel or 0, targets, frozenset(replace or ()), policies=packs, imports=imports or {})
        with self._run("preview", message, True, on_output, on_error, on_event, preview=True) as run:
            first = _targets(target, exclude, target_dependents, exclude_dependents) if refresh else None
            run.program(program or self.program, options, first)
            if expect_no_changes and run.changed():
                run.report.error("no changes were expected but changes were proposed")
        if plan is not None:
            Path(plan).write_text(json.dumps(self.plan_of(run.report.steps).to_json(), indent=1, ensure_ascii=False), "utf-8")
        return run.previewed()

    def plan_of(self, steps: Iterable[Step], salt: str | None = None) -> UpdatePlan:
        """What a preview's steps are as a plan. Two plans can be compared when both have the same salt; without one it is the state's."""
        crypter = Crypter(salt, self.state / "passphrase", self._passphrase) if salt else self._journal().crypter
        return UpdatePlan.of(steps, crypter)

    def plan_from(self, data: Mapping[str, Any]) -> UpdatePlan:
        """A plan of what its `to_json` gave. Raises ValueError for anything else."""
        return UpdatePlan.from_json(data, Crypter(data.get("salt"), self.state / "passphrase", self._passphrase))

    def read_plan(self, file: Path) -> UpdatePlan:
        """The plan that `preview` saved."""
        try:
            data = json.loads(file.read_text("utf-8"))
            return self.plan_from(data)
        except OSError as error:
            raise StackError(f"error: {file} cannot be read: {error.strerror}") from error
        except (ValueError, AttributeError) as error:
            raise StackError(f"error: {file} is not a saved plan: {error}") from error

    def refresh(
        self,
        *,
        parallel: int | None = None,
        message: str | None = None,
        preview_only: bool | None = None,
        target: Urns = None,
        exclude: Urns = None,
        target_dependents: bool | None = None,
        exclude_dependents: bool | None = None,
        expect_no_changes: bool | None = None,
        clear_pending_creates: bool | None = None,
        on_output: OnText = None,
        on_error: OnText = None,
        on_event: OnEvent = None,
        show_secrets: bool = True,
        **display: Any,
    ) -> RefreshResult:
        """Take what is really there into the state."""
        _only_display(display)
        options = Options(bool(preview_only), parallel or 0, _targets(target, exclude, target_dependents, exclude_dependents))
        with self._run("refresh", message, show_secrets, on_output, on_error, on_event, preview=options.preview) as run:
            run.refresh(options, bool(clear_pending_creates))
            if expect_no_changes and run.changed():
                run.report.error("no changes were expected but changes occurred")
        return RefreshResult(run.report.steps, stdout=run.stdout, stderr=run.stderr, summary=run.summary)

    def preview_refresh(self, **options: Any) -> PreviewResult:
        """Say what differs from the state, without changing anything."""
        result = self.refresh(preview_only=True, **options)
        changes = result.summary.resource_changes or {}
        return PreviewResult(result.steps, result.summary, stdout=result.stdout, stderr=result.stderr, change_summary=changes)

    def destroy(
        self,
        *,
        parallel: int | None = None,
        message: str | None = None,
        target: Urns = None,
        exclude: Urns = None,
        target_dependents: bool | None = None,
        exclude_protected: bool | None = None,
        on_output: OnText = None,
        on_error: OnText = None,
        on_event: OnEvent = None,
        continue_on_error: bool | None = None,
        remove: bool | None = None,
        refresh: bool | None = None,
        preview_only: bool | None = None,
        plan: UpdatePlan | None = None,
        show_secrets: bool = True,
        **display: Any,
    ) -> DestroyResult:
        """Delete everything in the stack; with `remove`, its state file too. With a `plan` nothing is deleted that is not in it."""
        _only_display(display)
        targets = _targets(target, exclude, target_dependents, None)
        options = Options(bool(preview_only), parallel or 0, targets, continue_on_error=bool(continue_on_error), plan=plan)
        with self._run("destroy", message, show_secrets, on_output, on_error, on_event, preview=options.preview) as run:
            run.destroy(options, bool(exclude_protected), bool(refresh))
        if remove and not options.preview:
            for file in self.file.parent.glob(f"{self.file.name}*"):
                file.unlink()
        return DestroyResult(run.report.steps, stdout=run.stdout, stderr=run.stderr, summary=run.summary)

    def preview_destroy(self, **options: Any) -> PreviewResult:
        """Say what would be deleted."""
        result = self.destroy(preview_only=True, **options)
        changes = result.summary.resource_changes or {}
        return PreviewResult(result.steps, result.summary, stdout=result.stdout, stderr=result.stderr, change_summary=changes)

    def cancel(self) -> None:
        """Ask this object's run to stop after what it is doing. A killed run needs no cancel: its lock died with it."""
        self._cancelled = True
        if self._running is not None:
            loop, deployment = self._running
            loop.call_soon_threadsafe(deployment.interrupt)

    @contextmanager
    def _run(self, kind: str, message: str | None, show: bool, on_output: OnText, on_error: OnText, on_event: OnEvent, preview: bool) -> Iterator[Run]:
        journal = self._journal()
        lock = None if preview else Lock(self.file.with_suffix(".lock"), f"{self.project}/{self.name}")
        self._cancelled = False
        try:
            with collector.seldom():
                run = Run(self, journal, Reporter(preview, on_output, on_event, on_error), kind, message or "", show)
                try:
                    yield run
                except BaseException:  # interrupted, or ended before its time: what was done is history too
                    run.record(failed=True)
                    raise
                run.end()
        finally:
            if lock is not None and not journal.writing:  # after a second Ctrl-C something may still be written: then it ends with the process
                lock.release()

    # --- state ---

    def outputs(self) -> dict[str, automation.OutputValue]:
        """The stack's outputs by name; a value with anything secret in it is secret."""
        values = self._journal().stack_outputs()
        return {key: automation.OutputValue(plain(value), has_secret(value)) for key, value in values.items()}

    def history(self, page_size: int | None = None, page: int | None = None, show_secrets: bool = True) -> list[automation.UpdateSummary]:
        """Finished runs, the newest first."""
        rows = self._journal().history()
        if page_size is not None:
            start = ((page or 1) - 1) * page_size
            rows = rows[start : start + page_size]
        return [self._summary(row, show_secrets) for row in rows]

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary | None:
        """The last finished run."""
        return next(iter(self.history(1, show_secrets=show_secrets)), None)

    def _summary(self, row: Mapping[str, Any], show_secrets: bool) -> automation.UpdateSummary:
        config = {key: {"value": value, "secret": False} for key, value in self._config.items()}
        for key, value in self._secrets.items():
            config[key] = {"value": value if show_secrets else "[secret]", "secret": True}
        return automation.UpdateSummary(
            kind=row["kind"],
            start_time=datetime.fromisoformat(row["started"]),
            message=row["message"],
            environment={"user": row["who"]},
            config=config,
            result=row["result"],
            end_time=datetime.fromisoformat(row["ended"]),
            version=row["version"],
            resource_changes=row["changes"],
        )

    def export_stack(self, show_secrets: bool = True) -> automation.Deployment:
        """The state as Pulumi's deployment JSON, version 3.

        Secrets are in plaintext form as the Automation API gives them, or sealed as `pulumi stack export` writes them.
        """
        journal = self._journal()
        snapshot = journal.load()
        seal = _show if show_secrets else journal.crypter.seal
        deployment: Values = {
            "manifest": {"time": _now(), "magic": hashlib.sha256(VERSION.encode()).hexdigest(), "version": VERSION},
            "resources": [state.to_json(seal) for state in snapshot.resources],
        }
        if journal.crypter.salted:
            deployment["secrets_providers"] = {"type": "passphrase", "state": {"salt": journal.crypter.salt}}
        if snapshot.pending:
            deployment["pending_operations"] = [{"resource": item.resource.to_json(seal), "type": item.kind} for item in snapshot.pending]
        return automation.Deployment(version=3, deployment=deployment)

    def digest(self) -> str:
        """SHA-256 of what the state says (times left out, secrets sealed): equal digests, equal state."""
        journal = self._journal()
        records = [state.to_json(journal.crypter.seal) for state in journal.load().resources]
        for record in records:
            record.pop("created", None)
            record.pop("modified", None)
        return hashlib.sha256(json.dumps(records, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def import_stack(self, state: automation.Deployment) -> None:
        """Replace the state by a deployment that `export_stack` or `pulumi stack export` gave; sealed secrets need that stack's passphrase."""
        snapshot = self.read_deployment(state)
        with self.editing("import") as (journal, _):
            journal.replace(snapshot)

    def read_deployment(self, state: automation.Deployment) -> Snapshot:
        """What a deployment says. Raises StackError where it is not whole, of another stack, or sealed with another passphrase."""
        data = state.deployment or {}
        if state.version != 3:
            raise StackError(f"error: deployment version {state.version} cannot be read: export it with a current version of the CLI (3 is)")
        salt = ((data.get("secrets_providers") or {}).get("state") or {}).get("salt")
        unseal = Crypter(salt, self.state / "passphrase", self._passphrase).unseal
        try:
            resources = [State.from_json(item, unseal) for item in data.get("resources") or []]
            pending = [Pending(item["type"], State.from_json(item["resource"], unseal)) for item in data.get("pending_operations") or []]
        except (KeyError, TypeError) as error:
            raise StackError(f"error: not a deployment: {error} is missing or has a wrong type") from error
        for item in resources:
            if urns.stack_of(item.urn) != (self.name, self.project):
                raise StackError(f"error: {item.urn} belongs to another stack than {self.project}/{self.name}")
        if dangling := sorted({name for item in resources for name in item.needs()} - {item.urn for item in resources}):
            raise StackError(f"error: not a whole deployment: {dangling[0]} is needed and not in it{f', and {len(dangling) - 1} more' if dangling[1:] else ''}")
        return Snapshot(ordered(resources), pending)

    @contextmanager
    def editing(self, kind: str, message: str = "") -> Iterator[tuple[Journal, Snapshot]]:
        """The state under its lock, to be changed by hand; what ends without an error is a line of the history."""
        journal = self._journal()
        lock = Lock(self.file.with_suffix(".lock"), f"{self.project}/{self.name}")
        started = _now()
        try:
            snapshot = journal.load()
            journal.start()
            try:
                yield journal, snapshot
                journal.record(kind, started, _now(), "succeeded", message, {})
            finally:
                journal.close()
        finally:
            lock.release()

    def snapshot(self) -> Snapshot:
        """All records and begun operations as they are now."""
        return self._journal().load()

    def holder(self) -> Holder | None:
        """Who runs on this stack now."""
        return Lock.holder(self.file.with_suffix(".lock"))

    def read_stack(self, name: str) -> Values:
        """The outputs of a neighbour: `name`, `project/name` or `organization/project/name`."""
        parts = name.split("/")
        project = parts[-2] if len(parts) > 1 else self.project
        file = _file(self.state, project, parts[-1])
        if not file.exists():
            raise StackNotFoundError(f"error: no stack named '{name}' found")
        return Journal(file, self.state / "passphrase", self._passphrase).stack_outputs()

    def sources(self) -> dict[str, Source]:
        """Providers by package, the engine's own included."""
        return {**self._providers, "pulumi": Builtin(self.read_stack)}

    def settings(self) -> tuple[dict[str, str], list[str], dict[str, Any]]:
        """(all configuration as the program sees it, names of the secret keys, the same with secrets marked)"""
        marked: dict[str, Any] = {**self._config, **{key: Secret(value) for key, value in self._secrets.items()}}
        return {**self._config, **self._secrets}, list(self._secrets), marked

    @contextmanager
    def running(self, loop: asyncio.AbstractEventLoop, deployment: Deployment) -> Iterator[None]:
        """What `cancel` would stop; one that came before stops it now."""
        self._running = (loop, deployment)
        if self._cancelled:
            deployment.interrupt()
        try:
            yield
        finally:
            self._running = None


class Run:
    """One operation on a locked stack."""

    def __init__(self, stack: Stack, journal: Journal, report: Reporter, kind: str, message: str, show_secrets: bool) -> None:
        self.report = report
        self.summary: automation.UpdateSummary
        self._stack, self._journal, self._kind, self._message, self._show = stack, journal, kind, message, show_secrets
        self._snapshot = journal.load()
        self._started, self._clock = _now(), time.monotonic()
        self._crash: BaseException | None = None
        config, secret, _ = stack.settings()
        report.prelude({key: "[secret]" if key in secret else value for key, value in config.items()})

    @property
    def stdout(self) -> str:
        return "\n".join(self.report.lines) + "\n"

    @property
    def stderr(self) -> str:
        return "\n".join(self.report.errors)

    def changed(self) -> bool:
        return bool(set(self.report.counts) - {"same", "read"})

    def _deployment(self, options: Options) -> Deployment:
        _, _, config = self._stack.settings()
        journal = None if options.preview else self._journal
        registry = Registry(self._stack.sources())
        return Deployment(self._stack.project, self._stack.name, self._snapshot, journal, registry, config, self.report, options)

    def program(self, function: Program | None, options: Options, refresh: Targets | None = None) -> None:
        """Run the program, then delete what it no longer wants. `refresh`: what is first read from the cloud."""
        if function is None:
            raise StackError("error: the stack has no program")
        config, secret_keys, _ = self._stack.settings()
        project, name, preview = self._stack.project, self._stack.name, options.preview
        stub = Stub(project, name, preview)

        def begin() -> None:
            if refresh is not None:
                stub.wait(FIRST_S)
            program.run(function, project, name, config, secret_keys, stub, preview)

        try:
            ended = program.in_thread(begin)
            try:
                self._do(options, lambda deployment: self._program(deployment, stub, ended, refresh))
            except Exception:  # Ctrl-C does not wait for a program that asks nothing
                stub.refuse()
                ended.result()
                raise
        finally:
            stub.refuse()  # wherever it ended: whoever still waits for an answer would keep the process

    async def _program(self, deployment: Deployment, stub: Stub, ended: Future[BaseException | None], refresh: Targets | None) -> None:
        async def finish() -> None:
            await deployment.all_read()
            if not deployment.stopping and (not deployment.broken or deployment.options.continue_on_error):
                known = {*deployment.olds, *deployment.seen}
                if unknown := deployment.options.targets.unknown(known):
                    deployment.broken = True
                    deployment.report.error(f"no resource named {', '.join(unknown)} found")
                    return
                await deletions.leftovers(deployment)

        deployment.forget_interrupted()
        if refresh is not None:
            deployment.refreshing = asyncio.ensure_future(self._refresh(deployment, refresh))
            await asyncio.wait([deployment.refreshing], timeout=FIRST_S)
            if not deployment.options.preview:  # which promises nothing: what stays as it is can be told as it is read
                await deployment.refreshing
        stub.open(Monitor(deployment, finish), asyncio.get_running_loop())
        crash = await asyncio.wrap_future(ended)
        await deployment.drain()
        deployment.hooks.callbacks.close()
        if deployment.refreshing is not None:
            await deployment.refreshing
        if crash is not None and not deployment.broken:
            deployment.broken = True
            self._crash = crash
            self.report.error(f"the program failed: {_traceback(crash)}")
        if not deployment.broken:
            deployment.keep_stack_outputs()
            await self._judged(deployment)
        if not deployment.broken and deployment.options.plan is not None:
            for urn in deployment.options.plan.undone(self.report.steps):
                deployment.broken = True
                self.report.error("in the plan, and not done: nothing asks for it now", urn)
        deployment.follow_moves()

    async def _refresh(self, deployment: Deployment, targets: Targets) -> None:
        """The first half of an operation: it is not counted, and where it fails there is no second."""
        report = Reporter(deployment.options.preview, None, None, None)
        try:
            await refreshing.refresh(deployment, targets, report, first=True)
            if report.errors:
                self.report.errors += report.errors
                raise StackError(self.stderr, self.stdout, tuple(self.report.errors))
        except BaseException:  # whoever waits for it does not go on with half of it
            deployment.stopping = True
            raise

    async def _judged(self, deployment: Deployment) -> None:
        try:
            await deployment.judge_stack()
        except StackError as error:
            deployment.broken = True
            self.report.error(error.lines[0].removeprefix("error: "))

    def refresh(self, options: Options, clear_creates: bool = False) -> None:
        async def work(deployment: Deployment) -> None:
            deployment.forget_interrupted()
            try:
                await refreshing.refresh(deployment, options.targets, self.report, clear_creates)
            except ResourceError as error:
                deployment.broken = True
                self.report.error(str(error), error.urn)

        self._do(options, work)

    def destroy(self, options: Options, exclude_protected: bool, refresh: bool) -> None:
        async def work(deployment: Deployment) -> None:
            deployment.forget_interrupted()
            if refresh:
                await self._refresh(deployment, Targets())
            try:
                await deletions.everything(deployment, exclude_protected)
            except ResourceError as error:
                deployment.broken = True
                self.report.error(str(error), error.urn)

        self._do(options, work)

    def _do(self, options: Options, work: Callable[[Deployment], Coroutine[Any, Any, None]]) -> None:
        async def body() -> None:
            deployment = self._deployment(options)
            if not options.preview:
                self._journal.start()
            try:
                with self._stack.running(asyncio.get_running_loop(), deployment):
                    if not options.preview:
                        await deployment.settle()
                    await work(deployment)
            finally:
                deployment.registry.forget()
                if not options.preview:
                    self._journal.close()

        _in_thread(body, self._stack.cancel)

    def end(self) -> None:
        """Record the run; a failed one raises."""
        failed = bool(self.report.errors)
        self.record(failed)
        if failed:
            kind = InlineSourceRuntimeError if self._crash is not None else StackError
            raise kind(self.stderr, self.stdout, tuple(self.report.errors)) from self._crash

    def record(self, failed: bool) -> None:
        """The run's summary, and its line of history (previews have none)."""
        self.report.finish(time.monotonic() - self._clock)
        row = {"kind": self._kind, "started": self._started, "ended": _now(), "result": "failed" if failed else "succeeded", "message": self._message}
        changes = dict(self.report.counts)
        if not self.report.preview:
            journal = self._stack._journal() if self._journal.writing else self._journal  # a second Ctrl-C leaves the work, and its writer, going on
            journal.start()
            try:
                journal.record(**row, changes=changes)
            finally:
                journal.close()
            self.summary = self._stack._summary(journal.history()[0], self._show)
        else:
            self.summary = self._stack._summary({**row, "who": user(), "version": None, "changes": changes}, self._show)

    def previewed(self) -> PreviewResult:
        changes = self.summary.resource_changes or {}
        return PreviewResult(self.report.steps, self.summary, stdout=self.stdout, stderr=self.stderr, change_summary=changes)


def _in_thread(body: Callable[[], Coroutine[Any, Any, None]], interrupt: Callable[[], None]) -> None:
    """Do this on a loop of its own. Ctrl-C lets what was begun end (its result is recorded), and then is raised; a second one does not wait."""
    caught: list[BaseException] = []
    ended = threading.Event()  # a join that Ctrl-C interrupts takes the thread for ended (Python 3.11, bpo-45274)

    def target() -> None:
        try:
            asyncio.run(body())
        except BaseException as error:  # handed to the caller's thread
            caught.append(error)
        finally:
            ended.set()

    threading.Thread(target=target, name="engine", daemon=True).start()
    pressed: KeyboardInterrupt | None = None
    while not ended.is_set():
        try:
            ended.wait(LISTEN_S)
        except KeyboardInterrupt as error:
            if pressed is not None:
                raise
            pressed = error
            interrupt()
    if pressed is not None:
        raise pressed
    if caught:
        raise caught[0]


def _only_display(options: Mapping[str, Any]) -> None:
    """Options of `pulumi.automation` about how the CLI shows things are taken and mean nothing here; others are refused."""
    if unknown := sorted(set(options) - DISPLAY):
        raise TypeError(f"the embedded engine has no option {', '.join(unknown)}")


def _targets(include: Urns, exclude: Urns, include_dependents: bool | None, exclude_dependents: bool | None) -> Targets:
    return Targets(include or (), exclude or (), bool(include_dependents or exclude_dependents))


def _file(folder: Path, project: str, name: str) -> Path:
    return folder / project / f"{name}.sqlite"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _show(text: str) -> Values:
    return {"plaintext": text}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _traceback(error: BaseException) -> str:
    """The exception, and below it where in the program it was raised (frames of the SDK left out)."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename and "/stacks/engine/" not in frame.filename]
    where = "".join(traceback.format_list([frame for frame in frames if "asyncio" not in frame.filename]))
    return f"{''.join(traceback.format_exception_only(error)).strip()}\n{where}".strip()
