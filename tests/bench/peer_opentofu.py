"""The peer OpenTofu with the OpenStack provider: the bench's thousand resources in its JSON syntax. No package registry carries either ready to run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROVIDER = "terraform-provider-openstack"


def installed() -> bool:
    """Both `tofu` and the provider's executable are on PATH."""
    return all(shutil.which(name) for name in ("tofu", PROVIDER))


class Tofu:
    """A configuration in `folder`, for the cloud whose clouds.yaml and secure.yaml are in `cloud`."""

    def __init__(self, folder: Path, cloud: Path, shares: int, rules: int) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "main.tf.json").write_text(json.dumps(configuration(shares, rules)), "utf-8")
        provider = Path(str(shutil.which(PROVIDER))).parent
        overrides = f'{{ "terraform-provider-openstack/openstack" = "{provider}" }}'
        (folder / "cli.tfrc").write_text(f"provider_installation {{\n  dev_overrides {overrides}\n  direct {{}}\n}}\n", "utf-8")
        for name in ("clouds.yaml", "secure.yaml"):
            (folder / name).symlink_to(cloud / name)
        self._environ = {**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "cli.tfrc"), "OS_CLOUD": "province", "CHECKPOINT_DISABLE": "1"}

    def version(self) -> str:
        return str(json.loads(self._run(["version", "-json"]))["terraform_version"])

    def apply(self) -> None:
        self._run(["apply", "-auto-approve", "-input=false", "-no-color"])

    def plan(self) -> None:
        """Looks at each resource; raises where one would change."""
        self._run(["plan", "-detailed-exitcode", "-input=false", "-no-color"])

    def _run(self, words: Sequence[str]) -> str:
        done = subprocess.run(["tofu", *words], cwd=self._folder, env=self._environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"tofu {' '.join(words)}: {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
        return done.stdout


def configuration(shares: int, rules: int) -> dict[str, Any]:
    """As `test_bench_cloud.program` has it."""
    resources: dict[str, dict[str, Any]] = {
        "openstack_identity_project_v3": {},
        "openstack_networking_network_v2": {},
        "openstack_networking_subnet_v2": {},
        "openstack_compute_flavor_v2": {},
        "openstack_networking_secgroup_v2": {},
        "openstack_networking_secgroup_rule_v2": {},
    }
    for n in range(shares):
        name = f"peer-{n}"
        project = f"${{openstack_identity_project_v3.{name}.id}}"
        specs = {"extra_specs": {"hw:cpu_policy": "shared"}} if n % 2 else {}
        made: dict[str, dict[str, Any]] = {
            "openstack_identity_project_v3": {"domain_id": "default"},
            "openstack_networking_network_v2": {"tenant_id": project},
            "openstack_networking_subnet_v2": {
                "network_id": f"${{openstack_networking_network_v2.{name}.id}}",
                "cidr": f"2001:db8:{n + 1:x}::/64",
                "ip_version": 6,
            },
            "openstack_compute_flavor_v2": {"vcpus": 1 + n % 8, "ram": 1024, "disk": 10, **specs},
            "openstack_networking_secgroup_v2": {"tenant_id": project},
        }
        for kind, values in made.items():
            resources[kind][name] = {"name": name, **values}
        for port in range(rules):
            resources["openstack_networking_secgroup_rule_v2"][f"{name}-{port}"] = {
                "security_group_id": f"${{openstack_networking_secgroup_v2.{name}.id}}",
                "tenant_id": project,
                "direction": "ingress",
                "ethertype": "IPv6",
                "protocol": "tcp",
                "port_range_min": 8000 + port,
                "port_range_max": 8000 + port,
                "remote_ip_prefix": "2001:db8::/32",
            }
    source = {"openstack": {"source": "terraform-provider-openstack/openstack"}}
    return {"terraform": [{"required_providers": [source]}], "resource": resources}
