"""Engine events in Pulumi's own JSON."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest
from pulumi.automation import events

from stacks.engine import StackError
from stacks.engine.events import to_json
from tests.stacks.conftest import Make
from tests.stacks.memory import Thing, World


def test_events_are_read_back_by_the_sdk_as_they_were(make: Make, world: World) -> None:
    def program() -> None:
        Thing("a", size=2, word=pulumi.Output.secret("hunter2"))
        Thing("b")

    seen: list[events.EngineEvent] = []
    world.fail["create", "b"] = "no room"
    with pytest.raises(StackError):
        make(program, secrets={"key": "swordfish"}).up(on_event=seen.append, parallel=1)
    written = [json.loads(json.dumps(to_json(event))) for event in seen]
    assert [repr(events.EngineEvent.from_json(item)) for item in written] == [repr(_plain(event)) for event in seen]
    kinds = [next(key for key in item if key not in ("sequence", "timestamp")) for item in written]
    assert kinds[0] == "preludeEvent"
    assert kinds[-2:] == ["summaryEvent", "cancelEvent"]
    assert written[0]["preludeEvent"] == {"config": {"p:key": "[secret]"}}
    failed = next(item["resOpFailedEvent"] for item in written if "resOpFailedEvent" in item)
    assert failed["metadata"]["urn"].endswith("::b")
    assert [item["sequence"] for item in written] == list(range(1, len(written) + 1))
    assert "hunter2" not in json.dumps(written)
    assert "swordfish" not in json.dumps(written)


def _plain(event: events.EngineEvent) -> events.EngineEvent:
    """As the SDK reads it: an absent detailed diff is an empty one."""
    for part in (event.resource_pre_event, event.res_outputs_event, event.res_op_failed_event):
        if part is not None:
            part.metadata.detailed_diff = part.metadata.detailed_diff or {}
    return event


def test_a_part_that_is_not_set_is_left_out() -> None:
    event: Any = events.EngineEvent(1, 2, diagnostic_event=events.DiagnosticEvent("m", "never", "info"))
    assert to_json(event) == {"sequence": 1, "timestamp": 2, "diagnosticEvent": {"message": "m", "color": "never", "severity": "info"}}
