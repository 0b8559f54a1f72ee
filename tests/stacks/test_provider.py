"""The provider's shared part: inputs, markers, what was left behind, retries, words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
import requests
from keystoneauth1 import exceptions as auth
from openstack import exceptions as openstack
from openstack.config import loader

from stacks.components import resources
from stacks.engine import Stack, StackError
from stacks.provider import cloud as clouds
from stacks.provider.base import NotReadyError, Remote, Resource, id_of, marked, marker_in, unmarked
from stacks.provider.mapped import Mapped
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.stacks.conftest import Kinds
from tests.stacks.fakecloud import FakeCloud
from tests.stacks.memory import counts, records

Make = Callable[..., Stack]
NETWORK = "xiangyun:network:Network"
PROJECT = "xiangyun:identity:Project"
FLAVOR = "xiangyun:compute:Flavor"
WAIT_S = 30


def http(status: int, body: str = "", **headers: str) -> openstack.HttpException:
    response = requests.Response()
    response.status_code = status
    response.headers.update({"x-openstack-request-id": "req-1", **headers})
    return openstack.HttpException("no", response=response, details=body)


@pytest.fixture
def stack(tmp_path: Path, cloud: FakeCloud) -> Callable[..., Stack]:
    def build(program: Callable[[], Any]) -> Stack:
        config = {"xiangyun:cloud": "test"}
        return Stack("p", "dev", program, tmp_path, {"xiangyun": OpenStackProvider}, config, passphrase="x")

    return build


def test_a_marker_follows_from_urn_and_what_forces_a_replacement() -> None:
    kind = TYPES[NETWORK]
    first = kind.marker("urn:a", {"name": "n", "physicalNetwork": "x"})
    assert first == kind.marker("urn:a", {"name": "other", "physicalNetwork": "x"})
    assert first != kind.marker("urn:a", {"name": "n", "physicalNetwork": "y"})
    assert first != kind.marker("urn:b", {"name": "n", "physicalNetwork": "x"})
    assert unmarked(marked("text", first)) == ("text", first)
    assert unmarked(marked("", first)) == ("", first)
    assert unmarked("by hand") == ("by hand", "")
    assert unmarked(None) == ("", "")
    assert marker_in(id_of(first)) == first
    assert UUID(id_of(first)).version == 8
    assert marker_in("9dc8e88b-c578-4531-8300-0123456789ab") == ""


def test_every_type_describes_itself_consistently() -> None:
    classes = {kind.token for kind in vars(resources).values() if isinstance(kind, type) and hasattr(kind, "token")}
    for token, kind in TYPES.items():
        assert kind.token == token
        assert not kind.required & kind.optional.keys(), token
        assert kind.replace_on <= kind.names, token
        assert kind.unordered <= kind.names, token
        assert kind.chosen <= kind.optional.keys(), token
        assert kind.unreadable <= kind.names, token
        ways = [kind.described, kind.unique, kind.own_id, kind.tagged] if isinstance(kind, Mapped) else [True]
        assert ways.count(True) == 1, f"{token} must be found again in one way"
        assert kind.secret <= kind.names | set(kind.added), token
        assert kind.asked_alone == (type(kind).get not in (Resource.get, Mapped.get)), token
        assert token in classes, f"{token} has no class for programs"
        if kind.names - kind.replace_on:
            assert type(kind).update is not Resource.update, f"{token} can change in place, and has no update"


def test_missing_and_unknown_inputs_are_named(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    from stacks.components.resources import Network

    with pytest.raises(StackError, match=r"Network \(n\): property name value: is missing; property nmae value: is not an input"):
        stack(lambda: Network("n", nmae="x") and None).preview()
    assert cloud.calls == []


def test_what_the_program_leaves_to_the_cloud_is_as_it_is(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    """An object that somebody made, with values that the program does not give: adopted as it is. One that it does give counts."""
    there = {**TYPES[NETWORK].complete({"name": "lan"}), "project": "p1", "type": "vxlan", "segment": 77, "mtu": 1450}
    cloud.of(NETWORK)["by-hand"] = Remote("by-hand", there)
    given: dict[str, Any] = {}
    ours = stack(lambda: resources.Network("n", name="lan", **given) and None)
    assert counts(ours.up(imports={f"{NETWORK}::n": "by-hand"})) == {"create": 1, "import": 1}
    assert counts(ours.refresh()) == {"same": 2}
    assert counts(ours.up(refresh=True)) == {"same": 2}
    assert cloud.calls == []
    assert cloud.of(NETWORK)["by-hand"].inputs == there
    given["segment"] = 77
    assert ours.preview(refresh=True).change_summary == {"same": 2}, "that is what it has"
    given["segment"] = 78
    assert ours.preview().change_summary == {"same": 1, "replace": 1}


def test_reads_of_one_type_wait_for_one_list_and_take_no_thread_of_their_own(
    stack: Callable[..., Stack], cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = stack(lambda: [resources.Network(f"n{n}", name=f"lan-{n}") for n in range(20)] and None)
    ours.up()
    calls: list[Callable[[], Any]] = []
    real = OpenStackProvider._call

    async def count(self: OpenStackProvider, kind: Resource, work: Callable[[], Any]) -> Any:
        calls.append(work)
        return await real(self, kind, work)

    monkeypatch.setattr(OpenStackProvider, "_call", count)
    cloud.change(NETWORK, "lan-7", shared=True)
    assert ours.preview(refresh=True).change_summary == {"same": 20, "update": 1}
    assert len(calls) == 1


def test_a_service_that_takes_its_time_keeps_back_no_other(
    stack: Callable[..., Stack], cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Networks are made while more flavors wait than there are threads for."""
    made, slow = threading.Event(), kinds[FLAVOR].create

    def wait(*arguments: Any) -> Remote:
        assert made.wait(WAIT_S)
        return slow(*arguments)

    quick = kinds[NETWORK].create

    def tell(*arguments: Any) -> Remote:
        made.set()
        return quick(*arguments)

    monkeypatch.setattr(kinds[FLAVOR], "create", wait)
    monkeypatch.setattr(kinds[NETWORK], "create", tell)

    def program() -> None:
        for n in range(100):
            resources.Flavor(f"f{n}", name=f"f{n}", vcpus=1, memoryMib=512, diskGib=1)
        resources.Network("n", name="lan")

    assert counts(stack(program).up()) == {"create": 102}


def test_a_create_whose_answer_was_lost_is_found_again(stack: Callable[..., Stack], cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    from stacks.components.resources import Network

    real = kinds[NETWORK].create

    def lose(*arguments: Any) -> Remote:
        real(*arguments)
        raise auth.ConnectFailure("the connection was reset")

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(kinds[NETWORK], "create", lose)
    ours = stack(lambda: Network("n", name="lan") and None)
    assert counts(ours.up()) == {"create": 2}
    assert [verb for verb, *_ in cloud.calls] == ["create"] or len(cloud.of(NETWORK)) == 1
    assert records(ours)["n"]["id"] in cloud.of(NETWORK)


def test_a_password_is_a_secret_also_when_the_program_forgot_to_say_so(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    ours = stack(lambda: resources.User("u", name="clerk", domain="d", password="Hidden-1") and None)
    assert "Hidden-1" not in ours.up().stdout
    assert records(ours)["u"]["inputs"]["password"]["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    assert cloud.named("xiangyun:identity:User", "clerk").inputs["password"] == "Hidden-1"


def test_what_a_killed_run_left_behind_is_taken_over(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    from stacks.components.resources import Network

    kind = TYPES[NETWORK]
    want = kind.complete({"name": "lan"})
    urn = "urn:pulumi:dev::p::xiangyun:network:Network::n"
    cloud.of(NETWORK)["left"] = Remote("left", want, {}, kind.marker(urn, want))
    ours = stack(lambda: Network("n", name="lan", mtu=1400) and None)
    ours.up()
    assert list(cloud.of(NETWORK)) == ["left"]
    assert cloud.of(NETWORK)["left"].inputs["mtu"] == 1400
    assert records(ours)["n"]["id"] == "left"


def test_a_replacement_never_takes_its_own_old_object(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    from stacks.components.resources import Project

    ours = stack(lambda: Project("p", name="x", domain="d") and None)
    ours.up()
    before = records(ours)["p"]
    ours.up(replace=[before["urn"]])
    assert records(ours)["p"]["id"] != before["id"]
    assert list(cloud.of(PROJECT)) == [records(ours)["p"]["id"]]


def test_made_but_not_ready_is_recorded_and_mended(stack: Callable[..., Stack], cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    from stacks.components.resources import Server

    kind = kinds["xiangyun:compute:Server"]
    real = kind.create

    def half(*arguments: Any) -> Remote:
        raise NotReadyError(real(*arguments), "Nova could not build it: No valid host was found")

    monkeypatch.setattr(kind, "create", half)
    ours = stack(lambda: Server("s", name="x", project="p", flavor="f", image="i", ports=["q"]) and None)
    with pytest.raises(StackError, match="No valid host was found"):
        ours.up()
    assert records(ours)["s"]["initErrors"] == ["Nova could not build it: No valid host was found"]
    monkeypatch.setattr(kind, "create", real)
    assert counts(ours.up()) == {"same": 1, "update": 1}
    assert len(cloud.of("xiangyun:compute:Server")) == 1


def test_lists_without_order_are_no_change(stack: Callable[..., Stack], cloud: FakeCloud) -> None:
    from stacks.components.resources import Aggregate

    hosts = ["b", "a"]
    ours = stack(lambda: Aggregate("g", name="g", hosts=list(hosts)) and None)
    ours.up()
    hosts.reverse()
    assert counts(ours.up()) == {"same": 2}


def test_a_busy_service_is_asked_again_with_growing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    answers: list[Any] = [http(503), http(429, **{"Retry-After": "7"}), "done"]

    def call() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert clouds.retry(call) == "done"
    assert waits == [0.5, 7.0]


def test_conflicts_are_retried_only_where_they_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    calls: list[int] = []

    def conflict() -> None:
        calls.append(1)
        raise http(409, "in use")

    with pytest.raises(openstack.HttpException):
        clouds.retry(conflict)
    assert len(calls) == 1
    with pytest.raises(openstack.HttpException):
        clouds.retry(conflict, conflicts=True)
    assert len(calls) == 1 + clouds.ATTEMPTS


def test_an_error_carries_the_apis_words_status_and_request() -> None:
    assert clouds.words(http(403, "disallowed by policy")) == "disallowed by policy (HTTP 403, request req-1)"
    assert clouds.words(ValueError("two\nlines")) == "two lines"
    refused = http(400, "BAD REQUEST")
    assert refused.response is not None
    refused.response._content = b'{"errors": {"errors": [{"path": ["records", 0], "message": "\'x\' is not a \'A\' Record"}]}}'
    assert clouds.words(refused) == "records.0: 'x' is not a 'A' Record (HTTP 400, request req-1)", "as Designate says it"


@pytest.mark.parametrize("service", clouds.FURTHER)
def test_a_service_that_a_cloud_lacks_is_named(service: str) -> None:
    cloud = clouds.Cloud.__new__(clouds.Cloud)
    cloud.name, cloud.sdk = "here", SimpleNamespace(has_service=lambda _: False)
    kind = next(kind for kind in TYPES.values() if kind.service == service)
    with pytest.raises(clouds.CloudError, match=f"^cloud here has no service {service} in its catalog$"):
        cloud.index(kind)


def test_a_zone_has_what_its_kind_wants() -> None:
    kind = TYPES["xiangyun:dns:Zone"]
    assert kind.check({"name": "a.b."}) == [("email", "is missing")]
    assert kind.check({"name": "a.b.", "kind": "SECONDARY", "ttl": 60}) == [("masters", "are missing"), ("ttl", "is its master's to say")]
    assert kind.check({"name": "a.b.", "email": "c@d.e", "masters": ["192.0.2.1"]}) == [("masters", "are a SECONDARY zone's")]
    assert kind.complete({"masters": ["192.0.2.2:53", "192.0.2.1:54"]})["masters"] == ["192.0.2.1:54", "192.0.2.2"]


def test_an_entry_that_is_missing_says_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "clouds.yaml").write_text("clouds: {other: {auth: {auth_url: 'http://127.0.0.1:1/v3'}}}\n")
    with pytest.raises(clouds.CloudError, match=r"cloud here: .*its entry belongs into .*clouds\.yaml"):
        clouds.Cloud("here", tmp_path)


def test_the_table_of_an_estate_does_not_hide_the_clouds_of_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, home = tmp_path / "clouds.yaml", tmp_path / "home.yaml"
    table.write_text("clouds: [{id: 'cloud:a'}]\n")
    home.write_text("clouds: {here: {auth: {auth_url: 'http://127.0.0.1:1/v3', username: a, password: b}}}\n")
    monkeypatch.setattr(loader, "CONFIG_FILES", [str(table), str(home), str(tmp_path / "none.yaml")])
    clouds.check_entry("here", tmp_path / ".xiangyun")
    with pytest.raises(clouds.CloudError, match=r"cloud there: .*its entry belongs into .*/\.xiangyun/clouds\.yaml"):
        clouds.check_entry("there", tmp_path / ".xiangyun")
    home.write_text("clouds: {here: {auth: {auth_url: 'http://127.0.0.1:1/v3', username: a}}}\n")
    with pytest.raises(clouds.CloudError, match=r"cloud here: no password: it belongs into secure\.yaml beside clouds\.yaml"):
        clouds.check_entry("here", tmp_path / ".xiangyun")
    home.write_text("clouds: [\n")
    with pytest.raises(clouds.CloudError, match=r"cloud here: clouds\.yaml or secure\.yaml beside it is not YAML"):
        clouds.check_entry("here", tmp_path / ".xiangyun")


def test_a_prefix_in_another_form_is_no_change() -> None:
    kind = TYPES["xiangyun:network:Subnet"]
    assert kind.complete({"cidr": "2001:DB8:0::/64"})["cidr"] == "2001:db8::/64"
    assert kind.complete({"cidr": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"})["cidr"] == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert kind.complete({"pool": "p"})["cidr"] == ""


def test_a_project_goes_after_what_neutron_made_for_it_so_that_a_killed_deletion_is_repeated_whole() -> None:
    calls: list[str] = []

    def delete(what: str) -> Callable[[str], None]:
        return lambda id_: calls.append(f"{what} {id_}")

    network = SimpleNamespace(security_groups=lambda **_: [SimpleNamespace(id="g")], delete_security_group=delete("group"))
    sdk = SimpleNamespace(network=network, identity=SimpleNamespace(delete_project=delete("project")))
    TYPES[PROJECT].delete(cast(clouds.Cloud, SimpleNamespace(sdk=sdk)), Remote("p", {}))
    assert calls == ["group g", "project p"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            auth.SSLError(
                "SSL exception connecting to https://a:1/v2.0/x: (Caused by SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] no issuer (_ssl.c:1006)'))"
            ),
            "https://a:1 is not trusted: no issuer: `cacert` of the cloud's entry in clouds.yaml is the file of the authority that signed its certificate",
        ),
        (auth.SSLError("SSL exception connecting to https://a/v3: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1)"), "wrong version number"),
    ],
)
def test_a_service_that_is_not_trusted_is_named_with_what_to_configure(error: Exception, said: str) -> None:
    assert said in clouds.words(error)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            auth.ConnectFailure("(Caused by ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 403 Forbidden')))"),
            "403 Forbidden: correct",
        ),
        (auth.ConnectFailure("(Caused by ProxyError('x', NewConnectionError(': [Errno 111] Connection refused')))"), "Connection refused: correct https_proxy"),
        (OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /a.pem"), "cannot be trusted: Could not find"),
        (auth.ConnectFailure("Unable to establish connection to http://a: [Errno 111] Connection refused"), "does not answer: Connection refused"),
    ],
)
def test_what_stands_in_the_way_of_a_login_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    auth_url = "{auth_url: 'http://a/v3', username: u, password: p, project_name: p, user_domain_id: d, project_domain_id: d}"
    (tmp_path / "clouds.yaml").write_text(f"clouds: {{one: {{auth: {auth_url}}}}}\n")

    def refuse(call: Any) -> None:
        raise error

    monkeypatch.setattr(clouds, "retry", refuse)
    with pytest.raises(clouds.CloudError, match=said) as found:
        clouds.Cloud("one", tmp_path)
    assert "\n" not in str(found.value)
