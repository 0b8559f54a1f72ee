"""Who may mount a share of Manila."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.resource import Body
from openstack.shared_file_system.v2.share import Share as SdkShare
from openstack.shared_file_system.v2.share_access_rule import ShareAccessRule

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.rows import rows
from stacks.provider.shares import Shared


class _Rule(ShareAccessRule):
    status = Body("state")


class ShareAccess(Shared):
    """`kind` ip (an address or a prefix), user, cert or cephx, of which `accessKey` is the key; `level` rw or ro. A share has one for each `to`."""

    token, noun, what = "xiangyun:sharedfilesystem:ShareAccess", "access_rule", "access rule"
    required = frozenset({"share", "to"})
    optional: ClassVar[Mapping[str, Any]] = {"kind": "ip", "level": "rw"}
    fields: ClassVar[Mapping[str, str]] = {"share": "share_id", "kind": "access_type", "to": "access_to", "level": "access_level"}
    outputs: ClassVar[Mapping[str, str]] = {"accessKey": "access_key"}
    added = ("accessKey",)
    replace_on = frozenset(fields)
    secret = frozenset({"accessKey"})
    delete_first = unique = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        """Share by share: the API has no other way."""
        calls = self.calls(cloud)
        for share in rows(SdkShare, calls, all_projects=True):
            for found in rows(_Rule, calls, share_id=share.id):
                known = self.remote(cloud, found)
                inputs = {**known.inputs, "share": share.id}  # which a list leaves out
                yield Remote(known.id, inputs, known.outputs, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        body = self.new(cloud, want, marker)
        made = self.calls(cloud).create_access_rule(body.pop("share_id"), **body)
        return self.settled(cloud, made.id, lambda: self._look(cloud, made.id), lambda found: self.remote(cloud, found), ("active",))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        self.calls(cloud).delete_access_rule(have.id, have.inputs["share"])
        self.gone(cloud, have.id, lambda: self._look(cloud, have.id))

    def _look(self, cloud: Cloud, id_: str) -> Any:
        return _Rule.new(id=id_).fetch(self.calls(cloud))
