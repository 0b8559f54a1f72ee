"""The provider and `xiangyun cloud` on a real OpenStack. What is changed for good is what `cloud up` makes of the pilot; all else is taken away again."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from keystoneauth1 import exceptions as auth
from typer.testing import CliRunner, Result

from inventory.load import load_estate
from inventory.model import Cloud, Estate, Flavor, Image, Pool, PoolHost, Quota, Tenant
from stacks import adoption, api, operations
from stacks.engine import Stack, StackError
from stacks.programs.cloud import stack_of
from stacks.provider.cloud import Cloud as Connected
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.memory import counts, records

pytestmark = pytest.mark.lab
SMALL = "cloud:small"
SYSTEM = "system:430224-0001"


def small(estate: Estate) -> Estate:
    """A cloud of its own on the same OpenStack: one host, one tenant, one flavor, one image; names that nobody else has."""
    pool = Pool(
        id="pool:small",
        name="small",
        kind="phytium",
        traits=("CUSTOM_SMALL",),
        hosts=(PoolHost(name="hn-phytium", arch="aarch64", vcpus=64, memory_mib=262144, disk_gib=2000),),
    )
    province = estate.clouds["cloud:hn-province"]
    cloud = Cloud(
        id=SMALL,
        name="small",
        kind="city",
        owner=province.owner,
        region=province.region,
        source=province.source,
        os_cloud=province.os_cloud,
        pools=(pool,),
        flavors=(Flavor(name="small.one", pool="pool:small", vcpus=1, memory_mib=512, disk_gib=1),),
        images=(Image(name="small-image", arch="aarch64", os="debian"),),
        tenants=(Tenant(unit=province.owner, quota=Quota(cores=4, memory_mib=8192, instances=2)),),
    )
    return estate.model_copy(update={"clouds": {SMALL: cloud}})


@pytest.fixture
def sdk(pilot: Pilot) -> Any:
    return Connected("province", pilot.state).sdk


@pytest.fixture
def mine(pilot: Pilot) -> Iterator[Estate]:
    """The small cloud; nothing of it is left behind."""
    estate = small(load_estate(pilot.estate))
    yield estate
    operations.destroy(estate, SMALL, pilot.state)


@pytest.fixture
def stack(pilot: Pilot, tmp_path: Path) -> Iterator[Callable[[Callable[[], Any]], Stack]]:
    """Stacks of single resources, destroyed afterwards."""
    made: list[Stack] = []

    def build(program: Callable[[], Any]) -> Stack:
        made.append(on_cloud(pilot.state, tmp_path, program))
        return made[-1]

    yield build
    for item in made[-1:]:
        item.destroy()


def on_cloud(state: Path, folder: Path, program: Callable[[], Any]) -> Stack:
    return Stack("lab", "test", program, folder, {"xiangyun": lambda: OpenStackProvider(state)}, {"xiangyun:cloud": "province"}, passphrase="x")


def run(pilot: Pilot, *words: str) -> Result:
    from cli.cloud import app

    return CliRunner().invoke(app, [*words, "--estate", str(pilot.estate), "--scope", "pilot"])


def test_the_provinces_cloud_with_the_landings_server(pilot: Pilot, sdk: Any) -> None:
    first = run(pilot, "up", "--yes")
    assert first.exit_code == 0, first.output + first.stderr
    again = run(pilot, "up", "--yes")
    assert (again.exit_code, again.output) == (0, "cloud:hn-province: nothing to do\n")
    assert run(pilot, "preview").exit_code == 0
    assert run(pilot, "drift").exit_code == 0
    estate = load_estate(pilot.estate)
    server = api.server_of(estate, pilot.state, SYSTEM)
    found = sdk.compute.get_server(server.id)
    assert (found.status, found.project_id) == ("ACTIVE", server.project)
    assert found.hypervisor_hostname.startswith("hn-x86-")
    assert server.address == "2001:db8:4300:c10::31"
    assert api.console_output(estate, pilot.state, SYSTEM)


def test_what_was_changed_behind_our_back_is_named_and_put_back(pilot: Pilot, sdk: Any, mine: Estate) -> None:
    assert operations.up(mine, SMALL, pilot.state).failed == ""
    assert operations.drift(mine, SMALL, pilot.state) == ()
    assert operations.preview(mine, SMALL, pilot.state).changes == ()
    project = next(item for item in sdk.identity.projects() if item.domain_id == sdk.identity.find_domain("small").id)
    sdk.compute.update_quota_set(project.id, cores=999)
    sdk.compute.create_flavor_extra_specs(sdk.compute.find_flavor("small.one"), {"hw:cpu_policy": "dedicated"})
    aggregate = next(item for item in sdk.compute.aggregates() if item.name == "small")
    sdk.compute.remove_host_from_aggregate(aggregate.id, "hn-phytium-1")
    sdk.image.delete_image(sdk.image.find_image("small-image").id)
    traits = TYPES["xiangyun:placement:ProviderTraits"]
    cloud = Connected("province", pilot.state)
    host = next(remote for remote in traits.list(cloud) if remote.inputs["host"] == "hn-phytium-1")
    owned = traits.get(cloud, host.id, {"traits": ["CUSTOM_SMALL"]})
    assert owned is not None
    assert owned.inputs["traits"] == ["CUSTOM_SMALL"]
    traits.delete(cloud, owned)
    found = {(change.op, change.type.split(":")[-1], *(item[0] for item in change.properties)) for change in operations.drift(mine, SMALL, pilot.state)}
    assert found == {
        ("changed", "ComputeQuota", "cores"),
        ("changed", "Flavor", "extraSpecs.hw:cpu_policy"),
        ("changed", "Aggregate", "hosts"),
        ("changed", "ProviderTraits", "traits"),
        ("gone", "Image"),
    }
    applied = operations.up(mine, SMALL, pilot.state)
    assert applied.failed == ""
    assert {op: number for op, number in applied.counts.items() if op != "same"} == {"update": 4, "create": 1}
    assert operations.drift(mine, SMALL, pilot.state) == ()


def test_a_cloud_that_exists_is_adopted_as_it_is(pilot: Pilot, mine: Estate) -> None:
    """Its state is lost: all is found again by what it is, and nothing is made or replaced."""

    def ids() -> dict[str, str]:
        deployment = stack_of(mine, SMALL, pilot.state).export_stack().deployment or {}
        return {record["urn"]: record["id"] for record in deployment["resources"] if record["custom"] and record["type"].startswith("xiangyun:")}

    assert operations.up(mine, SMALL, pilot.state).failed == ""
    before, file = ids(), stack_of(mine, SMALL, pilot.state).file
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    found = adoption.propose(mine, SMALL, pilot.state)
    assert not [one for one in found if one.reason]
    applied = operations.up(mine, SMALL, pilot.state, replace(operations.DEFAULT, imports={one.key: one.id for one in found}))
    assert applied.failed == ""
    assert applied.counts["import"] == len(found) >= 6
    assert ids() == before
    assert operations.preview(mine, SMALL, pilot.state).changes == ()


def test_everything_is_taken_away_again(pilot: Pilot, sdk: Any) -> None:
    mine = small(load_estate(pilot.estate))
    before = {trait.name for trait in sdk.placement.traits(name="startswith:CUSTOM_")}
    assert operations.up(mine, SMALL, pilot.state).failed == ""
    assert operations.destroy(mine, SMALL, pilot.state).failed == ""
    assert sdk.identity.find_domain("small") is None
    assert sdk.compute.find_flavor("small.one") is None
    assert sdk.image.find_image("small-image") is None
    assert not [item for item in sdk.compute.aggregates() if item.name == "small"]
    assert {trait.name for trait in sdk.placement.traits(name="startswith:CUSTOM_")} == before


def test_a_create_whose_answer_was_lost_is_not_made_twice(stack: Any, sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from stacks.components.resources import Network

    kind = TYPES["xiangyun:network:Network"]
    real = kind.create

    def lose(*arguments: Any) -> Any:
        real(*arguments)
        raise auth.ConnectFailure("the connection was reset")

    monkeypatch.setattr(kind, "create", lose)
    ours = stack(lambda: Network("lost", name="lost-answer") and None)
    assert counts(ours.up()) == {"create": 2}
    assert [item.id for item in sdk.network.networks(name="lost-answer")] == [records(ours)["lost"]["id"]]


@pytest.mark.parametrize("token", ["xiangyun:network:Network", "xiangyun:identity:Domain", "xiangyun:compute:Aggregate", "xiangyun:compute:Flavor"])
def test_a_run_killed_after_the_create_finds_its_object_again(pilot: Pilot, stack: Any, tmp_path: Path, token: str) -> None:
    from stacks.components import resources

    kind = TYPES[token]
    maker = getattr(resources, token.rsplit(":", 1)[-1])
    sizes = {"vcpus": 1, "memoryMib": 64, "diskGib": 1} if token.endswith("Flavor") else {}

    def program() -> None:
        maker("killed", name="killed-run", **sizes)

    def work() -> None:
        real = kind.create

        def kill(*arguments: Any) -> Any:
            real(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        vars(kind)["create"] = kill
        on_cloud(pilot.state, tmp_path, program).up()

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL
    ours = stack(program)
    assert counts(ours.up()) == {"same": 1, "create": 1}
    cloud = Connected("province", pilot.state)
    assert [remote.id for remote in kind.list(cloud) if remote.inputs["name"] == "killed-run"] == [records(ours)["killed"]["id"]]
    assert counts(ours.up()) == {"same": 2}


def test_traits_are_merged_with_those_of_others_and_a_conflict_is_repeated(pilot: Pilot, stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from stacks.components.resources import ProviderTraits, Trait
    from stacks.provider.resources import provider_traits

    cloud = Connected("province", pilot.state)
    host = next(remote.id for remote in TYPES["xiangyun:placement:ProviderTraits"].list(cloud) if remote.inputs["host"] == "hn-phytium-1")
    theirs = set(provider_traits._read(cloud, host)["traits"])
    real = provider_traits._read
    disturbed: list[bool] = []

    def disturb(connection: Any, id_: str) -> Any:
        """Another writer gets in between, once."""
        now = real(connection, id_)
        if not disturbed:
            disturbed.append(True)
            body = {"traits": now["traits"], "resource_provider_generation": now["resource_provider_generation"]}
            connection.sdk.placement.put(f"/resource_providers/{id_}/traits", json=body, microversion="1.6")
        return now

    def program() -> None:
        word = Trait("CUSTOM_MERGED", name="CUSTOM_MERGED")
        ProviderTraits("host", host="hn-phytium-1", traits=[word.id])

    monkeypatch.setattr(provider_traits, "_read", disturb)
    ours = stack(program)
    ours.up()
    assert disturbed
    assert set(real(cloud, host)["traits"]) == theirs | {"CUSTOM_MERGED"}
    ours.destroy()
    assert set(real(cloud, host)["traits"]) == theirs


def test_a_server_that_no_host_takes_is_kept_with_novas_words(pilot: Pilot, stack: Any, sdk: Any) -> None:
    from stacks.components.resources import Flavor as FlavorOf
    from stacks.components.resources import Image as ImageOf
    from stacks.components.resources import Server, Trait

    own = sdk.current_project_id

    def program() -> None:
        nowhere = Trait("CUSTOM_NOWHERE", name="CUSTOM_NOWHERE")
        flavor = FlavorOf("f", name="nowhere", vcpus=1, memoryMib=64, diskGib=1, extraSpecs=nowhere.id.apply(lambda name: {f"trait:{name}": "required"}))
        image = ImageOf("i", name="nowhere", arch="x86_64")
        Server("s", name="nowhere", project=own, flavor=flavor.id, image=image.id, ports=[])

    ours = stack(program)
    with pytest.raises(StackError, match=r"Server \(s\): create failed: Nova could not build it: .*[Nn]o valid host"):
        ours.up()
    assert records(ours)["s"]["initErrors"]
    assert counts(ours.destroy()) == {"delete": 5}


def test_a_wrong_password_and_a_cloud_that_is_down_are_one_line(pilot: Pilot) -> None:
    secure, entry = pilot.state / "secure.yaml", pilot.state / "clouds.yaml"
    kept = {file: file.read_text() for file in (secure, entry)}
    try:
        secure.write_text("clouds: {province: {auth: {password: wrong}}}\n")
        found = run(pilot, "preview")
        assert found.exit_code == 1
        assert found.stderr.startswith("xiangyun: cloud:hn-province: cloud province: ")
        assert "refused user admin: wrong name or password" in found.stderr
        assert found.stderr.count("\n") == 1
        secure.write_text(kept[secure])
        entry.write_text(
            "clouds: {province: {auth: {auth_url: 'http://127.0.0.1:9/v3', username: a, project_name: b, user_domain_id: c, project_domain_id: d}}}\n"
        )
        found = run(pilot, "preview")
        assert found.exit_code == 1
        assert found.stderr == "xiangyun: cloud:hn-province: cloud province: http://127.0.0.1:9/v3 does not answer: Connection refused\n"
    finally:
        for file, text in kept.items():
            file.write_text(text)
