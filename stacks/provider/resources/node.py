"""An Ironic node: a machine that the cloud manages through its controller, and that Nova may give to a project whole."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.baremetal.v1.node import Node as SdkNode

from stacks.provider.baremetal import MASK, Metal
from stacks.provider.base import Inputs, NotReadyError, Remote, Wrong
from stacks.provider.cloud import Cloud, retry
from stacks.provider.waiting import POLL_S

KINDS = ("bios", "boot", "console", "deploy", "firmware", "inspect", "management", "network", "power", "raid", "rescue", "storage", "vendor")
_STATES = ("manageable", "available")
_WORDS = re.compile("[a-z ]+")  # what is not known yet is none
STATE_LIMIT_S = 3600  # cleaning may boot a machine several times
_MOVING = {  # by itself; what it is taken for meanwhile
    "verifying": "enroll",
    "inspecting": "manageable",
    "inspect wait": "manageable",
}
_FAILED = frozenset({"clean failed", "inspect failed"})
_CLEANING = frozenset({"cleaning", "clean wait"})


class Node(Metal):
    """`state`: manageable or available; empty, it is made manageable and then left to others, such as a `NodeProvision`.

    What Nova does with one that is available is no difference. Of `driverInfo`, `properties`, `interfaces` and `extra` only the keys that are named are
    compared. `driverSecrets` go into the driver's information too; Ironic masks them.
    """

    token, noun, sdk = "xiangyun:baremetal:Node", "node", SdkNode
    required = frozenset({"name", "driver"})
    optional: ClassVar[Mapping[str, Any]] = {
        "driverInfo": {},
        "driverSecrets": {},
        "properties": {},
        "resourceClass": "",
        "traits": [],
        "state": "",
        "interfaces": {},
        "conductorGroup": "",
        "owner": "",
        "lessee": "",
        "maintenance": False,
        "maintenanceReason": "",
        "description": "",
        "extra": {},
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "driver": "driver",
        "driverInfo": "driver_info",
        "properties": "properties",
        "resourceClass": "resource_class",
        "conductorGroup": "conductor_group",
        "owner": "owner",
        "lessee": "lessee",
        "description": "description",
        "extra": "extra",
    }
    mappings = frozenset({"driverInfo", "properties", "interfaces", "extra"})
    chosen = frozenset({"owner", "state"})
    unordered = frozenset({"traits"})
    unreadable, secret = frozenset({"driverSecrets"}), frozenset({"driverSecrets"})
    added = ("power",)
    outputs: ClassVar[Mapping[str, str]] = {"power": "power_state"}

    def check(self, given: Mapping[str, Any]) -> Wrong:
        wrong = super().check(given)
        interfaces, plain, secret = (value if isinstance(value := given.get(name), dict) else {} for name in ("interfaces", "driverInfo", "driverSecrets"))
        wrong += [("interfaces", f"has no {name}: there are {', '.join(KINDS)}") for name in sorted(interfaces.keys() - set(KINDS))]
        wrong += [("driverSecrets", f"has {name}, which is in driverInfo too") for name in sorted(plain.keys() & secret.keys())]
        if _WORDS.fullmatch(given.get("state") or "") and given["state"] not in _STATES:
            wrong.append(("state", f"is not one of {', '.join(_STATES)}"))
        if given.get("maintenanceReason") and given.get("maintenance") is False:
            wrong.append(("maintenanceReason", "is for a node in maintenance only"))
        return wrong

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = self.calls(cloud).create_node(**self.new(cloud, want, marker))
        return self._completed(cloud, self.as_asked(self.remote(cloud, made), want), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        self.change(cloud, have, want)
        return self._completed(cloud, have, want)

    def change(self, cloud: Cloud, have: Remote, want: Inputs) -> None:
        """Interfaces that another driver may not have go back to its own."""
        self.send(cloud, have.id, self.patch(have, want), **({"reset_interfaces": True} if have.inputs["driver"] != want["driver"] else {}))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        self.calls(cloud).delete_node(have.id)

    def body(self, want: Inputs, marker: str, names: Any) -> Inputs:
        """Secrets are part of the driver's information, each interface is a field."""
        sent = super().body(want, marker, names)
        sent["driver_info"] = {**want["driverInfo"], **want.get("driverSecrets", {})}
        return {**sent, **{f"{kind}_interface": name for kind, name in want["interfaces"].items()}}

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        inputs = {
            **known.inputs,
            "interfaces": {kind: name for kind in KINDS if (name := getattr(found, f"{kind}_interface"))},
            "traits": sorted(found.traits or ()),
            "state": standing(found),
            "maintenance": bool(found.is_maintenance),
            "maintenanceReason": found.maintenance_reason or "",
        }
        return Remote(known.id, inputs, {"power": found.power_state or ""}, known.marker)

    def as_asked(self, remote: Remote, want: Inputs) -> Remote:
        """With the values that Ironic masks as they were last set."""
        secret, plain = want.get("driverSecrets", {}), want.get("driverInfo", {})
        there = remote.inputs["driverInfo"]
        info = {key: plain.get(key, MASK) if value == MASK else value for key, value in there.items()}
        seen = {"driverInfo": info, "driverSecrets": {key: MASK for key in secret if key in there}}
        return super().as_asked(Remote(remote.id, {**remote.inputs, **seen}, remote.outputs, remote.marker), want)

    # --- what has calls of its own ---

    def _completed(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        """With traits, state and maintenance as wanted; Ironic cleans nothing that is in maintenance."""
        calls, before = self.calls(cloud), have.inputs
        if before["traits"] != want["traits"]:
            calls.set_node_traits(have.id, want["traits"])
        if before["maintenance"] and not want["maintenance"]:
            calls.unset_node_maintenance(have.id)
        try:
            found = reach(calls, have.id, want["state"])
        except StateError as error:
            raise NotReadyError(self.as_asked(self.remote(cloud, error.found), want), str(error)) from error
        if want["maintenance"] and any(before[name] != want[name] for name in ("maintenance", "maintenanceReason")):
            found = calls.set_node_maintenance(have.id, want["maintenanceReason"] or None)
        return self.as_asked(self.remote(cloud, found), want)


class StateError(Exception):
    """A node that does not get where it is to be."""

    def __init__(self, found: Any, reason: str) -> None:
        super().__init__(f"{reason} (node {found.id})")
        self.found = found


def standing(found: Any) -> str:
    """enroll, manageable, available (as Nova's, whatever it does with it), or the state in which it failed."""
    now = str(found.provision_state)
    if now in _CLEANING:
        return "manageable" if found.target_provision_state == "manageable" else "available"
    return _MOVING.get(now, now if now in _FAILED | {"enroll", "manageable"} else "available")


def reach(calls: Any, id_: str, state: str) -> Any:
    """The node once it is in this state; empty: at least manageable. Raises StateError with Ironic's words when the way there ends before."""
    limit, asked = time.monotonic() + STATE_LIMIT_S, set[str]()
    while True:
        found = retry(lambda: calls.get_node(id_))
        if found.provision_state not in _MOVING.keys() | _CLEANING:
            at = standing(found)
            if at == state or (not state and at in ("manageable", "available")):
                return found
            verb = "provide" if at == "manageable" else "manage"
            if verb in asked:
                raise StateError(found, f"Ironic could not make it {state or 'manageable'}: {found.last_error or f'it is {found.provision_state}'}")
            if at == "available" != found.provision_state:
                raise StateError(found, f"it cannot be made {state}: it is {found.provision_state}")
            asked.add(verb)
            calls.set_node_provision_state(id_, verb)
        if time.monotonic() > limit:
            raise StateError(found, f"it is {found.provision_state} after {STATE_LIMIT_S} s")
        time.sleep(POLL_S)
