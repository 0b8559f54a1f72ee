"""One run over a stack: each registration is compared with what is there, and the difference is carried out.

Everything here runs on one event loop, so no state is shared between threads. A preview takes the same path without a journal and asks providers
for previews only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from stacks.engine import paths, urns
from stacks.engine.errors import CheckError, ResourceError, StackError, Stopped
from stacks.engine.goal import Goal
from stacks.engine.hooks import Hooks
from stacks.engine.journal import Journal, Snapshot
from stacks.engine.plan import UpdatePlan
from stacks.engine.policies import Pack, PolicyResource
from stacks.engine.providers import Backend, Diff, Found, Instance, NotReadyError, Registry
from stacks.engine.report import Reporter, Step
from stacks.engine.state import Pending, State
from stacks.engine.targets import Targets
from stacks.engine.values import UNKNOWN, UNKNOWN_ID, Secret, Values, has_unknown, unsecret

NO_TARGETS = Targets()
SETTLE_S, SETTLE_EACH_S, SETTLE_LONGEST_S = 2.0, 0.33, 60.0  # after a kill, in all and for each operation: a busy Neutron makes three objects a second
Result = TypeVar("Result")


@dataclass(slots=True)
class Options:
    """How a run is done. `parallel` 0: as many operations at a time as there are; `imports`: ids of objects to adopt, by TYPE::NAME."""

    preview: bool = False
    parallel: int = 0
    targets: Targets = NO_TARGETS
    replace: frozenset[str] = frozenset()
    continue_on_error: bool = False
    plan: UpdatePlan | None = None
    policies: tuple[Pack, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What the program is told about a resource."""

    urn: str
    id: Any = ""
    outputs: Values = field(default_factory=dict)
    failed: bool = False
    skipped: bool = False


class Deployment:
    """The planner and executor of one run; the monitor feeds it, `finish` and `deletions` end it."""

    def __init__(
        self,
        project: str,
        stack: str,
        snapshot: Snapshot,
        journal: Journal | None,
        registry: Registry,
        config: Mapping[str, Any],
        report: Reporter,
        options: Options,
    ) -> None:
        self.project, self.stack = project, stack
        self.journal, self.registry, self.report, self.options = journal, registry, report, options
        self.hooks = Hooks(options.preview)
        self.olds: dict[str, State] = {state.urn: state for state in snapshot.resources if not state.delete}
        self.doomed: list[State] = [state for state in snapshot.resources if state.delete]
        self.news: dict[str, State] = {}
        self.seen: set[str] = set()
        self._looked: set[str] = set()  # whose record was looked for: nobody else's alias can be theirs
        self.failed: set[str] = set()
        self.moved: dict[str, str] = {}  # old URN → new URN, by aliases
        self.stopping = False
        self.broken = False  # something failed: nothing is deleted, the stack's outputs stay
        self.superseded: set[int] = set()  # old halves of replacements (a preview marks no record for deletion)
        self.refreshing: asyncio.Future[None] | None = None  # a refresh beside the program: only what is unchanged is told before it has ended
        self.reading: dict[str, asyncio.Future[State | None]] = {}  # its unread records, by URN
        self._turn = asyncio.Lock()  # to look for one's record: in the order of the registrations
        self._leftover = snapshot.pending
        self._goals: dict[str, Goal] = {}
        self._previously: dict[str, str] = {}  # new URN → old URN
        self._recreate: set[str] = set()  # deleted before their replacement
        self._replaced: set[str] = set()
        self._skipped: set[str] = set()  # not made, since not targeted
        self._defaults: dict[str, asyncio.Future[str]] = {}
        self._config = config
        self._slots: AbstractAsyncContextManager[Any] = asyncio.Semaphore(options.parallel) if options.parallel > 0 else nullcontext()
        self._stack_outputs: tuple[State, Values] | None = None
        self._active = 0
        self._idle = asyncio.Event()
        self._idle.set()
        for state in snapshot.resources:
            if urns.is_provider(state.type):
                registry.know(state)

    # --- registrations ---

    async def register(self, goal: Goal) -> Outcome:
        """Bring one resource to its goal."""
        urn = urns.make(self.stack, self.project, goal.parent, goal.type, goal.name)
        self._guard()
        if urn in self.seen:
            await self._fail(CheckError(urn, f"Duplicate resource URN '{urn}'; try giving it a unique name"))
            return Outcome(urn, failed=True)
        self.seen.add(urn)
        self._goals[urn] = goal
        goal.import_id = goal.import_id or self.options.imports.get(f"{goal.type}::{goal.name}", "")
        self._inherit(goal)
        try:
            if goal.needs() & self.failed or (not self.options.preview and self.broken and has_unknown(goal.inputs)):
                self.failed.add(urn)
                self._find_old(urn, goal)  # it is still wanted: its record stays
                return Outcome(urn, failed=True)
            return await self._bring(urn, goal)
        except CheckError as error:
            await self._fail(error)
        except StackError as error:  # a policy pack's own failure, or a state that cannot be written
            await self.all_read()
            self.broken = self.stopping = True
            self.report.error(str(error.lines[0]).removeprefix("error: "), urn)
            raise Stopped from error
        except ResourceError as error:
            await self._fail(error)
            if not self.options.continue_on_error:
                self.stopping = True
                raise Stopped from error
        return Outcome(urn, failed=True)

    def _guard(self) -> None:
        if self.stopping:
            raise Stopped

    async def _fail(self, error: ResourceError) -> None:
        await self.all_read()  # where that fails, this may come of it
        self.broken = True
        if not str(error).startswith("Duplicate resource URN"):  # the first of that name is all right
            self.failed.add(error.urn)
        self.report.error(str(error), error.urn)

    def _inherit(self, goal: Goal) -> None:
        """What the program left open is as the parent has it."""
        parent = self._goals.get(goal.parent)
        if parent is None:
            return
        goal.protect = parent.protect if goal.protect is None else goal.protect
        goal.retain_on_delete = parent.retain_on_delete if goal.retain_on_delete is None else goal.retain_on_delete
        goal.deleted_with = goal.deleted_with or parent.deleted_with

    def _find_old(self, urn: str, goal: Goal) -> State | None:
        """The resource's record under its URN, or under one that it had before."""
        self._looked.add(urn)
        old = self.olds.get(urn)
        if old is not None and urn not in self.moved:
            return old
        for alias in urns.alias_urns(urn, goal.parent, goal.aliases, self._previously.get(goal.parent)):
            found = self.olds.get(alias)
            if found is None or alias == urn:
                continue
            if alias in self._looked or alias in self.moved:
                raise CheckError(urn, f"the alias {alias} is already registered or taken: two resources cannot come from one")
            self.moved[alias] = urn
            self._previously[urn] = alias
            return found
        return None

    async def _known(self, urn: str, goal: Goal) -> State | None:
        """The resource's record as it is now, once the refresh that goes beside this has read it."""
        if self.refreshing is None:
            return self._find_old(urn, goal)
        async with self._turn:
            if goal.aliases or goal.parent in self._previously:  # which name is its own depends on what is there
                await self.all_read()
            old = self._find_old(urn, goal)
        if old is None or old.urn not in self.reading:
            return old
        await asyncio.wait([self.reading[old.urn]])
        if self.broken:
            await self.all_read()
        self._guard()
        return self.olds.get(old.urn)

    async def all_read(self) -> None:
        """Wait for the refresh that goes beside this, if there is one: before whatever is more than telling that a resource stays as it is."""
        if self.refreshing is not None and not self.refreshing.done():
            await asyncio.wait([self.refreshing])
            self._guard()

    async def _bring(self, urn: str, goal: Goal) -> Outcome:
        old = await self._known(urn, goal)
        new = self._state(urn, goal)
        if goal.custom and not urns.is_provider(goal.type):  # a target or not: the CLI makes the default provider for every resource of the program
            new.provider = goal.provider or await self.default_provider(urns.package_of(goal.type))
        if self._untargeted(urn, goal, old):
            return await self._leave(urn, old)
        backend = await self._backend(goal, new)
        new.inputs = goal.inputs
        if goal.import_id and goal.custom and (old is None or old.external or goal.import_id not in (old.import_id, old.id)):
            return await self._import(new, goal, backend, old)
        if old is not None and goal.ignore_changes:
            new.inputs = paths.restore(goal.inputs, old.inputs, goal.ignore_changes)
        given = new.inputs
        if backend is not None:
            new.inputs = await self._check(backend, urn, old.inputs if old and not old.external else {}, given)
        if self.options.policies:
            given = await self._judge(new, backend, given)
        if old is None or old.external:
            return await self._create(new, goal, backend, old)
        if old.pending_replacement or urn in self._recreate:
            return await self._recreated(old, new, goal, backend)
        diff = await self._diff(old, new, goal, backend)
        if diff.replaces:
            return await self._replace(old, new, goal, backend, diff, given)
        if diff.changes:
            return await self._update(old, new, goal, backend, diff)
        return self._same(old, new)

    def _state(self, urn: str, goal: Goal) -> State:
        return State(
            urn=urn,
            type=goal.type,
            custom=goal.custom,
            parent=goal.parent,
            protect=bool(goal.protect),
            dependencies=goal.dependencies,
            property_dependencies=goal.property_dependencies,
            additional_secret_outputs=goal.additional_secret_outputs,
            timeouts=goal.timeouts,
            import_id=goal.import_id,
            retain_on_delete=bool(goal.retain_on_delete),
            deleted_with=goal.deleted_with,
            ignore_changes=goal.ignore_changes,
            replace_on_changes=goal.replace_on_changes,
            hide_diffs=goal.hide_diffs,
            replace_with=goal.replace_with,
            replacement_trigger=goal.replacement_trigger,
            hooks=goal.hooks,
        )

    async def _backend(self, goal: Goal, new: State) -> Backend | None:
        """What operates on this resource."""
        if not goal.custom:
            return None
        if urns.is_provider(goal.type):
            return self.registry
        return await self._instance(new.provider)

    async def _instance(self, ref: str) -> Instance:
        try:
            return await self.registry.get(ref)
        except Exception as error:  # said of the provider, once, however many resources it was to serve
            raise ResourceError(urns.parse_provider(ref)[0], _words(error)) from error

    async def default_provider(self, package: str) -> str:
        """The reference of a package's default provider, registered when it is first needed."""
        future = self._defaults.get(package)
        if future is not None:
            return await asyncio.shield(future)
        future = self._defaults[package] = asyncio.get_running_loop().create_future()
        try:
            ref = await self._register_default(package)
        except BaseException as error:
            future.set_exception(Stopped())
            future.exception()  # whoever waits for it sees it; that nobody waits is fine too
            self.stopping = True
            raise Stopped from error
        future.set_result(ref)
        return ref

    async def _register_default(self, package: str) -> str:
        prefix = f"{package}:"
        inputs = {key[len(prefix) :]: value for key, value in self._config.items() if key.startswith(prefix)}
        outcome = await self.register(Goal(urns.PROVIDER_PREFIX + package, "default", custom=True, inputs=inputs))
        if outcome.failed:
            raise Stopped
        return f"{outcome.urn}::{UNKNOWN_ID if outcome.id is UNKNOWN else outcome.id}"

    async def _check(self, backend: Backend, urn: str, old: Values, new: Values) -> Values:
        try:
            inputs, failures = await backend.check(urn, old, new)
        except Exception as error:
            raise ResourceError(urn, _words(error)) from error
        if failures:
            raise CheckError(urn, "; ".join(f"property {name} value: {reason}" if name else reason for name, reason in failures))
        return inputs

    async def _judge(self, new: State, backend: Backend | None, given: Values) -> Values:
        """Let the policies change the inputs (`new.inputs`, checked), then hear them. The result is what was given, as they changed it.

        A mandatory violation ends an update; a preview goes on, so that it shows all of them.
        """
        await self.all_read()
        mandatory = False
        for pack in self.options.policies:
            better, by, unable = await pack.remediate(self._asked(new))
            for name in by:
                self.report.info(f"policy {pack.name}: {name} changed it", new.urn)
            for violation in unable:
                self.report.violated(violation)
            if better is not None:
                given = better
                new.inputs = better if backend is None else await self._check(backend, new.urn, new.inputs, better)
        for pack in self.options.policies:
            for violation in await pack.analyze(self._asked(new)):
                self.report.violated(violation)
                mandatory = mandatory or violation.mandatory
        if mandatory and not self.options.preview:
            self.broken = self.stopping = True
            raise Stopped
        return given

    def _asked(self, state: State) -> PolicyResource:
        goal = self._goals.get(state.urn)
        return PolicyResource(
            state, self.registry.states.get(state.provider), goal.delete_before_replace if goal else None, self._previously.get(state.urn, "")
        )

    async def judge_stack(self) -> None:
        """Hear the policies about all resources together, once the program has ended."""
        stack = urns.make(self.stack, self.project, "", urns.ROOT_TYPE, f"{self.project}-{self.stack}")
        for pack in self.options.policies:
            for violation in await pack.analyze_stack(stack, map(self._asked, self.news.values())):
                self.report.violated(violation)
                self.broken = self.broken or violation.mandatory

    # --- comparing ---

    async def _diff(self, old: State, new: State, goal: Goal, backend: Backend | None) -> Diff:
        if backend is None:
            return Diff(unsecret(old.inputs) != unsecret(new.inputs))
        try:
            diff = await backend.diff(_called(old, new.urn), new.inputs, goal.ignore_changes)
        except Exception as error:
            raise ResourceError(new.urn, _words(error)) from error
        if forced := await self._forced(old, new, goal):
            return Diff(True, [forced], [forced])
        if old.init_errors and not diff.changes:
            diff.changes = True
        for pattern in map(paths.parse, goal.replace_on_changes):
            if diff.changes and not diff.detailed:
                diff.replaces += [name for name in diff.changed if paths.contains(pattern, [name]) and name not in diff.replaces]
            hit = [path for path in diff.detailed if paths.contains(pattern, paths.parse(path)) and path not in diff.replaces]
            diff.detailed.update(dict.fromkeys(hit, True))
            diff.replaces += hit
        return diff

    async def _forced(self, old: State, new: State, goal: Goal) -> str:
        """Why the resource is replaced whatever its provider says; empty: it is not."""
        if new.urn in self.options.replace:
            return "id"
        before, now = old.replacement_trigger, goal.replacement_trigger
        if before is not None and now is not None and unsecret(before) != unsecret(now):
            return "replacementTrigger"
        if self._replaced.intersection(goal.replace_with):
            return "replaceWith"
        return "provider" if await self._provider_changed(old, new) else ""

    async def _provider_changed(self, old: State, new: State) -> bool:
        """Whether the resource moves to a provider that cannot take it over: its configuration differs in what forces a replacement."""
        if old.provider == new.provider or not old.provider or not new.provider:
            return False
        before, after = urns.parse_provider(old.provider)[0], urns.parse_provider(new.provider)[0]
        if urns.is_default_provider(before) and urns.is_default_provider(after):
            return False
        was, now = self.registry.states.get(old.provider), self.registry.states.get(new.provider)
        if was is None or now is None:
            return True
        diff = await self.registry.diff(_called(was, now.urn), now.inputs, [])
        return bool(diff.replaces)

    # --- carrying out ---

    def _announce(self, step: Step, counted: bool = True) -> None:
        """Say what is now being done; what the plan does not have is not done."""
        assert self.refreshing is None or self.refreshing.done(), "only what stays as it is may be told while the cloud is being read"
        self._hold_to_plan(step)
        self.report.begin(step, counted)

    def _hold_to_plan(self, step: Step) -> None:
        if self.options.plan is not None and (reason := self.options.plan.forbids(step)):
            raise ResourceError(step.urn, f"not in the plan, and not done: {reason}")

    def _same(self, old: State, new: State) -> Outcome:
        new.id, new.outputs, new.init_errors = old.id, old.outputs, old.init_errors
        new.created, new.modified = old.created, old.modified
        step = Step("same", new.urn, old, new)
        self._hold_to_plan(step)
        self._settle(new, old, step)
        return Outcome(new.urn, new.id, new.outputs)

    async def _create(self, new: State, goal: Goal, backend: Backend | None, replaces: State | None = None, op: str = "create") -> Outcome:
        """Make a resource. `replaces` is the record of what it takes the place of: marked for deletion, or (deleted already) overwritten."""
        await self.all_read()
        step = Step(op, new.urn, replaces, new, tuple(new.inputs))
        counted = op == "create"
        self._announce(step, counted)
        if backend is None:
            self.stamp(new, made=True)
            self._settle(new, replaces, step, counted=counted)
            return Outcome(new.urn, "", new.outputs)
        await self.hooks.run("before_create", goal.hooks, new, None)
        async with self._slots:
            self._guard()
            self.stamp(new, made=True)
            pending = await self._begin("creating", new)
            try:
                new.id, new.outputs = await backend.create(new, self.options.preview)
            except NotReadyError as error:
                self._keep_unready(new, error, new.inputs)
                self.stamp(new, made=True)
                self._commit(put=self._both(new, replaces), done=[pending, *self._earlier(new.urn)])
                raise ResourceError(new.urn, f"create failed: {error}") from error
            except Exception as error:
                self._commit(done=[pending])
                raise ResourceError(new.urn, f"create failed: {_words(error)}") from error
            self.stamp(new, made=True)
            self._settle(new, replaces, step, counted=counted, done=[pending, *self._earlier(new.urn)])
        await self.hooks.run("after_create", goal.hooks, new, None)
        return Outcome(new.urn, new.id, new.outputs)

    async def _update(self, old: State, new: State, goal: Goal, backend: Backend | None, diff: Diff) -> Outcome:
        await self.all_read()
        step = Step("update", new.urn, old, new, tuple(diff.changed), (), diff.detailed)
        new.id, new.created = old.id, old.created
        self._announce(step)
        if backend is None:
            new.outputs = old.outputs
            self.stamp(new)
            self._settle(new, old, step)
            return Outcome(new.urn, "", new.outputs)
        await self.hooks.run("before_update", goal.hooks, new, old)
        async with self._slots:
            self._guard()
            self.stamp(new)
            pending = await self._begin("updating", new)
            try:
                new.outputs = await backend.update(_called(old, new.urn), new, self.options.preview)
            except NotReadyError as error:
                self._keep_unready(new, error, old.inputs)  # it is not as the new inputs say
                self.stamp(new)
                self._commit(put=self._both(new, old), done=[pending])
                raise ResourceError(new.urn, f"update failed: {error}") from error
            except Exception as error:
                self._commit(done=[pending])
                raise ResourceError(new.urn, f"update failed: {_words(error)}") from error
            self.stamp(new)
            self._settle(new, old, step, done=[pending])
        await self.hooks.run("after_update", goal.hooks, new, old)
        return Outcome(new.urn, new.id, new.outputs)

    async def _replace(self, old: State, new: State, goal: Goal, backend: Backend | None, diff: Diff, given: Values) -> Outcome:
        await self.all_read()
        if old.protect:
            raise ResourceError(new.urn, f'unable to replace resource "{new.urn}" as it is currently marked for protection: take `protect` away first')
        if backend is not None and new.urn not in self.options.replace:
            new.inputs = await self._check(backend, new.urn, {}, given)  # defaults of the old object do not carry over
        first = diff.delete_first if goal.delete_before_replace is None else goal.delete_before_replace
        self._replaced.add(new.urn)
        replaced = Step("replace", new.urn, old, new, tuple(diff.changed), tuple(diff.replaces), diff.detailed)
        if first:
            await self._delete_for_replacement(old)
            self._recreate.discard(old.urn)
            self.report.done(replaced)
            return await self._create(new, goal, backend, old, "create-replacement")
        old.delete = not self.options.preview
        try:
            outcome = await self._create(new, goal, backend, old, "create-replacement")
        except ResourceError:
            old.delete = new.urn in self.news  # only what has its successor goes
            raise
        self._supersede(old)
        self.report.done(replaced)
        return outcome

    def _supersede(self, old: State) -> None:
        """The old half of a replacement goes at the end of the run."""
        self.doomed.append(old)
        self.superseded.add(id(old))

    async def _recreated(self, old: State, new: State, goal: Goal, backend: Backend | None) -> Outcome:
        """The old object is gone already; make the new one in its place."""
        await self.all_read()
        self._recreate.discard(new.urn)
        self._replaced.add(new.urn)
        self.report.done(Step("replace", new.urn, old, new))
        return await self._create(new, goal, backend, old, "create-replacement")

    async def _delete_for_replacement(self, root: State) -> None:
        """Delete a resource, and before it whatever would have to be replaced with it."""
        doomed = [*await self._dependents_to_replace(root), root]
        for state in doomed:
            if state.protect:
                raise ResourceError(
                    root.urn, f'unable to replace resource "{root.urn}": its dependent "{state.urn}" is marked for protection: take `protect` away first'
                )
        for state in doomed:
            await self.delete(state, "delete-replaced", counted=False, keep=True)
            self._recreate.add(state.urn)

    async def _dependents_to_replace(self, root: State) -> list[State]:
        """Those that need `root` through an input whose change forces a replacement, through chains; the farthest first."""
        found: dict[str, State] = {root.urn: root}
        for state in self.olds.values():
            if not state.custom or state.external or state.urn in self.seen or state.pending_replacement or state.urn in found:
                continue
            if state.provider and urns.parse_provider(state.provider)[0] in found:
                found[state.urn] = state
                continue
            touched = {key for key, names in state.property_dependencies.items() if found.keys() & set(names)}
            if not touched or urns.is_provider(state.type):
                continue
            inputs = {key: UNKNOWN if key in touched else value for key, value in state.inputs.items()}
            diff = await (await self._instance(state.provider)).diff(state, inputs, [])
            if diff.replaces:
                found[state.urn] = state
        return list(reversed([state for state in found.values() if state is not root]))

    async def delete(self, state: State, op: str, counted: bool = True, keep: bool = False, gone: frozenset[str] = frozenset()) -> None:
        """Delete one object. `keep` leaves its record, marked as waiting for its replacement; `gone` are URNs deleted in this run."""
        step = Step(op, state.urn, state, None, tuple(state.inputs))
        if state.protect and not state.delete:
            self.report.begin(step, counted)
            raise ResourceError(state.urn, f'unable to delete resource "{state.urn}" as it is currently marked for protection: take `protect` away first')
        self._announce(step, counted)
        pending: Pending | None = None
        calls = state.custom and not (state.external or state.retain_on_delete or state.pending_replacement or state.deleted_with in gone)
        calls = calls and not urns.is_provider(state.type)
        if calls:
            await self.hooks.run("before_delete", state.hooks, None, state)
        if calls and not self.options.preview:
            async with self._slots:
                self._guard()
                backend = await self._instance(state.provider)
                pending = await self._begin("deleting", state)
                try:
                    await backend.delete(state)
                except Exception as error:
                    self._commit(done=[pending])
                    raise ResourceError(state.urn, f"delete failed: {_words(error)}") from error
        if keep:
            state.pending_replacement = not self.options.preview
            self._commit(put=[state], done=[pending])
        else:
            self._commit(drop=[state], done=[pending])
        if calls:
            await self.hooks.run("after_delete", state.hooks, None, state)
        self.report.done(step, counted)

    async def _import(self, new: State, goal: Goal, backend: Backend | None, old: State | None) -> Outcome:
        """Adopt an object that exists, then bring it to the goal."""
        assert backend is not None
        await self.all_read()
        replacing = old is not None and not old.external
        found = await self._read(backend, "import", copy_with(new, id=goal.import_id, inputs={}))
        adopted = copy_with(new, id=found.id, inputs=found.inputs or {}, outputs=found.outputs)
        step = Step("import-replacement" if replacing else "import", new.urn, None, adopted, tuple(adopted.inputs))
        self._announce(step)
        if replacing and old is not None:
            old.delete = not self.options.preview
            self._supersede(old)
        self.stamp(adopted, made=True)
        self._settle(adopted, old, step)
        new.inputs = await self._check(backend, new.urn, adopted.inputs, paths.restore(goal.inputs, adopted.inputs, goal.ignore_changes))
        if self.options.policies:
            await self._judge(new, backend, goal.inputs)
        diff = await self._diff(adopted, new, goal, backend)
        if diff.replaces:
            raise ResourceError(new.urn, f"importing '{goal.import_id}' would replace it: {', '.join(diff.replaces)} differ from the program")
        if diff.changes:
            return await self._update(adopted, new, goal, backend, diff)
        new.id, new.outputs, new.created, new.modified, new.key = adopted.id, adopted.outputs, adopted.created, adopted.modified, adopted.key
        if new != adopted:
            self.news[new.urn] = new
            self._commit(put=[new])
        return Outcome(new.urn, new.id, new.outputs)

    # --- reading what others manage ---

    async def read(self, goal: Goal, id_: Any) -> Outcome:
        """A resource that the program only looks at."""
        urn = urns.make(self.stack, self.project, goal.parent, goal.type, goal.name)
        self._guard()
        if urn in self.seen:
            await self._fail(CheckError(urn, f"Duplicate resource URN '{urn}'; try giving it a unique name"))
            return Outcome(urn, failed=True)
        self.seen.add(urn)
        self._goals[urn] = goal
        if goal.needs() & self.failed:
            self.failed.add(urn)
            return Outcome(urn, failed=True)
        try:
            return await self._look(urn, goal, id_)
        except ResourceError as error:
            await self._fail(error)
            if isinstance(error, CheckError) or self.options.continue_on_error:
                return Outcome(urn, failed=True)
            self.stopping = True
            raise Stopped from error

    async def _look(self, urn: str, goal: Goal, id_: Any) -> Outcome:
        await self.all_read()
        old = self._find_old(urn, goal)
        new = self._state(urn, goal)
        new.external = True
        new.provider = goal.provider or await self.default_provider(urns.package_of(goal.type))
        backend = await self._instance(new.provider)
        if has_unknown(id_):
            return Outcome(urn, UNKNOWN)
        new.inputs = goal.inputs
        found = await self._read(backend, "read", copy_with(new, id=unsecret(id_)))
        new.id, new.outputs = found.id, found.outputs
        replaces = old is not None and not old.external and old.id != new.id
        step = Step("read-replacement" if replaces else "read", urn, old, new)
        self._announce(step)
        if old is not None and replaces:
            old.delete = not self.options.preview
            self._supersede(old)
        if old is not None and old.external:
            new.created, new.modified = old.created, old.modified
        else:
            self.stamp(new, made=True)
        self._settle(new, old, step, counted=old is not None and not replaces and new.outputs != old.outputs)
        if replaces:
            self.report.done(Step("replace", urn, old, new))
        return Outcome(urn, new.id, new.outputs)

    async def _read(self, backend: Backend, op: str, state: State) -> Found:
        """The object of this id, which the program says exists; `op` is what is told where it cannot be read."""
        step = Step(op, state.urn, None, state)
        async with self._slots:
            self._guard()
            try:
                found = await backend.read(state)
            except Exception as error:
                self.report.begin(step)
                raise ResourceError(state.urn, f"read failed: {_words(error)}") from error
        if found is None:
            self.report.begin(step)
            raise ResourceError(state.urn, f"resource '{state.id}' does not exist")
        return found

    async def read_state(self, state: State) -> Found | None:
        """The object of a record, as it is now; None if it is gone."""
        self._guard()
        backend = await self._instance(state.provider)  # the one of the record; before its turn comes the program may configure the provider anew
        async with self._slots:
            self._guard()
            try:
                return await backend.read(state)
            except NotReadyError:
                raise
            except Exception as error:
                raise ResourceError(state.urn, f"read failed: {_words(error)}") from error

    async def invoke(self, token: str, arguments: Values, provider: str) -> tuple[Values, list[tuple[str, str]]]:
        """Call a provider's function."""
        await self.all_read()
        self._guard()
        ref = provider or await self.default_provider(urns.package_of(token))
        async with self._slots:
            return await (await self.registry.get(ref)).invoke(token, arguments)

    # --- outputs ---

    def outputs(self, urn: str, outputs: Values) -> None:
        """A component's, or the stack's, own outputs. The stack's are kept only if the whole run succeeds."""
        state = self.news.get(urn)
        if state is None:
            return
        if state.type == urns.ROOT_TYPE:
            self._stack_outputs = (state, outputs)
        elif state.outputs != outputs:
            state.outputs = outputs
            self._commit(put=[state])

    def keep_stack_outputs(self) -> None:
        if self._stack_outputs is not None and self._stack_outputs[0].outputs != self._stack_outputs[1]:
            state, outputs = self._stack_outputs
            state.outputs = outputs
            self._commit(put=[state])

    def stack_outputs(self) -> Values:
        """The stack's outputs as they are now (in a preview: as they would be)."""
        if self._stack_outputs is not None:
            return self._stack_outputs[1]
        return next((state.outputs for state in {**self.olds, **self.news}.values() if state.type == urns.ROOT_TYPE), {})

    # --- targets ---

    def _untargeted(self, urn: str, goal: Goal, old: State | None) -> bool:
        targets = self.options.targets
        if not targets.limited or goal.type == urns.ROOT_TYPE or urns.is_provider(goal.type):
            return False
        if targets.wants(urn, goal.needs()):
            missing = sorted(goal.needs() & self._skipped)
            if not missing:
                return False
            if not targets.excluding:
                raise CheckError(urn, f"it needs {missing[0]}, which does not exist: give it as a target too")
        return True

    async def _leave(self, urn: str, old: State | None) -> Outcome:
        """A resource that this run does not touch."""
        await self.all_read()
        if old is None:
            self._skipped.add(urn)
            self.report.done(Step("same", urn))
            return Outcome(urn, UNKNOWN, skipped=True)
        kept = copy_with(old, urn=urn)
        self._settle(kept, old, Step("same", urn, old, kept))
        return Outcome(urn, kept.id, kept.outputs)

    # --- records ---

    def _settle(self, new: State, old: State | None, step: Step, counted: bool = True, done: list[Pending | None] | None = None) -> None:
        """Take a result into the state, and write it down if it differs."""
        self.mark_secrets(new)
        self.news[new.urn] = new
        if urns.is_provider(new.type):
            self.registry.know(new)
        both = self._both(new, old)
        if done or old is None or old.delete or new != old:
            self._commit(put=both, done=done or [])
        self.report.done(step, counted)

    def _both(self, new: State, old: State | None) -> list[State]:
        """The rows to write: a record that stays for its deletion keeps its own, else the new one takes it over."""
        if old is None:
            return [new]
        if old.delete:
            return [old, new]
        new.key = old.key
        return [new]

    def mark_secrets(self, state: State, before: State | None = None) -> None:
        """Secret is what was asked to be, an output that repeats a secret input, and what was secret `before`."""
        outputs = state.outputs
        marked = {}
        for key, value in outputs.items():
            if isinstance(value, Secret):
                continue
            given = state.inputs.get(key)
            was = before is not None and isinstance(before.outputs.get(key), Secret)
            if was or key in state.additional_secret_outputs or (isinstance(given, Secret) and given.value == value):
                marked[key] = Secret(value)
        if marked:
            state.outputs = {**outputs, **marked}

    def _keep_unready(self, new: State, error: NotReadyError, inputs: Values) -> None:
        new.id, new.outputs, new.init_errors = error.id, error.outputs, error.reasons
        new.inputs = error.inputs if error.inputs is not None else inputs
        self.mark_secrets(new)
        self.news[new.urn] = new

    def stamp(self, state: State, made: bool = False) -> None:
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        state.modified = now
        if made:
            state.created = now

    def _earlier(self, urn: str) -> list[Pending]:
        """Creates of a killed run that are now repeated: their records end here (the CLI keeps them for ever)."""
        found = [pending for pending in self._leftover if pending.kind == "creating" and pending.resource.urn == urn]
        self._leftover = [pending for pending in self._leftover if pending not in found]
        return found

    async def settle(self) -> None:
        """Give the other end time for what a killed run asked of it a moment ago: a look now could miss it, and it would be made twice."""
        begun = [pending.resource.modified for pending in self._leftover if pending.kind in ("creating", "updating") and pending.resource.modified]
        if not begun:
            return
        patience_s = min(SETTLE_S + SETTLE_EACH_S * len(begun), SETTLE_LONGEST_S)
        wait_s = min(patience_s, patience_s - (datetime.now(UTC) - datetime.fromisoformat(max(begun))).total_seconds())
        if wait_s <= 0:
            return
        self.report.info(f"the last run was killed at its work: waiting {wait_s:.1f} s for what it asked for to end")
        while not self.stopping and wait_s > 0:
            await asyncio.sleep(min(wait_s, 0.1))
            wait_s -= 0.1

    def forget_interrupted(self) -> None:
        """Interrupted updates and deletions are repeated by themselves: their records end; of creates it is told."""
        repeated = [pending for pending in self._leftover if pending.kind != "creating"]
        self._commit(done=list(repeated))
        self._leftover = [pending for pending in self._leftover if pending.kind == "creating"]
        for pending in self._leftover:
            self.report.warn("a create of this was interrupted; the object may exist already", pending.resource.urn)

    def interrupt(self) -> None:
        """Begin nothing more; what was begun ends."""
        self.broken = self.stopping = True
        self.report.error("interrupted: what was begun has ended and is recorded; run it again to go on")

    def clear_pending_creates(self) -> None:
        self._commit(done=list(self._leftover))
        self._leftover = []

    async def _begin(self, kind: str, state: State) -> Pending | None:
        if self.journal is None:
            return None
        pending, durable = self.journal.begin(kind, state)
        await durable
        return pending

    def _commit(self, put: list[State] | None = None, drop: list[State] | None = None, done: list[Pending | None] | list[Pending] | None = None) -> None:
        if self.journal is not None:
            self.journal.commit(put or [], drop or [], [pending for pending in done or [] if pending is not None])

    def follow_moves(self) -> None:
        """Records that were not registered again name others by their new URNs."""
        if self.moved and self.journal is not None:
            rest = [state for urn, state in self.olds.items() if urn not in self.seen and urn not in self.moved]
            self._commit(put=[state for state in [*rest, *self.doomed, *self.news.values()] if state.key and state.rename(self.moved)])

    async def tracked(self, work: Awaitable[Result]) -> Result:
        """Do this as part of the run: `drain` waits for it."""
        self._active += 1
        self._idle.clear()
        try:
            return await work
        finally:
            self._active -= 1
            if not self._active:
                self._idle.set()

    async def drain(self) -> None:
        """Wait until what was begun has ended."""
        await self._idle.wait()


def copy_with(state: State, **changes: Any) -> State:
    result = copy(state)
    for name, value in changes.items():
        setattr(result, name, value)
    return result


def _called(old: State, urn: str) -> State:
    """The old record under the URN that the resource has now."""
    return old if old.urn == urn else copy_with(old, urn=urn)


def _words(error: BaseException) -> str:
    """An exception as the user should read it."""
    text = error.lines[0].removeprefix("error: ") if isinstance(error, StackError) else str(error).strip()
    return text or type(error).__name__
