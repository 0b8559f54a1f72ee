"""The types of Designate, on a real one with a real name server, which is asked what the stack made."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from keystoneauth1 import exceptions as auth

from lab.cloud import venv
from lab.session import Session
from stacks.components import resources as r
from stacks.engine import StackError
from stacks.provider.cloud import Cloud
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.further.served import there
from tests.stacks.memory import counts, records

pytestmark = pytest.mark.lab
KINDS = {token: kind for token, kind in TYPES.items() if kind.service == "dns"}
ZONE, RECORDS = "xiangyun:dns:Zone", "xiangyun:dns:RecordSet"
ASK = "import sys; from dns.resolver import Resolver as R; r = R(configure=False); r.nameservers, r.port = ['127.0.0.1'], int(sys.argv[1])"
NEEDS = pulumi.ResourceOptions


@pytest.fixture
def master() -> Iterator[str]:
    """HOST:PORT of the name server that far.example. is transferred from."""
    with subprocess.Popen([venv.python(), str(Path(__file__).with_name("dnsmaster.py"))], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield f"127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


def answer(pilot: Pilot, name: str, kind: str) -> list[str]:
    """What the name server says."""
    port = str(Session(pilot.estate).record["ports"]["named"])
    command = [venv.python(), "-c", f"{ASK}; print(*sorted(map(str, r.resolve(*sys.argv[2:]))), sep='\\n')", port, name, kind]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def zones(master: str, changed: bool) -> None:
    domain = r.Domain("domain", name="dns")
    project = r.Project("project", name="dns", domain=domain.id)
    gov = r.Zone("gov", name="gov.example.", email="dns@gov.example", ttl=900 if changed else 600, description="public" if changed else "")
    addresses = ["10.0.0.3"] if changed else ["10.0.0.2", "10.0.0.1"]
    r.RecordSet("www", zone=gov.id, name="www.gov.example.", type="A", records=addresses, ttl=0 if changed else 300)
    r.RecordSet("mail", zone=gov.id, name="post.gov.example." if changed else "gov.example.", type="MX", records=["10 www.gov.example."])
    theirs = r.Zone("theirs", name="unit.example.", email="dns@unit.example", project=project.id, attributes={"tier": "silver" if changed else "gold"})
    r.RecordSet("text", zone=theirs.id, name="unit.example.", type="TXT", records=['"v=spf1 -all"'], description="no mail")
    secret = pulumi.Output.secret("c2VjcmV0LTI=" if changed else "c2VjcmV0LTE=")
    r.TsigKey("key", name="transfer", scope="ZONE", of=gov.id, secret=secret)
    r.Zone("far", name="far.example.", kind="SECONDARY", masters=[master, "127.0.0.1:1"] if changed else [master])


def test_zones_are_made_served_read_changed_and_taken_away(pilot: Pilot, stack: Any, master: str) -> None:
    first, second = stack(lambda: zones(master, False)), stack(lambda: zones(master, True))
    assert counts(first.up()) == {"create": 10}
    assert answer(pilot, "www.gov.example.", "A") == ["10.0.0.1", "10.0.0.2"]
    assert answer(pilot, "unit.example.", "TXT") == ['"v=spf1 -all"']
    assert answer(pilot, "www.far.example.", "A") == ["10.0.0.6"]
    assert counts(first.refresh()) == {"same": 10}, "read back as it was asked for"
    assert counts(first.up()) == {"same": 10}
    assert counts(second.up()) == {"same": 3, "update": 3, "replace": 4}, "another name, a key, a zone for another pool and what is in it"
    assert answer(pilot, "www.gov.example.", "A") == ["10.0.0.3"]
    assert answer(pilot, "post.gov.example.", "MX") == ["10 www.gov.example."]
    assert counts(second.refresh()) == {"same": 10}


def test_what_has_lost_its_answer_is_found_by_its_marker(pilot: Pilot, stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for token in (ZONE, RECORDS):
        kind = type(TYPES[token])

        def lose(*arguments: Any, real: Callable[..., Any] = kind.create) -> Any:
            real(*arguments)
            raise auth.ConnectFailure("the connection was reset")

        monkeypatch.setattr(kind, "create", lose)
    ours = stack(lambda: one(["10.0.0.1"]))
    before = there(pilot, KINDS)
    assert counts(ours.up()) == {"create": 3}
    new = {token: ids - before[token] for token, ids in there(pilot, KINDS).items()}
    known = [(record["type"], {record["id"]}) for record in records(ours).values() if record["type"] in KINDS]
    assert sorted(known) == [(RECORDS, new[RECORDS]), (ZONE, new[ZONE])]


def one(addresses: list[str], found: str | None = None, here: bool = True) -> None:
    zone = r.Zone("zone", name="one.example.", email="dns@one.example")
    if here:
        r.RecordSet("www", NEEDS(import_=found), zone=zone.id, name="www.one.example.", type="A", records=addresses)


def test_what_others_made_is_adopted_and_what_they_deleted_is_no_error(pilot: Pilot, stack: Any) -> None:
    zone_only = stack(lambda: one([], here=False))
    zone_only.up()
    zone = records(zone_only)["zone"]["id"]
    sdk = Cloud("province", pilot.state).sdk.dns
    theirs = sdk.create_recordset(zone, name="www.one.example.", type="A", records=["10.0.0.7"])
    adopted = stack(lambda: one(["10.0.0.7"], found=theirs.id))
    assert counts(adopted.up())["import"] == 1
    assert records(adopted)["www"]["id"] == theirs.id
    sdk.update_recordset(theirs.id, zone_id=zone, records=["10.0.0.8"])
    assert counts(adopted.refresh())["update"] == 1, "a change by others is seen"
    sdk.delete_recordset(theirs.id, zone)
    sdk.delete_zone(zone)
    adopted.destroy()


def test_what_designate_refuses_or_cannot_bring_to_its_servers_is_said(pilot: Pilot, stack: Any) -> None:
    with pytest.raises(StackError, match=r"RecordSet \(www\): create failed: records\.0: 'nonsense' is not a 'A' Record \(HTTP 400, request req-"):
        stack(lambda: one(["nonsense"])).up()
    nobody = stack(lambda: r.Zone("far", name="nowhere.example.", kind="SECONDARY", masters=["127.0.0.1:1"]) and None)
    with pytest.raises(StackError, match=r"Zone \(far\): .*Designate could not bring it to its name servers: CREATE is ERROR"):
        nobody.up()
    assert records(nobody)["far"]["id"] in there(pilot, KINDS)[ZONE], "it is there, and known"
