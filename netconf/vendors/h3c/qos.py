"""Classes of service, by classifier, behavior and policy. Source: H3C CR16000-F command reference, "ACL and QoS"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Class, DeviceConfig, Qos

form = forms("QoS")
CLASSIFIER = form("traffic classifier {name} operator or")
DSCP = form("if-match dscp {dscps:text}")
BEHAVIOR = form("traffic behavior {name}")
STRICT = form("queue ef bandwidth pct {percent:int}")
STRICT_FREE = form("queue sp")
WEIGHTED = form("queue af bandwidth pct {weight:int}")
POLICY = form("qos policy {name}")
BOUND = form("classifier {classifier} behavior {behavior}")
TRUST = form("qos trust dscp")
APPLY = form("qos apply policy {name} outbound")
NAME, PREFIX = "EXTRANET", "QUEUE-"
WORDS = {  # Comware prints these DSCPs as words
    46: "ef",
    0: "default",
    **{8 * n: f"cs{n}" for n in range(1, 8)},
    **{8 * n + 2 * drop: f"af{n}{drop}" for n in range(1, 5) for drop in (1, 2, 3)},
}
NUMBERS = {word: number for number, word in WORDS.items()}


def render(config: DeviceConfig) -> Iterator[Line]:
    if not config.qos:
        return
    at = config.qos.origin
    for row in config.qos.classes:
        yield CLASSIFIER(0, row.origin, PREFIX + row.name)
        yield DSCP(1, row.origin, " ".join(WORDS.get(dscp, str(dscp)) for dscp in row.dscp))
    for row in config.qos.classes:
        yield BEHAVIOR(0, row.origin, PREFIX + row.name)
        if not row.strict:
            yield WEIGHTED(1, row.origin, row.weight)
        elif row.limit_percent:
            yield STRICT(1, row.origin, row.limit_percent)
        else:
            yield STRICT_FREE(1, row.origin)
    yield POLICY(0, at, NAME)
    for row in config.qos.classes:
        yield BOUND(1, row.origin, PREFIX + row.name, PREFIX + row.name)


def read(text: Section) -> dict[str, Any]:
    """Classifiers and behaviors of other names are others' (acl.py has the control plane's)."""
    dscps, behaviors = {}, {}
    for (name,), section in text.each(CLASSIFIER, _ours):
        dscps[name] = tuple(NUMBERS.get(word) if word in NUMBERS else int(word) for word in section.value(DSCP, "").split())
    for (name,), section in text.each(BEHAVIOR, _ours):
        weight, percent = section.value(WEIGHTED), section.value(STRICT)
        behaviors[name] = (False, weight, None) if weight else (True, 10, percent) if percent or section.has(STRICT_FREE) else (False, 10, None)
    for _, section in text.each(POLICY, NAME.__eq__):
        rows = (Class(one.removeprefix(PREFIX), dscps[one], *behaviors[other]) for one, other in section.all(BOUND) if one in dscps and other in behaviors)  # type: ignore[arg-type]
        return {"qos": Qos(tuple(rows))}
    return {}


def _ours(name: str) -> bool:
    return name.startswith(PREFIX)
