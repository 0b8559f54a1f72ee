"""Starts the cloud of a lab and writes clouds.yaml for it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from inventory.errors import XiangyunError
from lab import images
from lab.access import write_private
from lab.client import Client
from lab.cloud import config, golden, venv
from lab.cloud.config import Site
from lab.namespaces import inner_root
from lab.session import Session
from lab.spec import CloudSpec

LOW, HIGH = 20000, 32000  # below the ports that the kernel gives to outgoing connections
ANSWER_S = 60  # of a first request, on a busy machine
Say = Callable[[str], None]


def up(session: Session, cloud: CloudSpec, say: Say) -> dict[str, int]:
    """Start the services; returns the port of each. Raises XiangyunError naming the one that does not come up, and its log."""
    venv.ensure(say)
    ports = dict(zip(config.SERVICES, free_ports(len(config.SERVICES)), strict=True))
    site = Site(session.run / "cloud", venv.folder(), ports, secrets.token_urlsafe(24))
    password = secrets.token_urlsafe(24)
    _fill(site, golden.ensure(say), password, session, cloud)
    client = session.client
    for service in config.SERVICES:
        client.ask("process", name=service, command=_command(site, service), env=golden.environment(site), log=str(site.folder / "log" / f"{service}.log"))
    for service in config.SERVICES:
        if not golden.wait_port(ports[service], lambda name=service: _alive(client, name)):  # type: ignore[misc]
            raise XiangyunError(f"lab cloud: {service} did not come up: {_last_words(site.folder / 'log' / f'{service}.log')}")
        say(f"cloud: {service} answers")
    _load_policies(site, password)
    write_clouds(session.state, cloud.name, site, password)
    return ports


def _load_policies(site: Site, password: str) -> None:
    """One request, alone: a Neutron whose first requests come side by side refuses those that find its policy half loaded (403)."""
    user = {"name": "admin", "domain": {"id": "default"}, "password": password}
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    body: Any = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    try:
        answer = requests.post(f"{site.url('keystone')}/auth/tokens", json=body, timeout=ANSWER_S)
        answer.raise_for_status()
        project = answer.json()["token"]["project"]["id"]
        token = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
        requests.get(f"{site.url('neutron')}/v2.0/quotas/{project}", headers=token, timeout=ANSWER_S).raise_for_status()
    except (requests.RequestException, KeyError, ValueError) as error:
        raise XiangyunError(f"lab cloud: does not answer as it should: {' '.join(str(error).split())}") from error


def free_ports(count: int) -> list[int]:
    """Ports on the loopback that nobody listens on."""
    found: list[int] = []
    for port in sorted(range(LOW, HIGH), key=lambda _: secrets.randbits(32)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise XiangyunError(f"fewer than {count} free ports from {LOW} to {HIGH} on 127.0.0.1")


def _fill(site: Site, source: Path, password: str, session: Session, cloud: CloudSpec) -> None:
    """The cloud's folder: databases, configuration, keys; all of it the lab's own."""
    shutil.rmtree(site.folder, ignore_errors=True)
    shutil.copytree(source, site.folder)
    config.write(site)
    image = str(images.folder("machine") / "root")
    hosts = {host.name: asdict(host) for host in cloud.hosts}
    (site.etc / "site.json").write_text(json.dumps({"socket": str(session.socket), "image": image, "hosts": hosts, "networks": cloud.networks}))
    renewal = {
        "folder": str(site.folder),
        "urls": {config.TYPES[service]: site.url(service) for service in config.SERVICES},
        "passwords": {"admin": password, "svc": site.password},
        "databases": {"cell0": site.db("nova_cell0"), "cell1": site.db("nova")},
    }
    env = {**os.environ, **golden.environment(site)}
    subprocess.run([venv.python(), "-m", "xylab.renew"], input=json.dumps(renewal), text=True, env=env, check=True)
    if os.getuid() == 0:
        for folder, _, files in os.walk(site.folder):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                os.chown(path, inner_root(), inner_root())


def _command(site: Site, service: str) -> list[str]:
    port = str(site.ports[service])
    if service == "nova":
        return [venv.python(), "-m", "xylab.nova", port, str(site.ports["keystone"]), str(site.ports["placement"])]
    if service == "cinder":
        return [venv.python(), "-m", "xylab.cinder", port]
    return [venv.python(), "-m", "xylab.serve", service, port]


def _alive(client: Client, service: str) -> bool:
    return any(process["name"] == service and process["exit"] is None for process in client.ask("list")["processes"])


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()] if log.exists() else []
    return f"{lines[-1] if lines else 'it said nothing'}; {log}"


def write_clouds(state: Path, name: str, site: Site, password: str) -> None:
    """clouds.yaml, and secure.yaml (mode 600) with the password, as openstacksdk reads them."""
    auth = {"auth_url": site.url("keystone"), "username": "admin", "project_name": "admin", "user_domain_id": "default", "project_domain_id": "default"}
    documents = {
        "clouds.yaml": {"clouds": {name: {"region_name": config.REGION, "auth": auth}}},
        "secure.yaml": {"clouds": {name: {"auth": {"password": password}}}},
    }
    for file, document in documents.items():
        temporary = state / f"{file}.tmp"
        write_private(temporary, b"")
        with temporary.open("w") as out:
            YAML().dump(document, out)
        temporary.rename(state / file)
