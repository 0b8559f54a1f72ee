"""`xiangyun cloud`: preview, apply, refresh and compare the clouds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from cli import cloud_state
from cli.cloud_show import Display, applied_json, plan_json, show_applied, show_change, show_plan, text, warn
from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, YesOpt, confirm, debugging, group, load, reported, show_json, state_dir

if TYPE_CHECKING:
    from stacks.operations import Applied, Change, Options, Plan

app = group("Preview, apply, refresh and compare the clouds.")
app.add_typer(cloud_state.app, name="state")
T = TypeVar("T")
CloudOpt = Annotated[str | None, typer.Option("--cloud", help="One cloud, by id; else those of the scope that can be reached.")]
AllOpt = Annotated[bool, typer.Option("--all", help="All clouds of the scope that can be reached, side by side: what is done without --cloud too.")]
JobsOpt = Annotated[int, typer.Option("--jobs", min=0, help="How many clouds at a time; 0: one a processor, at least two.")]
TargetOpt = Annotated[
    list[str] | None, typer.Option("--target", "-t", help="Only this resource: URN, name or TYPE::NAME; * stands for anything. May be repeated.")
]
ExcludeOpt = Annotated[list[str] | None, typer.Option("--exclude", help="All but this resource, named as for --target. May be repeated.")]
DependentsOpt = Annotated[bool, typer.Option("--target-dependents", help="Also what depends on a target.")]
ParallelOpt = Annotated[int, typer.Option("--parallel", "-p", min=0, help="How many operations at a time in a cloud; 0: as many as there are.")]
RefreshOpt = Annotated[bool, typer.Option("--refresh/--no-refresh", help="Look first at what the cloud really has.")]
PackOpt = Annotated[list[Path] | None, typer.Option("--policy-pack", help="A policy pack's folder; what it forbids is not done. May be repeated.")]
PackConfigOpt = Annotated[list[Path] | None, typer.Option("--policy-pack-config", help="Settings of a pack (JSON), one for each --policy-pack, in order.")]
EventsOpt = Annotated[Path | None, typer.Option("--events", help="Write the engine's events here, one JSON object a line, as Pulumi's event log has them.")]
ImportOpt = Annotated[Path | None, typer.Option("--import", help="Objects of the cloud to adopt instead of making new ones: a file of `cloud adopt`.")]
SavePlanOpt = Annotated[Path | None, typer.Option("--save-plan", help="Save the plan here, for `up --plan`.")]
PlanOpt = Annotated[Path | None, typer.Option("--plan", help="A plan that preview saved: exactly that is done, or nothing.")]


@app.command()
def preview(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    everywhere: AllOpt = False,
    target: TargetOpt = None,
    exclude: ExcludeOpt = None,
    dependents: DependentsOpt = False,
    refresh: RefreshOpt = True,
    import_: ImportOpt = None,
    save_plan: SavePlanOpt = None,
    policy_pack: PackOpt = None,
    policy_pack_config: PackConfigOpt = None,
    parallel: ParallelOpt = 0,
    jobs: JobsOpt = 0,
    events: EventsOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Show what `up` would change, property by property. Exit code 3 if anything would.

    With --save-plan the plan is kept only if every cloud could be previewed.
    """
    with reported(), Display(events) as display:
        from stacks import adoption, operations, plans

        work = Work(estate, scope, cloud, everywhere, jobs, display)
        options = operations.Options(_all(target), _all(exclude), dependents, refresh, parallel, _all(policy_pack), _all(policy_pack_config))
        if import_ is not None:
            options = adoption.load(import_, work.clouds, options)
        work.check(options)
        found = work.each("preview", lambda name, watch: operations.preview(work.estate, name, work.state, options, watch))
        work.warn(found)
        if save_plan is not None and not work.failed:
            plans.save(save_plan, found.values(), options)
        if as_json:
            show_json([*(plan_json(plan) for plan in found.values()), *work.failures()])
        else:
            for plan in found.values():
                show_plan(plan)
            if save_plan is not None:
                typer.echo(f"{save_plan}: {'not written, since a cloud failed' if work.failed else 'saved; `up --plan` does this or nothing'}")
        work.leave(found=any(plan.changes for plan in found.values()))


@app.command()
def up(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    everywhere: AllOpt = False,
    target: TargetOpt = None,
    exclude: ExcludeOpt = None,
    dependents: DependentsOpt = False,
    refresh: RefreshOpt = True,
    import_: ImportOpt = None,
    plan: PlanOpt = None,
    policy_pack: PackOpt = None,
    policy_pack_config: PackConfigOpt = None,
    parallel: ParallelOpt = 0,
    jobs: JobsOpt = 0,
    events: EventsOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Bring the clouds to what the estate says. What was changed behind its back is put back. What was shown is what is done, or nothing."""
    with reported(), Display(events) as display:
        from inventory.errors import InputError
        from stacks import adoption, operations, plans

        work = Work(estate, scope, cloud, everywhere, jobs, display)
        options = operations.Options(_all(target), _all(exclude), dependents, refresh, parallel, _all(policy_pack), _all(policy_pack_config))
        if import_ is not None:
            options = adoption.load(import_, work.clouds, options)
        approved: Any = {}
        if plan is not None:
            if target or exclude or dependents or not refresh or import_:
                raise InputError("--plan brings its own --target, --exclude, --target-dependents, --refresh and --import: give them to preview")
            saved = plans.load(plan, work.clouds, options)
            work.clouds = [name for name in work.clouds if name in saved.clouds]
            approved, options = saved.clouds, saved.options
        work.check(options)
        found = work.each("preview", lambda name, watch: operations.preview(work.estate, name, work.state, options, watch, approved.get(name)))
        work.warn(found)
        if plan is not None:
            work.refuse_deviations(found, plan)

        def do(name: str, watch: Any) -> Applied:
            return operations.up(work.estate, name, work.state, options, watch, approved.get(name) or found[name].approved)

        work.apply(found, do, "cloud.up", as_json, yes)


@app.command()
def adopt(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write what is proposed here, for `up --import`.", show_default=False)] = None,
    as_json: JsonOpt = False,
) -> None:
    """Look for what the cloud has already of what `up` would make. Proposes, takes nothing. Exit code 3 if anything was found."""
    with reported(), Display(None) as display:
        from inventory.errors import Exit, InputError
        from stacks import adoption, operations

        work = Work(estate, scope, cloud, False, 1, display)
        if len(work.clouds) != 1:
            raise InputError(f"give --cloud, one of {', '.join(work.clouds)}")
        work.check(operations.DEFAULT)
        found = adoption.propose(work.estate, work.clouds[0], work.state)
        if out is not None:
            adoption.save(out, work.clouds[0], found)
        if as_json:
            show_json([{"type": one.type, "name": one.name, "id": one.id, "reason": one.reason} for one in found])
        else:
            for one in found:
                typer.echo(f"{'adopt ' + one.id if one.id else 'not sure'}: {one.type} {one.name}" + (f": {one.reason}" if one.reason else ""))
            count = sum(bool(one.id) for one in found)
            typer.echo(f"{work.clouds[0]}: {count} to adopt, {len(found) - count} to look at" + (f"; {out}: for `up --import`" if out else ""))
        raise typer.Exit(int(Exit.FOUND if found else Exit.OK))


@app.command()
def refresh(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    everywhere: AllOpt = False,
    target: TargetOpt = None,
    exclude: ExcludeOpt = None,
    dependents: DependentsOpt = False,
    forget_creates: Annotated[
        bool, typer.Option("--clear-pending-creates", help="Forget creates that were interrupted: whatever they made is looked after elsewhere.")
    ] = False,
    parallel: ParallelOpt = 0,
    jobs: JobsOpt = 0,
    events: EventsOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Take what the clouds really have into the state. The clouds are only read; the next `up` works from what was found."""
    with reported(), Display(events) as display:
        from stacks import operations

        work = Work(estate, scope, cloud, everywhere, jobs, display)
        options = operations.Options(_all(target), _all(exclude), dependents, True, parallel)
        work.check(options, program=False)
        drifts = work.each("drift", lambda name, watch: operations.drift(work.estate, name, work.state, options, watch))
        counts = {name: {"update": len(changes)} for name, changes in drifts.items()}
        found = {name: operations.Plan(name, changes, counts[name]) for name, changes in drifts.items()}

        def do(name: str, watch: Any) -> Applied:
            return operations.refresh(work.estate, name, work.state, options, watch, forget_creates)

        work.apply(found, do, "cloud.refresh", as_json, yes, show=_show_drift, even_so=forget_creates, question="Take this into the state of")


@app.command()
def drift(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    everywhere: AllOpt = False,
    target: TargetOpt = None,
    exclude: ExcludeOpt = None,
    dependents: DependentsOpt = False,
    parallel: ParallelOpt = 0,
    jobs: JobsOpt = 0,
    events: EventsOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Find what was changed behind our back. Changes nothing. Exit code 3 if anything was."""
    with reported(), Display(events) as display:
        from stacks import operations

        work = Work(estate, scope, cloud, everywhere, jobs, display)
        options = operations.Options(_all(target), _all(exclude), dependents, True, parallel)
        work.check(options, program=False)
        found = work.each("drift", lambda name, watch: operations.drift(work.estate, name, work.state, options, watch))
        if as_json:
            show_json([*({"cloud": name, "changes": [change.as_dict() for change in changes]} for name, changes in found.items()), *work.failures()])
        else:
            for name, changes in found.items():
                _show_changes(name, changes)
        work.leave(found=any(found.values()))


@app.command()
def outputs(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False) -> None:
    """Show the stacks' outputs; secrets are masked."""
    with reported(), Display(None) as display:
        from stacks import operations

        work = Work(estate, scope, cloud, False, 1, display)
        found = work.each("outputs", lambda name, watch: operations.outputs(work.estate, name, work.state))
        if as_json:
            show_json(found)
        else:
            for name, values in found.items():
                for key, value in values.items():
                    typer.echo(f"{name} {key}: {text(value)}")
        work.leave()


@app.command()
def destroy(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    everywhere: AllOpt = False,
    target: TargetOpt = None,
    exclude: ExcludeOpt = None,
    dependents: DependentsOpt = False,
    refresh: RefreshOpt = False,
    with_systems: Annotated[bool, typer.Option("--with-systems", help="Even clouds in which systems of the estate stand: their data is lost.")] = False,
    parallel: ParallelOpt = 0,
    jobs: JobsOpt = 0,
    events: EventsOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Delete everything that `up` made in the clouds, or the targets.

    Refused for a cloud in which a migrated system stands, unless --with-systems is given.
    """
    with reported(), Display(events) as display:
        from stacks import operations

        work = Work(estate, scope, cloud, everywhere, jobs, display)
        options = operations.Options(_all(target), _all(exclude), dependents, refresh, parallel)
        work.check(options, program=False)
        if not with_systems:
            for name in work.clouds:
                operations.refuse_if_systems_stand(work.estate, name)
        found = work.each("preview", lambda name, watch: operations.preview_destroy(work.estate, name, work.state, options, watch))

        def do(name: str, watch: Any) -> Applied:
            return operations.destroy(work.estate, name, work.state, options, watch, found[name].approved)

        work.apply(found, do, "cloud.destroy", as_json, yes)


@app.command()
def cancel(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False, yes: YesOpt = False) -> None:
    """Ask whoever is working on the clouds' states to stop at a safe point.

    A lock ends with the process that holds it, so that a killed run leaves none behind: then this says so, and what the next `up` will repeat.
    """
    with reported(), Display(None) as display:
        from stacks import states

        work = Work(estate, scope, cloud, False, 1, display)
        busy = {name: str(holder) for name in work.clouds if (holder := states.holder(work.estate, name, work.state))}
        if busy:
            confirm(f"Stop {', '.join(f'{holder} in {name}' for name, holder in busy.items())}?", yes)
        found = work.each("cancel", lambda name, watch: states.cancel(work.estate, name, work.state))
        if as_json:
            show_json([*({"cloud": name, "found": said} for name, said in found.items()), *work.failures()])
        else:
            for name, said in found.items():
                typer.echo(f"{name}: {said}")
        work.leave()


class Work:
    """A command over several clouds: one that fails is named, and the rest go on."""

    def __init__(self, folder: Path, scope: str | None, cloud: str | None, everywhere: bool, jobs: int, display: Display) -> None:
        from inventory.errors import InputError
        from inventory.scope import scoped
        from stacks import operations

        if everywhere and cloud:
            raise InputError("--all and --cloud cannot be given together")
        self.estate = load(folder)
        self.state = state_dir(folder)
        self.clouds = operations.reachable(scoped(self.estate, scope), cloud)
        self.failed: dict[str, str] = {}  # by cloud
        self._jobs, self._display = jobs, display

    def check(self, options: Options, program: bool = True) -> None:
        """Refuse wrong input for any cloud before one is touched."""
        from stacks import operations

        operations.check(self.estate, self.clouds, self.state, options, program)

    def each(
        self,
        doing: str,
        call: Callable[[str, Any], T],
        totals: dict[str, int] | None = None,
        clouds: list[str] | None = None,
        done: Callable[[T], Any] | None = None,
    ) -> dict[str, T]:
        """Do this in all the clouds, side by side; the results by cloud, in the clouds' order. `done` is told of each as it ends."""
        from inventory.errors import XiangyunError
        from stacks import fleet

        clouds = self.clouds if clouds is None else clouds
        results: dict[str, T] = {}
        wrong: dict[str, XiangyunError] = {}
        self._display.phase(doing, {name: (totals or {}).get(name) for name in clouds})
        try:
            for name, found in fleet.run(clouds, call, 1 if debugging() else self._jobs, self._display.watch):
                if isinstance(found, XiangyunError):
                    wrong[name] = found
                else:
                    results[name] = found
                    if done is not None:
                        done(found)
        finally:
            self._display.done()
            for name in clouds:
                if name in wrong:
                    self._fail(name, wrong[name])
        return {name: results[name] for name in clouds if name in results}

    def warn(self, plans: dict[str, Plan]) -> None:
        for plan in plans.values():
            warn(plan.warnings)

    def refuse_deviations(self, plans: dict[str, Plan], file: Path) -> None:
        """End with exit code 1 and a line for each difference, when one cloud now asks for something else than was approved, or cannot be asked."""
        from inventory.errors import Exit

        lines = [line for plan in plans.values() for line in plan.deviations]
        if not lines and not self.failed:
            return
        warn(lines)
        warn([f"{file} is not what is asked for now: nothing was done; preview again and have it approved" if lines else f"{file}: nothing was done"])
        raise typer.Exit(int(Exit.FAILED))

    def apply(
        self,
        plans: dict[str, Plan],
        call: Callable[[str, Any], Applied],
        what: str,
        as_json: bool,
        yes: bool,
        show: Callable[[Plan], None] = show_plan,
        even_so: bool = False,
        question: str = "Do this in",
    ) -> None:
        """Show, ask, do, record. `even_so`: also where there is nothing to see."""
        busy = {name: plan for name, plan in plans.items() if plan.changes or even_so}
        if not as_json:
            for name in plans:
                if name not in busy:
                    typer.echo(f"{name}: nothing to do")
            for plan in busy.values():
                show(plan)
        if busy:
            confirm(f"{question} {', '.join(busy)}?", yes)
        totals = {name: sum(number for op, number in plan.counts.items() if op not in ("same", "read")) for name, plan in busy.items()}
        ended: dict[str, Applied] = {}

        def note(applied: Applied) -> None:
            self._record(what, busy[applied.cloud], applied)
            ended[applied.cloud] = applied

        pressed = False
        try:
            if busy:
                self.each(what.removeprefix("cloud."), call, totals, list(busy), note)
        except KeyboardInterrupt:
            pressed = True
        done = [ended[name] for name in busy if name in ended]
        for applied in done:
            self._tell(applied, as_json)
        if as_json:
            show_json([*(applied_json(item) for item in done), *self.failures(set(ended))])
        if pressed or any(applied.interrupted for applied in done):
            warn(f"{name}: not begun" for name in busy if name not in ended and name not in self.failed)
            raise KeyboardInterrupt
        self.leave()

    def _tell(self, applied: Applied, as_json: bool) -> None:
        warn(applied.warnings)
        if not as_json:
            show_applied(applied)
        if applied.failed:
            self.failed[applied.cloud] = f"{applied.cloud}: {applied.failed}"
            warn(f"{applied.cloud}: {line}" for line in applied.failed.split("\n"))

    def leave(self, found: bool = False) -> None:
        from inventory.errors import Exit

        raise typer.Exit(int(Exit.FAILED if self.failed else Exit.FOUND if found else Exit.OK))

    def _record(self, what: str, plan: Plan, applied: Applied) -> None:
        from ledger import Ledger

        note = ", ".join(f"{op} {number}" for op, number in applied.counts.items() if op != "same")
        Ledger(self.state).record(
            what=what,
            on=applied.cloud,
            before=applied.before,
            after=applied.after,
            evidence={"plan": plan.digest},
            note=f"failed: {applied.failed}; {note}" if applied.failed else note,
        )

    def failures(self, told: set[str] | None = None) -> list[dict[str, Any]]:
        """Clouds that failed, for JSON, without those that were told already."""
        return [{"cloud": cloud, "failed": why} for cloud, why in self.failed.items() if cloud not in (told or ())]

    def _fail(self, cloud: str, error: Exception) -> None:
        if debugging():
            raise error
        self.failed[cloud] = str(error)
        warn(str(error).splitlines())


def _all(given: list[T] | None) -> tuple[T, ...]:
    return tuple(given or ())


def _show_drift(plan: Plan) -> None:
    _show_changes(plan.cloud, plan.changes)


def _show_changes(cloud: str, changes: tuple[Change, ...]) -> None:
    typer.echo(f"{cloud}: {f'{len(changes)} changed behind our back' if changes else 'nothing changed behind our back'}")
    for change in changes:
        show_change(change)
