"""The estate in the forms of other tools, each read by the real program where it is installed with the tests."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openstack.config import OpenStackConfig

from inventory.errors import InputError
from inventory.feeds import netbox, openstack, prometheus, ssh
from inventory.feeds.load import loaded

BIN = Path(sys.executable).parent
PLUGINS = Path(__file__).parents[2] / "playbooks" / "plugins" / "inventory"
ACCESS = """\
devices:
  device:edge-1: {host: 127.0.0.1, port: 2201, user: auto, key_file: keys/k, known_hosts: known_hosts}
hosts:
  asset:1: {host: 127.0.0.1, port: 2202, user: ops, key_file: keys/k, known_hosts: known_hosts}
  asset:2: {host: "2001:db8:1:10::12", user: ops, key_file: keys/k, known_hosts: known_hosts, jump: asset:1}
"""


@pytest.fixture
def folder(small: Path) -> Path:
    """The small estate with logins and a cloud."""
    state = small / ".xiangyun"
    state.mkdir(exist_ok=True)
    (state / "access.yaml").write_text(ACCESS, "utf-8")
    text = (small / "clouds.yaml").read_text("utf-8").replace("    source: sample\n", "    source: sample\n    os_cloud: p\n", 1)
    (small / "clouds.yaml").write_text(text, "utf-8")
    auth = "{auth_url: 'http://127.0.0.1:5000/v3', username: u, password: hush, project_name: p, user_domain_name: d, project_domain_name: d}"
    (state / "clouds.yaml").write_text(f"clouds: {{p: {{auth: {auth}}}, other: {{auth: {auth}}}}}\n", "utf-8")
    return small


def ansible_inventory(source: Path, **variables: str) -> dict[str, Any]:
    """What the real `ansible-inventory --list` makes of a source."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "ANSIBLE_INVENTORY_PLUGINS": str(PLUGINS), "ANSIBLE_INVENTORY_ENABLED": "xiangyun,script", **variables}
    done = subprocess.run([str(BIN / "ansible-inventory"), "-i", str(source), "--list"], capture_output=True, text=True, env=env, check=True)
    found: dict[str, Any] = json.loads(done.stdout, object_hook=lambda value: value.get("__ansible_unsafe", value))
    return found


@pytest.mark.lab
def test_ansible_reads_script_and_plugin_alike(folder: Path, tmp_path: Path) -> None:
    script = ansible_inventory(BIN / "xiangyun-ansible-inventory", XIANGYUN_ESTATE=str(folder))
    config = tmp_path / "own.xiangyun.yml"
    config.write_text(f"plugin: xiangyun\nestate: {folder}\nkeyed_groups: [{{key: xiangyun.model, prefix: model}}]\n", "utf-8")
    plugin = ansible_inventory(config)
    assert plugin["_meta"]["hostvars"] == script["_meta"]["hostvars"]
    assert plugin["model_FRR"]["hosts"] == ["core-1", "core-2", "edge-1"]
    edge = script["_meta"]["hostvars"]["edge-1"]
    assert (edge["ansible_host"], edge["ansible_port"], edge["xiangyun"]["role"]) == ("127.0.0.1", 2201, "county-edge")
    assert script["role_core"]["hosts"] == ["core-1", "core-2"]
    assert script["room_990101_0001"]["hosts"] == ["asset-1", "asset-2"]
    assert "-W [%h]:%p ops@127.0.0.1" in script["_meta"]["hostvars"]["asset-2"]["ansible_ssh_common_args"]


@pytest.mark.lab
def test_ansible_says_what_is_wrong_with_an_estate(tmp_path: Path) -> None:
    done = subprocess.run([str(BIN / "xiangyun-ansible-inventory"), "--list"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("xiangyun: . is not an estate")


def test_nornir_finds_the_plugin_by_its_name(folder: Path) -> None:
    from nornir import InitNornir

    nornir = InitNornir(inventory={"plugin": "xiangyun", "options": {"estate": str(folder), "scope": "one"}}, logging={"enabled": False})
    assert set(nornir.inventory.hosts) == {"core-1", "edge-1", "asset-1", "asset-2"}
    edge = nornir.inventory.hosts["edge-1"]
    assert (edge.hostname, edge.port, edge.platform) == ("127.0.0.1", 2201, "frr")
    assert set(nornir.filter(role="core").inventory.hosts) == {"core-1"}
    assert edge.has_parent_group("region_990100")


def test_openssh_reads_the_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(ssh.ssh_config(*loaded(folder, None)), "utf-8")
    done = subprocess.run(["ssh", "-G", "-F", str(file), "asset:2"], capture_output=True, text=True, check=True)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    assert (said["hostname"], said["user"], said["proxyjump"]) == ("2001:db8:1:10::12", "ops", "asset-1")
    assert said["stricthostkeychecking"] in ("true", "yes")
    assert said["userknownhostsfile"] == str(folder / ".xiangyun" / "known_hosts")


def test_known_hosts_are_found_by_address_and_name(folder: Path, tmp_path: Path) -> None:
    own = folder / ".xiangyun" / "known_hosts"
    made = {}
    for name in ("a", "b"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / name)], check=True)
        made[name] = (tmp_path / f"{name}.pub").read_text("utf-8").strip()
    own.write_text(f"# ours\n[127.0.0.1]:2201,other {made['a']} comment\n2001:db8:1:10::12 {made['b']}\n\n|1|no {made['b']}\n", "utf-8")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(own)], check=True, capture_output=True)  # names as hashes
    text = ssh.known_hosts(*loaded(folder, None))
    assert text.splitlines() == [
        f"[127.0.0.1]:2201,edge-1 {made['a']}",
        "# asset-1: no key of [127.0.0.1]:2202 is known",
        f"2001:db8:1:10::12,asset-2 {made['b']}",
    ]
    (tmp_path / "known").write_text(text, "utf-8")
    done = subprocess.run(["ssh-keygen", "-F", "asset-2", "-f", str(tmp_path / "known")], capture_output=True, text=True, check=True)
    assert made["b"].split()[1] in done.stdout
    own.unlink()
    with pytest.raises(InputError, match="known_hosts cannot be read"):
        ssh.known_hosts(*loaded(folder, None))


def test_openstacksdk_reads_the_file_and_no_secret_is_in_it(folder: Path, tmp_path: Path) -> None:
    estate, _ = loaded(folder, None)
    text = openstack.clouds_yaml(estate, folder / ".xiangyun")
    assert "hush" not in text
    assert "other" not in text
    file = tmp_path / "clouds.yaml"
    file.write_text(text, "utf-8")
    region = OpenStackConfig(config_files=[str(file)], secure_files=[], load_envvars=False).get_one(cloud="p", validate=False)
    assert region.get_auth_args()["username"] == "u"
    (folder / ".xiangyun" / "clouds.yaml").write_text("clouds: {}\n", "utf-8")
    with pytest.raises(InputError, match="no entry p"):
        openstack.clouds_yaml(estate, folder / ".xiangyun")


def test_prometheus_targets(folder: Path, tmp_path: Path) -> None:
    found = prometheus.targets(*loaded(folder, None))
    by_name = {target["labels"]["name"]: target for target in found}
    assert by_name["core-1"]["targets"] == ["[2001:db8:9900:ffff::1]:161"]
    assert by_name["svr-1"]["targets"] == ["[2001:db8:1:10::11]:9100"]
    assert all(isinstance(value, str) for target in found for value in target["labels"].values())
    if promtool := shutil.which("promtool"):
        (tmp_path / "targets.json").write_text(json.dumps(found), "utf-8")
        (tmp_path / "p.yml").write_text("scrape_configs: [{job_name: x, file_sd_configs: [{files: [targets.json]}]}]\n", "utf-8")
        subprocess.run([promtool, "check", "config", str(tmp_path / "p.yml")], check=True, capture_output=True)


def test_netbox_forms_refer_to_what_was_imported_before(folder: Path) -> None:
    forms = {name: list(csv.DictReader(io.StringIO(text))) for name, text in netbox.forms(loaded(folder, None)[0]).items()}
    names = {name: [row.get("name") or row.get("model") for row in rows] for name, rows in forms.items()}
    seen: set[str] = set()
    for row in forms["01-regions.csv"]:
        assert not row["parent"] or row["parent"] in seen
        seen.add(row["name"])
    assert {row["region"] for row in forms["04-sites.csv"]} <= seen
    devices = forms["09-devices.csv"]
    assert {row["site"] for row in devices} <= set(names["04-sites.csv"])
    assert {row["group"] for row in forms["04-sites.csv"]} <= set(names["02-site-groups.csv"])
    assert {row["site"] for row in forms["05-locations.csv"]} <= set(names["04-sites.csv"])
    assert {row["tenant"] for row in forms["05-locations.csv"]} <= set(names["03-tenants.csv"])
    assert {row["device_type"] for row in devices} <= set(names["08-device-types.csv"])
    ports = {(row["device"], row["name"]) for row in forms["10-interfaces.csv"]}
    assert len(forms["11-cables.csv"]) == 3
    assert all((row[f"side_{side}_device"], row[f"side_{side}_name"]) in ports for row in forms["11-cables.csv"] for side in "ab")
