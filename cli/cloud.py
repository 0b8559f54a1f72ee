"""`xiangyun cloud`: preview, apply and compare the clouds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, YesOpt, confirm, debugging, group, load, reported, show_json, state_dir

if TYPE_CHECKING:
    from inventory.model import Estate
    from stacks.operations import Applied, Change, Plan

app = group("Preview, apply and compare the clouds.")
CloudOpt = Annotated[str | None, typer.Option("--cloud", help="One cloud, by id; else those of the scope that can be reached.")]
T = TypeVar("T")
_SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±", "import": "=", "changed": "~", "gone": "-"}


@app.command()
def preview(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False) -> None:
    """Show what `up` would change, property by property. Exit code 3 if anything would."""
    with reported():
        from stacks import operations

        work = Work(estate, scope, cloud)
        plans = work.each(operations.preview)
        if as_json:
            show_json([*(_plan(plan) for plan in plans.values()), *work.failures()])
        else:
            for plan in plans.values():
                _show(plan)
        work.leave(found=any(plan.changes for plan in plans.values()))


@app.command()
def up(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False, yes: YesOpt = False) -> None:
    """Bring the clouds to what the estate says. What was changed behind its back is put back."""
    with reported():
        from stacks import operations

        work = Work(estate, scope, cloud)
        plans = work.each(operations.preview)
        work.apply(plans, operations.up, "cloud.up", as_json, yes)


@app.command()
def drift(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False) -> None:
    """Find what was changed behind our back. Changes nothing. Exit code 3 if anything was."""
    with reported():
        from stacks import operations

        work = Work(estate, scope, cloud)
        found = work.each(operations.drift)
        if as_json:
            show_json([*({"cloud": name, "changes": [change.as_dict() for change in changes]} for name, changes in found.items()), *work.failures()])
        else:
            for name, changes in found.items():
                typer.echo(f"{name}: {f'{len(changes)} changed behind our back' if changes else 'nothing changed behind our back'}")
                for change in changes:
                    _show_change(change)
        work.leave(found=any(found.values()))


@app.command()
def outputs(estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False) -> None:
    """Show the stacks' outputs; secrets are masked."""
    with reported():
        from stacks import operations

        work = Work(estate, scope, cloud)
        found = work.each(operations.outputs)
        if as_json:
            show_json(found)
        else:
            for name, values in found.items():
                for key, value in values.items():
                    typer.echo(f"{name} {key}: {_text(value)}")
        work.leave()


@app.command()
def destroy(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    with_systems: Annotated[bool, typer.Option("--with-systems", help="Even clouds in which systems of the estate stand: their data is lost.")] = False,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Delete everything that `up` made in the clouds.

    Refused for a cloud in which a migrated system stands, unless --with-systems is given.
    """
    with reported():
        from stacks import operations

        work = Work(estate, scope, cloud)
        if not with_systems:
            for name in work.clouds:
                operations.refuse_if_systems_stand(work.estate, name)
        plans = work.each(operations.preview_destroy)
        work.apply(plans, operations.destroy, "cloud.destroy", as_json, yes)


class Work:
    """A command over several clouds: one that fails is named, and the rest go on."""

    def __init__(self, folder: Path, scope: str | None, cloud: str | None) -> None:
        from inventory.scope import scoped
        from stacks import operations

        self.estate = load(folder)
        self.state = state_dir(folder)
        self.clouds = operations.reachable(scoped(self.estate, scope), cloud)
        self.failed: dict[str, str] = {}  # by cloud

    def each(self, call: Callable[[Estate, str, Path], T]) -> dict[str, T]:
        """The results, by cloud."""
        results = {}
        for name in self.clouds:
            with self._failures(name):
                results[name] = call(self.estate, name, self.state)
        return results

    def apply(self, plans: dict[str, Plan], call: Callable[..., Applied], what: str, as_json: bool, yes: bool) -> None:
        """Show, ask, do, record."""
        busy = {name: plan for name, plan in plans.items() if plan.changes}
        if not as_json:
            for name in plans.keys() - busy.keys():
                typer.echo(f"{name}: nothing to do")
            for plan in busy.values():
                _show(plan)
        if busy:
            confirm(f"Do this in {', '.join(busy)}?", yes)
        done = []
        for name, plan in busy.items():
            with self._failures(name):
                applied = call(self.estate, name, self.state, None if as_json else typer.echo)
                self._record(what, plan, applied)
                done.append(applied)
                if applied.interrupted:
                    raise KeyboardInterrupt
                if applied.failed:
                    self._fail(name, f"{name}: {applied.failed}")
        if as_json:
            show_json([*(_applied(item) for item in done), *self.failures({item.cloud for item in done})])
        self.leave()

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

    def _failures(self, cloud: str) -> Failures:
        return Failures(self, cloud)

    def failures(self, told: set[str] | None = None) -> list[dict[str, Any]]:
        """Clouds that failed, for JSON, without those that were told already."""
        return [{"cloud": cloud, "failed": why} for cloud, why in self.failed.items() if cloud not in (told or ())]

    def _fail(self, cloud: str, message: str) -> None:
        self.failed[cloud] = message
        for line in message.splitlines():
            typer.echo(f"xiangyun: {line}", err=True)


class Failures:
    """Says a cloud's failure and lets the others go on."""

    def __init__(self, work: Work, cloud: str) -> None:
        self._work, self._cloud = work, cloud

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        from inventory.errors import InputError, XiangyunError

        if not isinstance(error, XiangyunError) or isinstance(error, InputError) or debugging():
            return False
        self._work._fail(self._cloud, str(error))
        return True


def _show(plan: Plan) -> None:
    typer.echo(f"{plan.cloud}: {_counted(plan.counts) if plan.changes else 'no changes'}")
    for change in plan.changes:
        _show_change(change)


def _show_change(change: Change) -> None:
    typer.echo(f"  {_SIGNS.get(change.op, '*')} {change.type} {change.name}{' is gone' if change.op == 'gone' else ''}")
    for name, before, after in change.properties:
        typer.echo(f"      {name}: {_text(after) if change.op == 'create' else f'{_text(before)} → {_text(after)}'}")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {'unchanged' if op == 'same' else f'to {op}'}" for op, number in counts.items())


def _text(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plan(plan: Plan) -> dict[str, Any]:
    return {"cloud": plan.cloud, "digest": plan.digest, "counts": plan.counts, "changes": [change.as_dict() for change in plan.changes]}


def _applied(applied: Applied) -> dict[str, Any]:
    return {"cloud": applied.cloud, "before": applied.before, "after": applied.after, "counts": applied.counts, "failed": applied.failed}
