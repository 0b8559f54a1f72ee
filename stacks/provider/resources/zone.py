"""A Designate zone: a domain of the DNS and its name servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.dns.v2.zone import Zone as SdkZone

from stacks.provider.base import Inputs, Remote, Wrong
from stacks.provider.cloud import Cloud
from stacks.provider.dns import LIMIT_S, PAGE, Dns, as_of, failed
from stacks.provider.rows import rows
from stacks.provider.waiting import gone, settled


class Zone(Dns):
    """`name` ends with a dot. `kind` PRIMARY with `email`, or SECONDARY with `masters` (HOST:PORT), whose time to live and address are the master's.

    `attributes` choose its pool. `ttl` in seconds, 0: the cloud decides. Made in `project`, empty: the run's own. It is there when its name servers have it.
    """

    token, noun = "xiangyun:dns:Zone", "zone"
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {"kind": "PRIMARY", "email": "", "ttl": 0, "masters": [], "attributes": {}, "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "kind": "type",
        "email": "email",
        "ttl": "ttl",
        "masters": "masters",
        "attributes": "attributes",
        "project": "project_id",
    }
    chosen = frozenset({"email", "ttl", "masters", "project"})
    replace_on = frozenset({"name", "kind", "attributes", "project"})
    unordered = frozenset({"masters"})
    delete_first = True  # a name is there once

    def check(self, given: Mapping[str, Any]) -> Wrong:
        wrong = super().check(given)
        kind = given.get("kind", "PRIMARY")
        if kind == "PRIMARY":
            wrong += [] if given.get("email") else [("email", "is missing")]
            wrong += [("masters", "are a SECONDARY zone's")] if given.get("masters") else []
        elif kind == "SECONDARY":
            wrong += [] if given.get("masters") else [("masters", "are missing")]
            wrong += [(name, "is its master's to say") for name in ("email", "ttl") if given.get(name)]
        return wrong

    def complete(self, given: Mapping[str, Any]) -> Inputs:
        """Designate leaves the usual port out."""
        full = super().complete(given)
        if isinstance(full["masters"], list):
            full["masters"] = [one.removesuffix(":53") for one in full["masters"]]
        return full

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in rows(SdkZone, self.calls(cloud), limit=PAGE))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        body = self.new(cloud, want, marker)
        project = body.pop("project_id", None)
        made = (as_of(cloud, project) if project else self.calls(cloud)).create_zone(**body)
        return self._settled(cloud, made.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        self.calls(cloud).update_zone(have.id, **self.body(want, have.marker, self.names - self.replace_on))
        return self._settled(cloud, have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        super().delete(cloud, have)
        gone(lambda: self.calls(cloud).get_zone(have.id), f"the zone {have.id}", LIMIT_S)

    def _settled(self, cloud: Cloud, id_: str, want: Inputs) -> Remote:
        return settled(
            lambda: self.calls(cloud).get_zone(id_),
            lambda found: self.as_asked(self.remote(cloud, found), want),
            ("ACTIVE",),
            LIMIT_S,
            failed,
        )
