"""The types of Manila, on a real one whose storage is rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from keystoneauth1 import exceptions as auth

from stacks.components import resources as r
from stacks.engine import StackError
from stacks.provider.cloud import Cloud
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.further.served import there
from tests.stacks.memory import counts, records

pytestmark = pytest.mark.lab
KINDS = {token: kind for token, kind in TYPES.items() if kind.service == "shared-file-system"}
SHARE, ACCESS, SNAPSHOT, TYPE = (f"xiangyun:sharedfilesystem:{name}" for name in ("Share", "ShareAccess", "ShareSnapshot", "ShareType"))
NEEDS = pulumi.ResourceOptions


def shares(changed: bool) -> None:
    domain = r.Domain("domain", name="files")
    project = r.Project("project", name="files", domain=domain.id)
    mine = r.RoleAssignment("mine", role="member", project=project.id)  # Manila makes a share only in the token's project
    r.ShareQuota("quota", project=project.id, shares=20 if changed else 10, sizeGib=500, snapshots=5, networks=2)
    specs = {"snapshot_support": "True", **({"lab:tier": "gold"} if changed else {"lab:disks": "ssd"})}
    plain = r.ShareType("plain", name="plain", dhss=False, extraSpecs=specs, description="of all" if changed else "")
    own = r.ShareType("own", name="own", dhss=False, public=False, access=[project.id])
    size, metadata = (2, {"owner": "b"}) if changed else (3, {"owner": "a", "room": "1"})
    home = r.Share("home", name="homes" if changed else "home", protocol="NFS", sizeGib=size, type=plain.id, metadata=metadata)
    r.ShareAccess("lan", share=home.id, to="10.0.0.0/24", level="ro" if changed else "rw")
    r.ShareAccess("host", share=home.id, to="10.0.1.1")
    r.ShareSnapshot("before", share=home.id, name="before", description="of the change" if changed else "")
    theirs = r.Share("theirs", NEEDS(depends_on=[own, mine]), name="theirs", protocol="CIFS", sizeGib=2 if changed else 1, type="own", project=project.id)
    r.ShareAccess("alice", share=theirs.id, kind="user", to="alice")
    net = r.Network("net", name="files")
    subnet = r.Subnet("subnet", network=net.id, name="files", cidr="10.9.0.0/24")
    served = r.ShareType("served", name="served", dhss=True)
    inside = r.ShareNetwork("inside", name="files", network=net.id, subnet=subnet.id, description="of the unit" if changed else "")
    r.Share("on-a-server", name="on-a-server", protocol="NFS", sizeGib=1, type=served.id, network=inside.id, public=changed)


MADE = 18


def test_shares_are_made_read_changed_and_taken_away(pilot: Pilot, stack: Any) -> None:
    first, second = stack(lambda: shares(False)), stack(lambda: shares(True))
    assert counts(first.up()) == {"create": MADE}
    assert {record["type"] for record in records(first).values()} >= KINDS.keys()
    exported = records(first)["home"]["outputs"]["exportLocations"]
    assert [path.partition(":")[0] for path in exported] == ["10.0.0.10", "10.0.0.20"], "the preferred first, not the one for admins"
    assert records(first)["on-a-server"]["outputs"]["exportLocations"][0].startswith("10.9.0."), "an address of its share network"
    assert counts(first.refresh()) == {"same": MADE}, "read back as it was asked for"
    assert counts(first.up()) == {"same": MADE}
    assert counts(second.up()) == {"same": MADE - 8, "update": 7, "replace": 1}, "a rule's level cannot be changed"
    home = Cloud("province", pilot.state).sdk.shared_file_system.get_share(records(second)["home"]["id"])
    assert (home.size, home.metadata) == (2, {"owner": "b"}), "shrunk"
    assert counts(second.refresh()) == {"same": MADE}


def one(found: str | None = None) -> None:
    kind = r.ShareType("kind", name="one", dhss=False, extraSpecs={"snapshot_support": "True"})
    share = r.Share("share", name="one", protocol="NFS", sizeGib=1, type=kind.id)
    r.ShareAccess("access", NEEDS(import_=found), share=share.id, to="10.0.0.1")
    r.ShareSnapshot("snapshot", name="one", share=share.id)


def test_what_lost_its_answer_is_found_and_what_others_did_is_seen(pilot: Pilot, stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for token in (SHARE, ACCESS, SNAPSHOT, TYPE):
        kind = type(TYPES[token])

        def lose(*arguments: Any, real: Callable[..., Any] = kind.create) -> Any:
            real(*arguments)
            raise auth.ConnectFailure("the connection was reset")

        monkeypatch.setattr(kind, "create", lose)
    ours, before = stack(one), there(pilot, KINDS)
    assert counts(ours.up()) == {"create": 5}
    known = {token: {record["id"] for record in records(ours).values() if record["type"] == token} for token in KINDS}
    assert known == {token: ids - before[token] for token, ids in there(pilot, KINDS).items()}
    monkeypatch.undo()

    cloud, share = Cloud("province", pilot.state), records(ours)["share"]["id"]
    calls = TYPES[SHARE].calls(cloud)
    calls.update_share(share, display_name="theirs")
    access = cloud.index(TYPES[ACCESS])[records(ours)["access"]["id"]]
    TYPES[ACCESS].delete(cloud, access)
    assert counts(ours.refresh()) == {"same": 3, "update": 1, "delete": 1}, "a change by others is seen, and what they deleted"
    theirs = calls.create_access_rule(share, access_type="ip", access_to="10.0.0.1", access_level="rw")
    adopted = stack(lambda: one(theirs.id))
    assert counts(adopted.up()) == {"import": 1, "same": 3, "update": 1}
    TYPES[SNAPSHOT].delete(cloud, cloud.index(TYPES[SNAPSHOT])[records(ours)["snapshot"]["id"]])
    TYPES[SHARE].delete(cloud, cloud.index(TYPES[SHARE])[share])  # the stack is then destroyed without a fault


def refused(backend: str) -> None:
    kind = r.ShareType("kind", name="one", dhss=False, extraSpecs={"share_backend_name": backend})
    share = r.Share("share", name="one", protocol="NFS", sizeGib=1, type=kind.id)
    r.ShareAccess("access", share=share.id, kind="user", to="alice")


def test_what_manila_cannot_make_is_said_in_its_words_and_known(pilot: Pilot, stack: Any) -> None:
    nowhere = stack(lambda: refused("nowhere"))
    with pytest.raises(StackError, match=r"Share \(share\): .*Manila could not do it: the share is error: allocate host: No storage could be allocated"):
        nowhere.up()
    assert records(nowhere)["share"]["id"] in there(pilot, KINDS)[SHARE]
    nowhere.destroy()
    by_name = stack(lambda: refused("plain"))
    with pytest.raises(StackError, match=r"ShareAccess \(access\): .*Manila could not do it: the access rule is error: "):
        by_name.up()
    assert records(by_name)["access"]["id"] in there(pilot, KINDS)[ACCESS]
