"""INV-086: a target is told by a measure that there is."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate
from inventory.progress import MEASURES


class TargetMeasures(Check):
    id, severity = "INV-086", Severity.ERROR
    title = Text(zh="目标的度量不存在", en="A target names a measure that does not exist")
    reason = Text(
        zh="度量写错的目标会一直显示为“无法判断”，而底数其实能够判断。",
        en="A target whose measure is misspelt stays unknown, though the estate could tell it.",
    )
    advice = Text(
        zh="改正 targets.yaml 中的 measure；底数确实无法判断的目标删去 measure。",
        en="Correct the measure in targets.yaml; leave it out where the estate cannot tell.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        known = ", ".join(str(name) for name in MEASURES)
        for target in estate.targets.values():
            if target.measure is not None and target.measure not in MEASURES:
                zh, en = f"没有度量 {target.measure}：可用 {known}", f"there is no measure {target.measure}: known are {known}"
                yield self.finding(estate, f"target:{target.id}", "measure", zh=zh, en=en)
