"""The services' databases: made once for an environment and kept empty as a copy, so that a cloud starts from a file copy."""

from __future__ import annotations

import fcntl
import grp
import hashlib
import os
import pwd
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from inventory.errors import XiangyunError
from lab.cloud import settings
from lab.cloud.settings import Settings

INSIDE = Path(__file__).parent / "inside"


def ensure(s: Settings, say: Callable[[str], None]) -> None:
    """Give `s` its databases and keys, from the empty copy beside the environment; what is there already stays."""
    if (s.databases / "complete").exists():
        return
    golden = _golden(s, say)
    for name in ("db", "keystone"):
        shutil.copytree(golden.state / name, s.state / name, dirs_exist_ok=True)
    with sqlite3.connect(s.databases / "nova_api.sqlite") as db:
        db.execute("update cell_mappings set database_connection = replace(database_connection, ?, ?)", (str(golden.databases), str(s.databases)))
    db.close()
    _bootstrap(s)
    (s.databases / "complete").touch()


def _golden(s: Settings, say: Callable[[str], None]) -> Settings:
    recipe = hashlib.sha256(Path(settings.__file__).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:12]
    folder = s.venv.parent / f"{s.venv.name}-databases-{recipe}"
    golden = replace(s, state=folder, password="not-used")
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            say("cloud: making the services' databases, once")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            settings.write(golden)
            with ThreadPoolExecutor(3) as pool:
                for job in [pool.submit(make, golden) for make in (_nova, _keystone, _neutron, _glance, _placement)]:
                    job.result()
            (folder / "complete").touch()
    return golden


def _run(s: Settings, *command: object, log: str = "init") -> None:
    with (s.state / "log" / f"{log}.log").open("a") as out:
        environment = {
            "PATH": f"{s.venv / 'bin'}:/usr/sbin:/usr/bin:/sbin:/bin",
            "OS_PLACEMENT_CONFIG_DIR": str(s.etc),
            "PYTHONWARNINGS": "ignore",
            "HOME": str(s.state),
        }
        done = subprocess.run([str(c) for c in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode:
        raise XiangyunError(f"the lab cloud: {Path(str(command[0])).name} {' '.join(map(str, command[1:]))[:80]} failed: see {s.state / 'log' / f'{log}.log'}")


def _keystone(s: Settings) -> None:
    manage = (s.venv / "bin/keystone-manage", "--config-file", s.etc / "keystone.conf")
    us = ("--keystone-user", pwd.getpwuid(os.getuid()).pw_name, "--keystone-group", grp.getgrgid(os.getgid()).gr_name)
    _run(s, *manage, "fernet_setup", *us, log="keystone-init")
    _run(s, *manage, "credential_setup", *us, log="keystone-init")
    _run(s, *manage, "db_sync", log="keystone-init")


def _bootstrap(s: Settings) -> None:
    urls = [word for kind in ("public", "internal", "admin") for word in (f"--bootstrap-{kind}-url", s.auth_url)]
    manage = (s.venv / "bin/keystone-manage", "--config-file", s.etc / "keystone.conf")
    _run(s, *manage, "bootstrap", "--bootstrap-password", s.password, "--bootstrap-region-id", s.region, *urls, log="keystone-init")


def _placement(s: Settings) -> None:
    _run(s, s.venv / "bin/placement-manage", "--config-file", s.etc / "placement.conf", "db", "sync", log="placement-init")


def _glance(s: Settings) -> None:
    _run(s, s.venv / "bin/glance-manage", "--config-file", s.etc / "glance-api.conf", "db_sync", log="glance-init")


def _neutron(s: Settings) -> None:
    _run(s, s.venv / "bin/python", INSIDE / "neutron_schema.py", s.database("neutron"), log="neutron-init")


def _nova(s: Settings) -> None:
    manage = (s.venv / "bin/nova-manage", "--config-file", s.etc / "nova.conf")
    _run(s, *manage, "api_db", "sync", log="nova-init")
    _run(s, *manage, "cell_v2", "map_cell0", "--database_connection", s.database("nova_cell0"), log="nova-init")
    _run(s, *manage, "db", "sync", log="nova-init")
    cell = ("--name", "cell1", "--database_connection", s.database("nova"), "--transport-url", "fake:///")
    _run(s, *manage, "cell_v2", "create_cell", *cell, log="nova-init")
