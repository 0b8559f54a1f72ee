"""A Designate record set: all records of one name and one type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack import exceptions as api
from openstack.dns.v2.recordset import Recordset as SdkRecordset
from openstack.resource import Body

from stacks.provider.base import Inputs, Remote, Wrong
from stacks.provider.cloud import Cloud
from stacks.provider.dns import LIMIT_S, PAGE, Dns, failed
from stacks.provider.rows import rows
from stacks.provider.waiting import gone, settled


class _OfAllZones(SdkRecordset):
    base_path = "/recordsets"
    zone_id = Body("zone_id")


class RecordSet(Dns):
    """`name` in full, with the dot at its end. `ttl` in seconds, 0: the zone's. SOA, and NS of the zone itself, are Designate's and no stack's."""

    token, noun = "xiangyun:dns:RecordSet", "recordset"
    required = frozenset({"zone", "name", "type", "records"})
    optional: ClassVar[Mapping[str, Any]] = {"ttl": 0, "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"zone": "zone_id", "name": "name", "type": "type", "records": "records", "ttl": "ttl"}
    replace_on = frozenset({"zone", "name", "type"})
    unordered = frozenset({"records"})

    def check(self, given: Mapping[str, Any]) -> Wrong:
        return super().check(given) + ([("type", "SOA is made by Designate itself")] if given.get("type") == "SOA" else [])

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in rows(_OfAllZones, self.calls(cloud), limit=PAGE):
            if found.type != "SOA" and not (found.type == "NS" and found.name == found.zone_name):
                yield self.remote(cloud, found)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        body = self.new(cloud, want, marker)
        made = self.calls(cloud).create_recordset(body.pop("zone_id"), **body)
        return self._settled(cloud, made.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        body = self.body(want, have.marker, self.names - self.replace_on)
        self.calls(cloud).update_recordset(have.id, zone_id=want["zone"], **body)
        return self._settled(cloud, have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        zone = have.inputs["zone"]
        try:
            self.calls(cloud).delete_recordset(have.id, zone, ignore_missing=False)
        except api.NotFoundException:  # or its zone is gone, and all in it
            return
        gone(lambda: self.calls(cloud).get_recordset(have.id, zone), f"the record set {have.id}", LIMIT_S)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        return Remote(known.id, self.complete(known.inputs), known.outputs, known.marker)

    def _settled(self, cloud: Cloud, id_: str, want: Inputs) -> Remote:
        return settled(
            lambda: self.calls(cloud).get_recordset(id_, want["zone"]),
            lambda found: self.remote(cloud, found),
            ("ACTIVE",),
            LIMIT_S,
            failed,
        )
