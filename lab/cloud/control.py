"""Starting a lab cloud: databases, processes in their order, the service catalogue, and the clouds.yaml by which anyone uses it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.errors import XiangyunError
from lab.cloud import databases, settings
from lab.cloud.databases import INSIDE
from lab.cloud.settings import SERVICES, TYPES, Settings

START_S = 120  # limit for one service


@dataclass(frozen=True, slots=True)
class Process:
    """A process to be started and kept by the supervisor; it is up when `port` answers on 127.0.0.1."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    port: int


Spawn = Callable[[Process], None]


def up(s: Settings, spawn: Spawn, say: Callable[[str], None]) -> None:
    """Start every service and wait for it. Nova comes last: its hosts register in Placement as they start."""
    settings.write(s)
    databases.ensure(s, say)
    _hand_over(s)
    spawn(process(s, "keystone"))
    spawn(process(s, "glance"))
    _wait(s, "keystone")
    if not (s.state / "catalogue").exists():
        _catalogue(s)
        (s.state / "catalogue").touch()
    for service in ("placement", "neutron"):
        spawn(process(s, service))
    _wait(s, "placement")
    _wait(s, "neutron")
    spawn(process(s, "nova"))
    for service in SERVICES:
        _wait(s, service)


def _hand_over(s: Settings) -> None:
    """The services run as the lab's root, who is not root here."""
    if s.owner is not None:
        for path in (s.state, *s.state.rglob("*")):
            os.chown(path, s.owner, s.owner, follow_symlinks=False)


def process(s: Settings, service: str) -> Process:
    program = "nova_all.py" if service == "nova" else "serve.py"
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(s.state),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(INSIDE),
        "PYTHONWARNINGS": "ignore",
        "LAB_CLOUD_STATE": str(s.state),
        "LAB_CLOUD_SUPERVISOR": str(s.supervisor),
    }
    command = (str(s.venv / "bin/python"), str(INSIDE / program), service, str(s.ports[service]))
    return Process(f"cloud-{service}", command, environment, s.state / "log" / f"{service}.log", s.ports[service])


def _wait(s: Settings, service: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", s.ports[service]), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise XiangyunError(f"the lab cloud's {service} did not come up in {START_S} s: see {s.state / 'log' / f'{service}.log'}")


def connection(s: Settings) -> Any:
    """An administrator's connection, without any clouds.yaml."""
    import openstack

    auth = {
        "auth_url": s.auth_url,
        "username": "admin",
        "password": s.password,
        "project_name": "admin",
        "user_domain_id": "default",
        "project_domain_id": "default",
    }
    return openstack.connect(load_yaml_config=False, load_envvars=False, auth=auth, region_name=s.region)


def _catalogue(s: Settings) -> None:
    """The services' own user, and their endpoints."""
    with connection(s) as cloud:
        identity = cloud.identity
        project = identity.find_project("service", domain_id="default") or identity.create_project(name="service", domain_id="default")
        user = identity.find_user("svc", domain_id="default") or identity.create_user(name="svc", password=s.password, domain_id="default")
        for role in ("admin", "service"):
            identity.assign_project_role_to_user(project, user, identity.find_role(role))
        have = {endpoint.service_id for endpoint in identity.endpoints()}
        for name, kind in TYPES.items():
            service = identity.find_service(name) or identity.create_service(name=name, type=kind)
            if service.id not in have:
                identity.create_endpoint(service_id=service.id, interface="public", region_id=s.region, url=s.endpoint(name))


def write_clouds_yaml(s: Settings, folder: Path, name: str) -> None:
    """clouds.yaml, and the password in secure.yaml beside it (mode 600), in openstacksdk's form."""
    (folder / "clouds.yaml").write_text(
        f"clouds:\n  {name}:\n    region_name: {s.region}\n    auth:\n      auth_url: {s.auth_url}\n      username: admin\n      project_name: admin\n"
        "      user_domain_id: default\n      project_domain_id: default\n"
    )
    secure = folder / "secure.yaml"
    handle = os.open(secure, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"clouds:\n  {name}:\n    auth:\n      password: {s.password}\n")
