"""INV-080: systems do not call one another in a circle where time matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import some
from inventory.model import Estate


def circles(calls: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Groups of more than one in which each reaches each (Tarjan's strongly connected components, without recursion), members and groups sorted."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    found: list[list[str]] = []
    for start in calls:
        if start in number:
            continue
        work = [(start, iter(calls[start]))]
        number[start] = low[start] = len(number)
        stack.append(start)
        waiting.add(start)
        while work:
            at, following = work[-1]
            for step in following:
                if step not in number:
                    number[step] = low[step] = len(number)
                    stack.append(step)
                    waiting.add(step)
                    work.append((step, iter(calls.get(step, ()))))
                    break
                if step in waiting:
                    low[at] = min(low[at], number[step])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == number[at]:
                    cut = stack.index(at)
                    group, stack[cut:] = stack[cut:], []
                    waiting.difference_update(group)
                    if len(group) > 1:
                        found.append(sorted(group))
    return sorted(found)


class CallCycles(Check):
    id, severity = "INV-080", Severity.WARNING
    title = Text(zh="系统间同步调用成环", en="Systems call one another in a circle")
    reason = Text(
        zh="限时调用成环，一个系统变慢就会互相拖垮；迁移时也无法分批先后。",
        en="In a circle of timed calls one slow system stops all, and no wave can move one before the other.",
    )
    advice = Text(
        zh="改为消息或批量交换，或把环内系统编入同一迁移批次。",
        en="Break it by messages or batches, or move the whole circle in one wave.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        calls: dict[str, list[str]] = {}
        for edge in estate.dependencies.values():
            if edge.kind == "call" and edge.latency_ms and edge.system != edge.needs:
                calls.setdefault(edge.system, []).append(edge.needs)
        for circle in circles(calls):
            zh, en = some(circle)
            yield self.finding(estate, circle[0], "id", zh=f"互相调用成环：{zh}", en=f"they call one another: {en}")
