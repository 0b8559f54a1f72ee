"""What a lab consists of, from an estate; no process is started."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cli.main import app
from inventory.errors import InputError
from inventory.load import load_estate
from inventory.model import Estate
from lab.cloud.config import CORE, MORE, SERVICES
from lab.spec import LabSpec, from_estate
from tests.lab.pilot import HUNAN


@pytest.fixture(scope="module")
def hunan() -> Estate:
    return load_estate(HUNAN)


def test_the_pilot_has_its_routers_links_and_lans(hunan: Estate) -> None:
    spec = from_estate(hunan, "pilot")
    assert [router.name for router in spec.routers][:2] == ["hn-core-1", "hn-core-2"]
    assert len(spec.routers) == 9
    assert len(spec.links) == 13
    assert {link.mtu for link in spec.links} == {9000}
    room = next(lan for lan in spec.lans if lan.id == "lan:cl-room")
    assert (room.router, room.interface, room.mtu) == ("cl-pe-1", "lan1", 1500)


def test_roles_follow_from_what_stands_where(hunan: Estate) -> None:
    machines = {machine.hostname: machine for machine in from_estate(hunan, "pilot").machines}
    assert {name: machine.role for name, machine in machines.items()} == {
        "svr-1": "room-system",
        "svr-2": "room-spare",
        "hall-1": "hall",
        "bastion-1": "bastion",
        "probe-1": "plain",
    }
    assert machines["svr-1"].service == ("2001:db8:4300:5000::1",)
    assert machines["hall-1"].uses == ("2001:db8:4300:5000::1",)
    assert machines["hall-1"].service == ()
    assert (machines["svr-2"].address, machines["svr-2"].gateway) == ("2001:db8:4302:2410::12/64", "2001:db8:4302:2410::1")


def test_the_cloud_has_the_pools_hosts_and_is_wired_to_its_lan(hunan: Estate) -> None:
    (cloud,) = from_estate(hunan, "pilot").clouds
    assert [(host.name, host.arch) for host in cloud.hosts if "kunpeng" in host.name] == [("hn-kunpeng-1", "aarch64"), ("hn-kunpeng-2", "aarch64")]
    assert cloud.hosts[0].traits == ("CUSTOM_POOL_X86",)
    assert cloud.networks == {"extranet": "lan:hn-cloud"}
    assert cloud.machines
    assert cloud.services == SERVICES


def test_a_spec_survives_json(hunan: Estate) -> None:
    spec = from_estate(hunan, "pilot")
    assert LabSpec.from_json(spec.to_json()) == spec
    assert LabSpec.from_json(LabSpec().to_json()) == LabSpec()


def test_an_asset_that_is_out_of_use_is_not_started(hunan: Estate) -> None:
    asset = hunan.assets["asset:430224-0002"]
    gone = hunan.model_copy(update={"assets": {**hunan.assets, asset.id: asset.model_copy(update={"status": "disposed"})}})
    assert asset.id not in [machine.id for machine in from_estate(gone, "pilot").machines]


def test_routers_of_other_vendors_are_refused_by_name(hunan: Estate) -> None:
    with pytest.raises(InputError, match=r"FRR routers only, and .* are not: choose a --scope"):
        from_estate(hunan, "xiangtan-hengyang")


def test_a_scope_without_routers_and_clouds_is_refused(hunan: Estate) -> None:
    scope = hunan.scopes["pilot"].model_copy(update={"devices": (), "clouds": ()})
    empty = hunan.model_copy(update={"scopes": {"empty": scope}})
    with pytest.raises(InputError, match="scope empty has no routers"):
        from_estate(empty, "empty")


def test_of_several_clouds_those_on_the_scopes_lans_have_machines_and_the_provinces_has_all_services(hunan: Estate) -> None:
    scope = hunan.scopes["pilot"].model_copy(update={"clouds": ("cloud:hn-province", "cloud:430100")})
    two = from_estate(hunan.model_copy(update={"scopes": {"two": scope}}), "two").clouds
    assert [(cloud.name, cloud.machines, cloud.services) for cloud in two] == [("province", True, SERVICES), ("changsha", False, CORE)]


def test_routers_of_other_vendors_do_not_keep_clouds_from_starting_alone(hunan: Estate) -> None:
    spec = from_estate(hunan, "xiangtan-hengyang", extranet=False)
    assert (spec.routers, spec.machines, spec.lans) == ((), (), ())
    assert [(cloud.name, cloud.networks) for cloud in spec.clouds] == [("xiangtan", {}), ("hengyang", {})]


def test_clouds_that_share_a_name_are_refused(hunan: Estate) -> None:
    scope = hunan.scopes["pilot"].model_copy(update={"clouds": ("cloud:hn-province", "cloud:hn-hpc")})
    hpc = hunan.clouds["cloud:hn-hpc"].model_copy(update={"os_cloud": "province"})
    two = hunan.model_copy(update={"scopes": {"two": scope}, "clouds": {**hunan.clouds, hpc.id: hpc}})
    with pytest.raises(InputError, match=r"os_cloud of its own .*: province of cloud:hn-province, cloud:hn-hpc"):
        from_estate(two, "two")


def test_all_clouds_of_the_province_can_be_started(hunan: Estate) -> None:
    clouds = from_estate(hunan, "clouds").clouds
    assert len(clouds) == len(hunan.clouds)
    assert all(cloud.hosts for cloud in clouds)


def test_services_on_request_are_the_clouds_that_has_all_and_named_by_the_command(hunan: Estate) -> None:
    (cloud,) = from_estate(hunan, "pilot", more=("ironic", "ironic")).clouds
    assert cloud.services == (*SERVICES, "ironic")
    several = {cloud.name: cloud.services for cloud in from_estate(hunan, "clouds", extranet=False, more=tuple(MORE)).clouds}
    assert several.pop("province") == (*SERVICES, *MORE)
    assert set(several.values()) == {CORE}
    with pytest.raises(InputError, match="the lab has no service swift to add: there are designate, ironic"):
        from_estate(hunan, "pilot", more=("swift",))
    told = CliRunner().invoke(app, ["lab", "up", "--help"]).output
    assert all(service in told for service in MORE)
