"""Where the embedded engine does on purpose what the CLI does not: the table in docs/explanation/engine.md is made of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GONE = "(not there)"


@dataclass(frozen=True)
class Difference:
    """`ours`: what the embedded engine tells, by its place in the program's steps (see `differences` of test_engine_recorded.py)."""

    program: str
    what: str
    why: str
    ours: dict[str, Any]


_FACTS = {"name": "{name}", "arn": "arn:{name}", "password": "pw-{name}", "rev": 1}


def _made(name: str, **more: Any) -> dict[str, Any]:
    """A record of a thing with default inputs."""
    inputs = more.pop("inputs", {"size": 1})
    outputs = {key: value.format(name=name) if isinstance(value, str) else value for key, value in _FACTS.items()} | inputs
    where = {"parent": "pulumi:pulumi:Stack::p-dev", "provider": "pulumi:providers:mem::default::uuid-1"}
    return {"custom": True, "id": f"{name}-1", "inputs": inputs, "outputs": outputs, **where, **more}


_LINK = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "id": "a-1", "packageVersion": "", "urn": "mem:index:Thing::a"}
_OWN = ("pulumi:providers:mem::default", "pulumi:pulumi:Stack::p-dev")
_A, _B, _C = "mem:index:Thing::a", "mem:index:Thing::b", "mem:index:Thing::c"

DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "values",
        "a reference to a resource keeps its id in the inputs and outputs of whoever refers to it",
        "the SDK's server of providers drops the id on the wire; in process nothing is dropped",
        {f"1 up / state / {_B} / {part} / link": _LINK for part in ("inputs", "outputs")},
    ),
    Difference(
        "plan_and_a_removal",
        "the refusal names the resource whose deletion is not in the plan",
        "the CLI says only that some deletion is not",
        {"3 up / refused": [f"{_B}: the plan does not allow it"]},
    ),
    Difference(
        "killed_in_a_create",
        "a create that was begun by a run that was killed is done with when the resource is made, or found, by the next one",
        "the CLI keeps it in the state, and warns of it, until somebody clears it by hand",
        {"3 up / pending": GONE},
    ),
    Difference(
        "excluded_and_needed",
        "what needs an excluded resource that does not exist is not made, and the next run makes both",
        "the CLI makes it without its input, writes a state that it then calls invalid, and refuses to work with that from then on",
        {
            "1 up / changes / create": 2,
            "1 up / changes / same": 2,
            f"1 up / operations / {_B}": ["same"],
            "1 up / calls": ["create c"],
            "1 up / refused": GONE,
            f"1 up / state / {_B}": GONE,
            "2 up / refused": GONE,
            "2 up / changes": {"create": 2, "same": 2},
            "2 up / operations": {_A: ["create"], _B: ["create"], _C: ["same"], **{name: ["same"] for name in _OWN}},
            "2 up / calls": ["create a", "create b"],
            "2 up / state": {
                _A: _made("a"),
                _B: _made("b", inputs={"after": "arn:a", "size": 1}, dependencies=[_A], propertyDependencies={"after": [_A]}),
            },
        },
    ),
    Difference(
        "policy_remediation_of_a_secret",
        "a secret stays one where a remediation copies the properties",
        "copying reads it, and the CLI keeps in clear what the program had marked",
        {f"1 up / state / {_A} / {part} / word": {"secret": '"hunter2"'} for part in ("inputs", "outputs")},
    ),
    Difference(
        "policy_remediation_replaces",
        "the new object of a replacement has the inputs as the remediation made them",
        "the CLI makes it with those of the program, finds that they are to be remediated, and replaces it in every run from then on",
        {f"3 up / state / {_A} / {part} / kind": "allowed" for part in ("inputs", "outputs")},
    ),
    Difference(
        "policy_remediation_takes_a_default_away",
        "what a remediation gives is checked by the provider again, which adds its defaults and may refuse it",
        "in the CLI the provider is asked to make what it never checked",
        {f"1 up / state / {_A} / {part} / size": 1 for part in ("inputs", "outputs")},
    ),
    Difference(
        "policy_initial_configuration",
        "a policy whose pack gives it settings and no level keeps its level",
        "the CLI reads the missing level as advisory, and lets pass what the pack says is mandatory",
        {"2 preview / violations": [f"{_A}: settings@1.2.3 {name} (mandatory): Things are small. a is too big" for name in ("first", "second")]},
    ),
    Difference(
        "policy_configuration",
        "a configuration of a policy that the pack does not have is refused, with the names that it has",
        "the CLI ignores it, and a mistyped name leaves the policy as it was",
        {
            "9 preview / changes": GONE,
            "9 preview / operations": GONE,
            "9 preview / violations": GONE,
            "9 preview / refused": ["there is no policy smal"],
        },
    ),
)
