"""The cloud's servers are machines: they boot, are logged in to across a router, stop, start, and go."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import openstack
import pytest
from ruamel.yaml import YAML

from lab import up as lab
from lab.client import LabError
from lab.cloud.golden import wait_port
from lab.session import Session
from tests.lab.small import login, login_through, run

pytestmark = pytest.mark.lab
ADDRESS = "2001:db8:0:2::31"


@pytest.fixture(scope="module")
def cloud(corner: Session) -> Any:
    """A connection by the files that the product reads."""
    entry = YAML(typ="safe").load((corner.state / "clouds.yaml").read_text())["clouds"]["small"]
    secret = YAML(typ="safe").load((corner.state / "secure.yaml").read_text())["clouds"]["small"]
    assert (corner.state / "secure.yaml").stat().st_mode & 0o777 == 0o600
    return openstack.connect(load_yaml_config=False, load_envvars=False, region_name=entry["region_name"], auth={**entry["auth"], **secret["auth"]})


@pytest.fixture(scope="module")
def router(corner: Session) -> None:
    """Addresses on the router, by SSH."""
    with login(corner, "r1", "auto") as shell:
        lines = ["configure terminal", "interface lan1", "ipv6 address 2001:db8:0:1::1/64", "interface lan2", "ipv6 address 2001:db8:0:2::1/64"]
        run(shell, "vtysh " + " ".join(f"-c '{line}'" for line in lines))


@pytest.fixture(scope="module")
def server(cloud: Any, corner: Session, router: None) -> Iterator[Any]:
    image = cloud.create_image("debian-12", filename=__file__, disk_format="raw", container_format="bare", wait=True)
    network = cloud.network.create_network(name="ext", provider_network_type="flat", provider_physical_network="extranet", mtu=1500)
    subnet = cloud.network.create_subnet(network_id=network.id, ip_version=6, cidr="2001:db8:0:2::/64", gateway_ip="2001:db8:0:2::1", enable_dhcp=False)
    group = cloud.network.create_security_group(name="ssh")
    cloud.network.create_security_group_rule(
        security_group_id=group.id, direction="ingress", ethertype="IPv6", protocol="tcp", port_range_min=22, port_range_max=22
    )
    port = cloud.network.create_port(network_id=network.id, fixed_ips=[{"subnet_id": subnet.id, "ip_address": ADDRESS}], security_groups=[group.id])
    flavor = cloud.compute.create_flavor(name="small", vcpus=2, ram=1024, disk=10)
    cloud.compute.create_flavor_extra_specs(flavor, {"trait:CUSTOM_POOL_X86": "required"})
    cloud.compute.create_keypair(name="lab", public_key=(corner.state / "keys/lab.pub").read_text())
    data = base64.b64encode(b"#!/bin/sh\necho first boot > /var/lib/said\n").decode()
    made = cloud.compute.create_server(name="web-1", image_id=image.id, flavor_id=flavor.id, networks=[{"port": port.id}], key_name="lab", user_data=data)
    yield cloud.compute.wait_for_server(made, interval=0.2, wait=60)
    cloud.delete_server(made.id, wait=True)


def until(value: Callable[[], Any], message: str, limit_s: float = 30) -> Any:
    end = time.monotonic() + limit_s
    while not (found := value()):
        assert time.monotonic() < end, message
        time.sleep(0.1)
    return found


def host_key(cloud: Any, server: Any) -> str:
    """Learnt from the console, as on any cloud."""

    def read() -> str:
        text = cloud.compute.get_server_console_output(server)["output"]
        found = re.search(r"-----BEGIN SSH HOST KEY KEYS-----\n(ssh-ed25519 \S+).*\n-----END SSH HOST KEY KEYS-----", text)
        return found[1] if found else ""

    return str(until(read, "no host key on the console"))


def test_a_server_is_a_machine_one_can_log_in_to(cloud: Any, server: Any, corner: Session) -> None:
    assert (server.status, server.compute_host) == ("ACTIVE", "x-1")
    key = host_key(cloud, server)
    with login(corner, "asset:1", "ops") as bastion, login_through(bastion, corner, ADDRESS, key) as shell:
        assert run(shell, "hostname") == "web-1\n"
        assert run(shell, "sudo -n id -un") == "root\n"
        assert run(shell, "cat /var/lib/said") == "first boot\n"
        assert f"{ADDRESS}/64" in run(shell, "ip -6 address show eth0")
        assert "link/ether fa:16:3e" in run(shell, "ip link show eth0")
        assert run(shell, "sudo -n -u postgres psql -XAtc 'select 1' postgres") == "1\n"


def test_its_security_group_holds_and_follows_changes(cloud: Any, server: Any, corner: Session) -> None:
    corner.client.ask("wait", node=server.id)
    corner.client.output(server.id, "sh", "-c", "echo 'server { listen [::]:80; }' > /etc/nginx/sites-enabled/test; service nginx reload")
    probe = f"import socket; socket.create_connection(('{ADDRESS}', 80), 1)"
    with login(corner, "asset:1", "ops") as bastion:

        def web() -> bool:
            return int(bastion.exec_command(f'python3 -c "{probe}"')[1].channel.recv_exit_status()) == 0

        until(lambda: not web(), "port 80 is open, and no rule opens it")
        group = cloud.network.find_security_group("ssh")
        rule = {
            "direction": "ingress",
            "ethertype": "IPv6",
            "protocol": "tcp",
            "port_range_min": 80,
            "port_range_max": 80,
            "remote_ip_prefix": "2001:db8:0:1::/64",
        }
        made = cloud.network.create_security_group_rule(security_group_id=group.id, **rule)
        until(web, "a rule opens port 80, and it stays closed")
        cloud.network.delete_security_group_rule(made)
        until(lambda: not web(), "the rule is gone, and port 80 stays open")
    assert "dport 22" in corner.client.output(server.id, "nft", "list", "ruleset")


def test_it_keeps_its_disk_and_its_host_key_when_it_is_off_and_on_again(cloud: Any, server: Any, corner: Session) -> None:
    key = host_key(cloud, server)
    corner.client.output(server.id, "touch", "/home/ops/kept")
    cloud.compute.stop_server(server)
    cloud.compute.wait_for_server(server, status="SHUTOFF", interval=0.2, wait=60)
    assert corner.client.ask("show", node=server.id)["state"] == "off"
    with pytest.raises(LabError, match="is off"):
        corner.client.output(server.id, "true")
    cloud.compute.start_server(server)
    cloud.compute.wait_for_server(server, interval=0.2, wait=60)
    corner.client.ask("wait", node=server.id)
    with login(corner, "asset:1", "ops") as bastion, login_through(bastion, corner, ADDRESS, key) as shell:
        run(shell, "test -e /home/ops/kept")
        run(shell, "sudo -n sh -c 'setsid poweroff'")
    until(lambda: corner.client.ask("show", node=server.id)["state"] == "off", "poweroff did not power off")
    cloud.compute.reboot_server(server, "HARD")
    until(lambda: corner.client.ask("show", node=server.id)["state"] == "running", "a hard reboot did not start it")


def test_it_outlives_nova_and_nova_knows_it_again(cloud: Any, server: Any, corner: Session) -> None:
    before = corner.client.ask("show", node=server.id)
    corner.client.ask("restart", name="nova")
    assert wait_port(corner.record["ports"]["nova"], lambda: True, 60)
    assert corner.client.ask("show", node=server.id) == before
    assert cloud.compute.get_server(server.id).status == "ACTIVE"
    cloud.compute.reboot_server(server, "SOFT")
    until(lambda: corner.client.ask("show", node=server.id)["pid"] not in (0, before["pid"]), "it did not reboot")
    corner.client.ask("wait", node=server.id)


def test_a_network_of_its_own_is_a_switch_of_its_own(cloud: Any, server: Any, corner: Session) -> None:
    network = cloud.network.create_network(name="inner")
    cloud.network.create_subnet(network_id=network.id, ip_version=4, cidr="192.0.2.0/24", enable_dhcp=False)
    image, flavor = cloud.image.find_image("debian-12"), cloud.compute.find_flavor("small")
    made = [cloud.compute.create_server(name=f"in-{n}", image_id=image.id, flavor_id=flavor.id, networks=[{"uuid": network.id}]) for n in (1, 2)]
    one, two = (cloud.compute.wait_for_server(each, interval=0.2, wait=60) for each in made)
    assert f"net-{network.id}" in lab.status(corner.estate)["switches"]
    for each in (one, two):
        corner.client.ask("wait", node=each.id)
    address = two.addresses["inner"][0]["addr"]
    corner.client.output(one.id, "ping", "-c", "1", "-W", "2", address)
    with pytest.raises(LabError):
        corner.client.output(server.id, "ping", "-c", "1", "-W", "1", address)
    for each in (one, two):
        cloud.delete_server(each.id, wait=True)
    known = [node["name"] for node in lab.status(corner.estate)["nodes"]]
    assert one.id not in known
    assert two.id not in known
