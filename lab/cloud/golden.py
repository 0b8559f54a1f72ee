"""Empty databases with all tables, the services' own user and the catalog: made once per environment and copied by every `lab up`.

No secret of a lab is in them: passwords, keys and addresses are set in the copy (inside/xylab/renew.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inventory.errors import XiangyunError
from lab import cache
from lab.cloud import config, venv
from lab.cloud.config import Site

HERE = Path(__file__).parent
INSIDE = HERE / "inside"
PASSWORD = "of the golden copy alone"
START_S = 120
Say = Callable[[str], None]


def digest() -> str:
    sources = [Path(__file__), HERE / "config.py", INSIDE / "xylab/catalog.py", *sorted(INSIDE.glob("xylab/*_schema.py"))]
    return hashlib.sha256("\n".join([venv.digest(), *(file.read_text() for file in sources)]).encode()).hexdigest()[:12]


def folder() -> Path:
    return cache.folder() / "cloud" / f"golden-{digest()}"


def ensure(say: Say = print) -> Path:
    """The folder with the databases; made first if it is not there. The environment has to be there."""
    return cache.built(folder(), lambda temporary: _make(temporary, say), say)


def environment(site: Site) -> dict[str, str]:
    """What the cloud's processes need to find their code and their configuration."""
    return {
        "PYTHONPATH": str(INSIDE),
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(site.folder),
        "XYLAB": str(site.folder),
        "OS_KEYSTONE_CONFIG_FILES": f"{site.etc}/keystone.conf",
        "OS_PLACEMENT_CONFIG_DIR": str(site.etc),
        "OS_GLANCE_CONFIG_DIR": str(site.etc),
        "OS_NEUTRON_CONFIG_DIR": str(site.etc),
        "OS_NEUTRON_CONFIG_FILES": "neutron.conf",
        "OS_NOVA_CONFIG_DIR": str(site.etc),
        "OS_NOVA_CONFIG_FILES": "nova-api-paste.ini;nova.conf",
        "OS_DESIGNATE_CONFIG_DIR": f"{site.etc}/designate",
    }


def _make(place: Path, say: Say) -> None:
    say("cloud: making its databases")
    site = Site(place, venv.folder(), dict.fromkeys(config.processes((*config.SERVICES, *config.MORE)), free_port()), PASSWORD)
    config.write(site)
    with ThreadPoolExecutor(3) as pool:
        steps = (_nova, _keystone, _cinder, _neutron, _glance, _placement, _designate, _ironic, _manila, _octavia)
        for done in [pool.submit(step, site) for step in steps]:
            done.result()
    for other in place.iterdir():
        if other.name != "db":
            shutil.rmtree(other)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _run(site: Site, *command: str) -> None:
    program, *rest = command
    tool = site.venv / "bin" / program
    start = [str(tool)] if tool.exists() else ["-m", program]
    with (site.folder / "log" / f"{program}.log").open("ab") as log:
        line = [*cache.WITH_ALL, venv.python(), *start, *rest]
        code = subprocess.run(line, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **environment(site)}, check=False).returncode
    if code:
        words = (site.folder / "log" / f"{program}.log").read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise XiangyunError(f"lab cloud: {program} {' '.join(rest[-2:])} failed: {''.join(words)}")


def _keystone(site: Site) -> None:
    base = ("keystone-manage", "--config-file", f"{site.etc}/keystone.conf")
    owner = ("--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid()))
    url = site.url("keystone")
    _run(site, *base, "fernet_setup", *owner)
    _run(site, *base, "credential_setup", *owner)
    _run(site, *base, "db_sync")
    urls = [part for kind in ("public", "internal", "admin") for part in (f"--bootstrap-{kind}-url", url)]
    _run(site, *base, "bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-region-id", config.REGION, *urls)
    port = str(site.ports["keystone"])
    with (site.folder / "log/keystone.log").open("ab") as log:
        env = {**os.environ, **environment(site)}
        server = subprocess.Popen(
            [*cache.WITH_ALL, venv.python(), "-m", "xylab.serve", "keystone", port], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env
        )
    try:
        wait_port(int(port), lambda: server.poll() is None)
        _run(site, "xylab.catalog", url, PASSWORD, *(f"{kind}={name}" for name, kind in {**config.TYPES, **config.MORE}.items() if name != "keystone"))
    finally:
        server.kill()
        server.wait()


def wait_port(port: int, alive: Callable[[], bool], limit_s: float = START_S) -> bool:
    """Until something listens on the loopback's port; False when its process is gone, or it takes too long."""
    end = time.monotonic() + limit_s
    while alive() and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def _placement(site: Site) -> None:
    _run(site, "placement-manage", "--config-file", f"{site.etc}/placement.conf", "db", "sync")


def _glance(site: Site) -> None:
    _run(site, "glance-manage", "--config-file", f"{site.etc}/glance-api.conf", "db_sync")


def _cinder(site: Site) -> None:
    _run(site, "cinder-manage", "--config-file", f"{site.etc}/cinder.conf", "db", "sync")


def _designate(site: Site) -> None:
    _run(site, "designate-manage", "--config-file", f"{site.etc}/designate/designate.conf", "database", "sync")


def _ironic(site: Site) -> None:
    _run(site, "ironic-dbsync", "--config-file", f"{site.etc}/ironic.conf", "create_schema")


def _manila(site: Site) -> None:
    _run(site, "xylab.manila_schema", site.db("manila"))


def _neutron(site: Site) -> None:
    _run(site, "xylab.neutron_schema", site.db("neutron"))


def _octavia(site: Site) -> None:
    _run(site, "xylab.octavia_schema", site.db("octavia"))


def _nova(site: Site) -> None:
    base = ("nova-manage", "--config-file", f"{site.etc}/nova.conf")
    _run(site, *base, "api_db", "sync")
    _run(site, *base, "cell_v2", "map_cell0", "--database_connection", site.db("nova_cell0"))
    _run(site, *base, "db", "sync")
    _run(site, *base, "cell_v2", "create_cell", "--name", "cell1", "--database_connection", site.db("nova"), "--transport-url", "fake:///")
