"""Starts the clouds of a lab and writes clouds.yaml for them."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from inventory.errors import XiangyunError
from lab import cache, images
from lab.access import write_private
from lab.client import Client
from lab.cloud import config, golden, venv
from lab.cloud.config import Site
from lab.namespaces import give, inner_root
from lab.session import Session
from lab.spec import CloudSpec

LOW, HIGH = 20000, 32000  # below the ports that the kernel gives to outgoing connections
ANSWER_S = 60  # of a first request, on a busy machine
START_S = 240  # until a service listens: 20 compute hosts beside other clouds that start
STARTS = 3  # clouds at a time
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Made:
    """A cloud whose folder is there: its specification, the password of its admin, and what the names of its processes begin with."""

    spec: CloudSpec
    site: Site
    password: str
    prefix: str

    def log(self, service: str) -> Path:
        return self.site.folder / "log" / f"{service}.log"


def up(session: Session, clouds: tuple[CloudSpec, ...], say: Say) -> dict[str, int]:
    """Start the services of all clouds; the port of each by the name of its process: SERVICE, or CLOUD/SERVICE where there are several clouds.

    The processes of several clouds are forked by one zygote a service. Raises XiangyunError naming the service that does not come up, and its log.
    """
    venv.ensure(say)
    source = golden.ensure(say)
    numbers = iter(free_ports(sum(len(config.processes(cloud.services)) for cloud in clouds)))
    folder = session.run / "cloud"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    give(folder)
    several = len(clouds) > 1
    made = []
    for cloud in clouds:
        place = folder / cloud.name if several else folder
        site = Site(place, venv.folder(), dict(zip(config.processes(cloud.services), numbers, strict=False)), secrets.token_urlsafe(24), cloud.machines)
        made.append(_Made(cloud, site, secrets.token_urlsafe(24), f"{cloud.name}/" if several else ""))
        _fill(made[-1], source, session)
    if several:
        _zygotes(session, made[0].site)
    with ThreadPoolExecutor(STARTS) as pool:
        try:
            for started in as_completed([pool.submit(_start, session.client, one, several, say) for one in made]):
                started.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # the first that fails fails the lab: no other is begun
            raise
    write_clouds(session.state, made)
    return {f"{one.prefix}{service}": port for one in made for service, port in one.site.ports.items()}


def _zygotes(session: Session, site: Site) -> None:
    """They read what has to be the same in all clouds from the first one's configuration."""
    for service in config.CORE:
        command = [venv.python(), "-m", "xylab.zygote", service]
        log = str(session.run / "cloud" / f"zygote-{service}.log")
        session.client.ask("zygote", name=f"zygote/{service}", command=command, env=golden.environment(site), log=log)


def _start(client: Client, cloud: _Made, several: bool, say: Say) -> None:
    """All services of a cloud at once: those that need another wait for it."""
    site = cloud.site
    for service in site.ports:
        way = (
            {"zygote": f"zygote/{service}", "arguments": _arguments(site, service)}
            if several and service in config.CORE
            else {"command": _command(site, service)}
        )
        client.ask("process", name=f"{cloud.prefix}{service}", env=golden.environment(site), log=str(cloud.log(service)), **way)
    for service in site.ports:
        name = f"{cloud.prefix}{service}"
        if not golden.wait_port(site.ports[service], lambda name=name: _alive(client, name), START_S):  # type: ignore[misc]
            raise XiangyunError(f"lab cloud: {name} did not come up: {_last_words(cloud.log(service))}")
        if not several:
            say(f"cloud: {service} answers")
    _load_policies(site, cloud.password)
    if several:
        say(f"cloud {cloud.spec.name}: {', '.join(site.ports)} answer")


def _load_policies(site: Site, password: str) -> None:
    """One request each, alone: a Neutron whose first requests come side by side refuses those that find its policy half loaded (403)."""
    user = {"name": "admin", "domain": {"id": "default"}, "password": password}
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    body: Any = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    try:
        answer = requests.post(f"{site.url('keystone')}/auth/tokens", json=body, timeout=ANSWER_S)
        answer.raise_for_status()
        project = answer.json()["token"]["project"]["id"]
        token = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
        for url in (f"{site.url('neutron')}/v2.0/quotas/{project}", f"{site.url('glance')}/v2/images"):
            requests.get(url, headers=token, timeout=ANSWER_S).raise_for_status()
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


def _fill(cloud: _Made, source: Path, session: Session) -> None:
    """The cloud's folder: databases, configuration, keys; all of it the lab's own."""
    site = cloud.site
    shutil.copytree(source, site.folder, dirs_exist_ok=True)
    config.write(site)
    image = str(images.folder("machine") / "root")
    hosts = {host.name: asdict(host) for host in cloud.spec.hosts}
    facts = {"socket": str(session.socket), "image": image, "hosts": hosts, "networks": cloud.spec.networks, "machines": site.machines}
    (site.etc / "site.json").write_text(json.dumps(facts))
    renewal = {
        "folder": str(site.folder),
        "urls": {kind: site.url(service) for service, kind in {**config.TYPES, **config.MORE}.items() if service in site.ports},
        "passwords": {"admin": cloud.password, "svc": site.password},
        "databases": {"cell0": site.db("nova_cell0"), "cell1": site.db("nova")},
    }
    env = {**os.environ, **golden.environment(site)}
    subprocess.run([*cache.WITH_PARENT, venv.python(), "-m", "xylab.renew"], input=json.dumps(renewal), text=True, env=env, check=True)
    if os.getuid() == 0:
        for folder, _, files in os.walk(site.folder):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                os.chown(path, inner_root(), inner_root())


def _command(site: Site, service: str) -> list[str]:
    own = (golden.INSIDE / "xylab" / f"{service}.py").exists()  # a module of its own; the others have one that serves any
    module = [f"xylab.{service}"] if own else ["xylab.serve", service]
    return [venv.python(), "-m", *module, *_arguments(site, service)]


def _arguments(site: Site, service: str) -> list[str]:
    """Its port; for Nova also those of the services that its start needs."""
    return [str(site.ports[name]) for name in ((service, "keystone", "placement") if service == "nova" else (service,))]


def _alive(client: Client, service: str) -> bool:
    return any(process["name"] == service and process["exit"] is None for process in client.ask("list")["processes"])


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()] if log.exists() else []
    return f"{lines[-1] if lines else 'it said nothing'}; {log}"


def write_clouds(state: Path, clouds: Iterable[_Made]) -> None:
    """clouds.yaml, and secure.yaml (mode 600) with the passwords, as openstacksdk reads them."""
    common = {"username": "admin", "project_name": "admin", "user_domain_id": "default", "project_domain_id": "default"}
    found = {one.spec.name: one for one in clouds}
    documents: dict[str, dict[str, Any]] = {
        "clouds.yaml": {name: {"region_name": config.REGION, "auth": {"auth_url": one.site.url("keystone"), **common}} for name, one in found.items()},
        "secure.yaml": {name: {"auth": {"password": one.password}} for name, one in found.items()},
    }
    for file, entries in documents.items():
        temporary = state / f"{file}.tmp"
        write_private(temporary, b"")
        with temporary.open("w") as out:
            YAML().dump({"clouds": entries}, out)
        temporary.rename(state / file)
