"""How `xiangyun cloud` shows plans, changes, progress and events."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from stacks.operations import Applied, Change, Plan

_SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±", "import": "=", "changed": "~", "gone": "-"}
_PAST = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced", "import": "imported", "same": "unchanged", "discard": "let go"}
_DOING = {"create": "creating", "update": "updating", "delete": "deleting", "replace": "replacing", "read": "reading", "import": "importing"}


def show_plan(plan: Plan) -> None:
    typer.echo(f"{plan.cloud}: {counted(plan.counts) if plan.changes else 'no changes'}")
    for change in plan.changes:
        show_change(change)


def show_change(change: Change) -> None:
    """The resource, and a line for each property: `path: before → after`; the ones that force a replacement say so."""
    typer.echo(f"  {_SIGNS.get(change.op, '*')} {change.type} {change.name}{' is gone' if change.op == 'gone' else ''}")
    for name, before, after in change.properties:
        mark = "  (replaced because of this)" if name in change.forced_by else ""
        typer.echo(f"      {name}: {text(after) if change.op == 'create' else f'{text(before)} → {text(after)}'}{mark}")
    if other := [name for name in change.forced_by if name not in {path for path, _, _ in change.properties}]:
        typer.echo(f"      replaced because of: {', '.join(other)}")


def show_applied(applied: Applied) -> None:
    done = ", ".join(f"{number} {_PAST.get(op, op)}" for op, number in applied.counts.items())
    typer.echo(f"{applied.cloud}: {done or 'nothing done'}")


def warn(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(f"xiangyun: {line}", err=True)


def counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {'unchanged' if op == 'same' else f'to {op}'}" for op, number in counts.items())


def text(value: Any) -> str:
    return "(none)" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def plan_json(plan: Plan) -> dict[str, Any]:
    changes = [change.as_dict() for change in plan.changes]
    return {"cloud": plan.cloud, "digest": plan.digest, "counts": plan.counts, "changes": changes, "warnings": list(plan.warnings)}


def applied_json(applied: Applied) -> dict[str, Any]:
    names = ("cloud", "before", "after", "counts", "failed", "warnings")
    return {name: getattr(applied, name) for name in names}


class Display:
    """Takes the engine's events of several clouds: each goes into the events file, and on a terminal a line for each cloud says what is being done.

    `with Display(file) as display:` around the whole work; `display.phase("up", {"cloud:a": 12})` before each part of it. Nothing is shown in CI.
    """

    def __init__(self, events: Path | None) -> None:
        from inventory.errors import XiangyunError

        self._bars: Any = None
        self._tasks: dict[str, Any] = {}
        try:
            self._file = events.open("w", encoding="utf-8") if events else None
        except OSError as error:
            raise XiangyunError(f"{events} cannot be written: {error.strerror}") from error

    @property
    def watch(self) -> Any:
        """What the events are given to; None where nobody wants them."""
        return self if self._file is not None or sys.stderr.isatty() else None

    def phase(self, doing: str, totals: dict[str, int | None]) -> Display:
        """Begin a part of the work: what is done, and to how many resources of each cloud (None: not known)."""
        self._close()
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[now]}"))
            # without its own thread: processes are forked while it is shown
            self._bars = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            self._bars.start()
            self._tasks = {cloud: self._bars.add_task(f"{cloud} {doing}", total=total, now="") for cloud, total in totals.items()}
            self._bars.refresh()
        return self

    def __call__(self, cloud: str, event: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"cloud": cloud, **event}, ensure_ascii=False) + "\n")
            self._file.flush()
        if self._bars is None or cloud not in self._tasks:
            return
        begun, ended = event.get("resourcePreEvent"), event.get("resOutputsEvent")
        if begun and begun["metadata"]["op"] != "same":
            meta = begun["metadata"]
            doing = "" if begun.get("planning") else f"{_DOING.get(meta['op'], meta['op'])} "
            self._bars.update(self._tasks[cloud], now=f"{doing}{meta['type']} {meta['urn'].split('::')[-1]}")
        if ended and (ended.get("planning") or _counts(ended["metadata"])):
            self._bars.advance(self._tasks[cloud])
        self._bars.refresh()

    def __enter__(self) -> Display:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.done()
        if self._file is not None:
            self._file.close()

    def done(self) -> None:
        """The part is over; its bars vanish."""
        self._close()

    def _close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks = {}


def _counts(meta: dict[str, Any]) -> bool:
    """Whether a plan counts this step: not what stays, not the halves of a replacement, not a default provider."""
    return meta["op"] in _PAST and meta["op"] != "same" and not (meta["type"].startswith("pulumi:providers:") and meta["urn"].endswith("::default"))
