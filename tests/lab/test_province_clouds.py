"""The province's cloud and those of three cities at once: each its own, and one that dies fails alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lab import up as lab
from lab.cloud.config import CORE, SERVICES
from stacks.provider.cloud import Cloud
from tests.lab.province import clouds_of, kill, run

pytestmark = pytest.mark.lab
CLOUDS = {"province": "cloud:hn-province", "changsha": "cloud:430100", "zhuzhou": "cloud:430200", "xiangtan": "cloud:430300"}
DEAD = "zhuzhou"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with clouds_of(tmp_path_factory.mktemp("clouds"), CLOUDS.values()) as folder:
        yield folder


def test_each_cloud_has_its_own_services_secrets_and_hosts(estate: Path) -> None:
    state = estate / ".xiangyun"
    names = {process["name"] for process in lab.status(estate)["processes"]}
    assert names >= {f"province/{service}" for service in SERVICES} | {f"{cloud}/{service}" for cloud in CLOUDS for service in CORE}
    assert "changsha/cinder" not in names
    secrets = YAML(typ="safe").load((state / "secure.yaml").read_text())["clouds"]
    assert len({entry["auth"]["password"] for entry in secrets.values()}) == len(CLOUDS)
    clouds = {name: Cloud(name, state).sdk for name in CLOUDS}
    assert len({cloud.config.auth["auth_url"] for cloud in clouds.values()}) == len(CLOUDS)
    assert {host.name for host in clouds["xiangtan"].compute.hypervisors()} == {*(f"xt-x86-{n}" for n in (1, 2, 3, 4)), "xt-kunpeng-1", "xt-kunpeng-2"}
    kinds = {name: {service.type for service in cloud.identity.services()} for name, cloud in clouds.items()}
    assert "key-manager" in kinds["province"]
    assert kinds["changsha"] == {"identity", "placement", "image", "network", "compute"}


def test_all_are_applied_at_once_and_one_that_dies_fails_alone(estate: Path) -> None:
    done = run(estate, "cloud", "up", "--all", "--yes")
    assert done.returncode == 0, done.stderr
    found = run(estate, "cloud", "preview", "--all")
    assert (found.returncode, found.stdout.splitlines()) == (0, [f"{cloud}: no changes" for cloud in CLOUDS.values()]), found.stderr
    kill(estate, DEAD)
    _until_dead(estate)
    found = run(estate, "cloud", "preview", "--all")
    assert (found.returncode, found.stdout.splitlines()) == (1, [f"{cloud}: no changes" for name, cloud in CLOUDS.items() if name != DEAD])
    assert all(line.startswith(f"xiangyun: {CLOUDS[DEAD]}: ") for line in found.stderr.splitlines()), found.stderr


def _until_dead(estate: Path) -> None:
    """A zygote tells of the end of what it has forked."""
    end = time.monotonic() + 30
    while codes := {one["exit"] for one in lab.status(estate)["processes"] if one["name"].startswith(f"{DEAD}/")} - {-9}:
        assert time.monotonic() < end, codes
        time.sleep(0.05)
