"""What a run gives back: the classes of `pulumi.automation`, and the steps themselves."""

from __future__ import annotations

from typing import Any

from pulumi import automation

from stacks.engine.report import Step


class UpResult(automation.UpResult):
    """`summary.resource_changes` counts by operation; `outputs` by name; `steps` in the order they ended."""

    def __init__(self, steps: list[Step], **fields: Any) -> None:
        super().__init__(**fields)
        self.steps = steps


class PreviewResult(automation.PreviewResult):
    """`change_summary` (and `summary.resource_changes`) counts what would be done."""

    def __init__(self, steps: list[Step], summary: automation.UpdateSummary, **fields: Any) -> None:
        super().__init__(**fields)
        self.steps, self.summary = steps, summary


class RefreshResult(automation.RefreshResult):
    def __init__(self, steps: list[Step], **fields: Any) -> None:
        super().__init__(**fields)
        self.steps = steps


class DestroyResult(automation.DestroyResult):
    def __init__(self, steps: list[Step], **fields: Any) -> None:
        super().__init__(**fields)
        self.steps = steps
