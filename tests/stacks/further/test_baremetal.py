"""Ironic's types on a real Ironic, whose hardware is fake: made, read back as it was asked for, changed, replaced, lost and found, adopted, taken away."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from stacks.components import resources as r
from stacks.engine import Stack, StackError
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.memory import counts, records
from tests.stacks.proxy import proxy

pytestmark = pytest.mark.lab
NEEDS = pulumi.ResourceOptions
METAL = {token: kind for token, kind in TYPES.items() if kind.service == "baremetal"}
NODE = "xiangyun:baremetal:Node"
Make = Callable[[Callable[[], Any]], Stack]


@pytest.fixture(scope="module")
def cloud(pilot: Pilot) -> Cloud:
    """A connection of the tests' own."""
    return Cloud("province", pilot.state)


@pytest.fixture
def sdk(cloud: Cloud) -> Any:
    return cloud.as_system().baremetal


@pytest.fixture
def make(pilot: Pilot, cloud: Cloud, tmp_path: Path) -> Iterator[Make]:
    """Stacks that are one, taken away at the end: Ironic has then what it had before."""
    before, made = there(cloud), []

    def build(program: Callable[[], Any]) -> Stack:
        provider = {"xiangyun": lambda: OpenStackProvider(pilot.state)}
        made.append(Stack("lab", "metal", program, tmp_path, provider, {"xiangyun:cloud": "province"}, passphrase="x"))
        return made[-1]

    yield build
    made[-1].destroy()
    assert there(cloud) == before


def there(cloud: Cloud) -> dict[str, set[str]]:
    for kind in METAL.values():
        cloud.forget(kind)
    return {token: set(cloud.index(kind)) for token, kind in METAL.items()}


def room(changed: bool = False) -> None:
    """Two machines of a room: one that Nova may have once its ports are there, one that is looked at still."""
    blade = r.Node(
        "blade",
        name="kunpeng-1",
        driver="fake-hardware",
        driverInfo={"redfish_address": "https://[2001:db8::2]" if changed else "https://[2001:db8::1]"},
        driverSecrets=pulumi.Output.secret({"redfish_password": "hidden-2" if changed else "hidden-1"}),
        properties={"cpu_arch": "aarch64", "memory_mb": 524288, **({"rack": "B07"} if changed else {"bay": 3})},
        resourceClass="baremetal.kunpeng-2" if changed else "baremetal.kunpeng",
        traits=["CUSTOM_KUNPENG_920", *(["CUSTOM_RAID"] if changed else [])],
        interfaces={"raid": "no-raid"} if changed else {"inspect": "no-inspect", "raid": "no-raid"},
        description="" if changed else "the first",
        conductorGroup="",
    )
    bond = r.NodePortGroup("bond", node=blade.id, name="kunpeng-1-bond", mode="802.3ad", properties={"miimon": "200" if changed else "100"})
    wired = {"switch_id": "aa:bb:cc:dd:ee:ff", "port_id": "10GE1/0/2" if changed else "10GE1/0/1"}
    first = r.NodePort("first", node=blade.id, address="52:54:00:AA:00:01", physicalNetwork="extranet", portGroup=bond.id, localLink=wired)
    other = r.Node("other", name="kunpeng-2", driver="fake-hardware", state="available" if changed else "manageable", maintenance=not changed)
    second = r.NodePort("second", node=other.id if changed else blade.id, address="52:54:00:AA:00:02", pxeEnabled=False, extra={"slot": "2"})
    r.NodeProvision("provision", NEEDS(depends_on=[first, second]), node=blade.id)
    steps: list[dict[str, Any]] = [{"interface": "raid", "step": "create_configuration", "args": {}, "priority": 90 if changed else 80}]
    r.DeployTemplate("template", name="CUSTOM_RAID", steps=steps)


def test_every_type_is_made_read_changed_replaced_and_taken_away(sdk: Any, make: Make, tmp_path: Path) -> None:
    made = counts(make(room).up())["create"]
    ours = records(make(room))
    assert METAL.keys() - {record["type"] for record in ours.values()} == {"xiangyun:baremetal:Allocation"}
    assert counts(make(room).up(refresh=True)) == {"same": made}, "read back as it was asked for"
    blade = sdk.get_node(ours["blade"]["id"])
    assert (blade.provision_state, blade.inspect_interface, blade.driver_info["redfish_password"]) == ("available", "no-inspect", "******")
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"hidden-1" in file.read_bytes()], "it is sealed in the state"

    sdk.set_node_provision_state(blade, "active", wait=True, timeout=30)
    assert counts(make(room).refresh()) == {"same": made}, "what Nova does with it is no difference"
    sdk.set_node_provision_state(blade, "deleted", wait=True, timeout=30)

    changed = make(lambda: room(changed=True))
    assert counts(changed.up()) == {"update": 5, "replace": 1, "same": made - 6}
    assert counts(changed.up(refresh=True)) == {"same": made}
    blade = sdk.get_node(blade.id)
    assert (blade.provision_state, blade.inspect_interface, blade.is_maintenance) == ("available", "fake", False)
    assert blade.properties == {"cpu_arch": "aarch64", "memory_mb": 524288, "rack": "B07"}
    assert sdk.get_node(ours["other"]["id"]).provision_state == "available"


def test_what_others_change_is_seen_and_put_back_and_what_inspection_adds_is_left(sdk: Any, make: Make) -> None:
    stack = make(room)
    stack.up()
    id_ = records(stack)["blade"]["id"]
    changes = {"/properties/cpu_arch": "x86_64", "/properties/local_gb": 900, "/driver_info/redfish_address": "https://elsewhere", "/driver_info/ca": "x"}
    sdk.patch_node(id_, [{"op": "add", "path": path, "value": value} for path, value in changes.items()])
    sdk.set_node_maintenance(id_, "somebody looks")
    sdk.delete_port(records(stack)["second"]["id"])
    assert Counter(step.op for step in stack.up(refresh=True).steps if step.op not in ("same", "refresh")) == {"update": 1, "create": 1}
    found = sdk.get_node(id_)
    assert (found.properties["cpu_arch"], found.properties["local_gb"], found.is_maintenance) == ("aarch64", 900, False)
    assert (found.driver_info["redfish_address"], found.driver_info["ca"]) == ("https://[2001:db8::1]", "x")
    sdk.delete_node(records(stack)["other"]["id"])  # and its destruction finds it gone


def test_every_change_whose_answer_is_lost_is_found_and_not_made_twice(cloud: Cloud, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.provider.cloud.FIRST_WAIT_S", 0.01)
    lock, seen = threading.Lock(), Counter[tuple[str, str]]()

    def fault(method: str, path: str) -> str:
        with lock:
            seen[method, path] += method not in ("GET", "HEAD") and "/auth/" not in path
            return "drop" if seen[method, path] == 1 else ""

    with proxy(fault) as address, pytest.MonkeyPatch.context() as environment:
        environment.setenv("http_proxy", address)
        environment.delenv("no_proxy", raising=False)
        for run in range(8):
            try:
                make(room).up()
                break
            except StackError:
                assert run < 7
    assert len(seen) > 5, "faults were met"
    ours = Counter(record["type"] for record in records(make(room)).values() if record["type"] in METAL)
    assert {token: len(ids) for token, ids in there(cloud).items() if ids} == ours
    assert {step.op for step in make(room).refresh().steps} == {"same"}


def test_what_was_made_by_hand_is_adopted_and_not_replaced(sdk: Any, make: Make) -> None:
    info = {"redfish_password": "old", "redfish_address": "https://[2001:db8::1]"}
    by_hand = sdk.create_node(name="kunpeng-1", driver="fake-hardware", driver_info=info, bios_interface="no-bios", properties={"rack": "B08"})
    port = sdk.create_port(node_id=by_hand.id, address="52:54:00:aa:00:01")
    imports = {f"{NODE}::blade": by_hand.id, "xiangyun:baremetal:Port::first": port.id}
    assert counts(make(room).up(imports=imports)) == {"create": 6, "import": 2, "update": 2}
    assert counts(make(room).up(refresh=True)) == {"same": 8}
    assert records(make(room))["blade"]["id"] == by_hand.id
    found = sdk.get_node(by_hand.id)
    assert (found.properties["cpu_arch"], found.properties["rack"], found.bios_interface) == ("aarch64", "B08", "no-bios"), "what we do not name is left alone"


def test_an_allocation_gets_the_node_that_fits_and_one_that_finds_none_leaves_nothing(cloud: Cloud, sdk: Any, make: Make) -> None:
    def program(name: str, kind: str) -> Callable[[], None]:
        def build() -> None:
            node = r.Node("node", name="free", driver="fake-hardware", state="available", resourceClass="free", traits=["CUSTOM_A"])
            if name:
                r.Allocation("taken", NEEDS(depends_on=[node]), name=name, resourceClass=kind, traits=["CUSTOM_A"])

        return build

    stack = make(program("", "free"))
    stack.up()
    node = records(stack)["node"]["id"]
    sdk.set_node_power_state(node, "power off", wait=True, timeout=30)  # Ironic allocates none of whose power it knows nothing
    stack = make(program("for-us", "free"))
    stack.up()
    ours = records(stack)
    assert ours["taken"]["outputs"]["node"] == node
    assert counts(make(program("for-them", "free")).up()) == {"update": 1, "same": 2}
    assert set(counts(make(program("for-them", "free")).up(refresh=True))) == {"same"}
    with pytest.raises(StackError, match="no available nodes match the resource class none"):
        make(program("for-them", "none")).up()
    assert there(cloud)["xiangyun:baremetal:Allocation"] == set()


def test_a_node_that_cannot_be_managed_is_kept_and_comes_right_when_its_driver_does(make: Make) -> None:
    def node(driver: str) -> Callable[[], Any]:
        return lambda: r.Node("node", name="by-hand", driver=driver, state="available") and None

    with pytest.raises(StackError, match=r"Ironic could not make it available: Failed to validate power driver interface .* \(node [0-9a-f-]{36}\)"):
        make(node("manual-management")).up()
    id_ = records(make(node("manual-management")))["node"]["id"]
    assert counts(make(node("fake-hardware")).up())["update"] == 1
    assert records(make(node("fake-hardware")))["node"]["id"] == id_
    assert set(counts(make(node("fake-hardware")).up(refresh=True))) == {"same"}


def test_a_cloud_without_ironic_says_so_and_has_all_else(cloud: Cloud, make: Make) -> None:
    identity = cloud.sdk.identity
    service = next(found for found in identity.services() if found.type == "baremetal")
    identity.update_service(service, is_enabled=False)
    try:

        def program() -> None:
            r.Trait("trait", name="CUSTOM_NO_METAL")
            r.Node("node", name="none", driver="fake-hardware")

        stack = make(program)
        with pytest.raises(StackError, match="cloud province has no service baremetal in its catalog"):
            stack.up()
        assert "trait" in records(stack)
    finally:
        identity.update_service(service, is_enabled=True)


def test_wrong_inputs_are_said_before_anything_is_asked(make: Make) -> None:
    def program() -> None:
        r.Node("odd", name="odd", driver="fake-hardware", extra={"a.b": 1}, interfaces={"nose": "x"}, maintenanceReason="why", maintenance=False)
        r.Node("twice", name="twice", driver="fake-hardware", driverInfo={"p": 1}, driverSecrets={"p": 2})

    with pytest.raises(StackError) as said:
        make(program).up()
    for words in ("has the key 'a.b'", "has no nose: there are bios", "is for a node in maintenance only", "has p, which is in driverInfo too"):
        assert words in str(said.value)
