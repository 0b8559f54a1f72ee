"""Engine events as Pulumi writes them, one JSON object each: what `pulumi.automation` reads back with `EngineEvent.from_json`."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pulumi.automation import events

_OWN = {"policy_packs": "PolicyPacks"}  # the one name that the CLI writes with a capital


def to_json(event: Any) -> Any:
    """An event, or a part of one; what is not set is left out."""
    if isinstance(event, events.BaseEvent):
        return {_name(key): to_json(value) for key, value in vars(event).items() if value is not None}
    if isinstance(event, Enum):
        return event.value
    if isinstance(event, dict):
        return {str(getattr(key, "value", key)): to_json(value) for key, value in event.items()}
    if isinstance(event, (list, tuple)):
        return [to_json(item) for item in event]
    return event


def _name(attribute: str) -> str:
    head, *rest = attribute.split("_")
    return _OWN.get(attribute) or head + "".join(word.capitalize() for word in rest)
