"""Ansible through ansible-runner: a playbook of playbooks/project, on hosts that are reached as the product itself reaches them."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import playbooks
from inventory.access import Access, Login
from inventory.errors import XiangyunError
from inventory.feeds.ssh import options

PROJECT = Path(playbooks.__file__).parent / "project"
Say = Callable[[str], None]


class PlaybookError(XiangyunError):
    """A task failed; the message names the playbook, the task, the host and the module's words."""


def run_playbook(playbook: str, hosts: Mapping[str, Login], access: Access, variables: Mapping[str, Any], say: Say) -> None:
    """Run one playbook. `hosts` are inventory names with their logins; `exchange` is a folder that the playbook may pass files through."""
    import ansible_runner

    with _running(), tempfile.TemporaryDirectory(prefix="xiangyun-ansible-") as folder:
        exchange = Path(folder) / "exchange"
        exchange.mkdir()
        said: list[str] = []

        def event(data: dict[str, Any]) -> bool:
            detail = data.get("event_data", {})
            if data.get("event") == "playbook_on_task_start":
                say(f"  {playbook}: {detail.get('task')}")
            if data.get("event") in {"runner_on_failed", "runner_on_unreachable"} and not detail.get("ignore_errors"):
                said.append(_fault(detail))
            return False

        run = ansible_runner.run(
            private_data_dir=folder,
            project_dir=str(PROJECT),
            playbook=f"{playbook}.yml",
            inventory={"all": {"hosts": {name: _host(login, access) for name, login in hosts.items()}}},
            extravars={**variables, "exchange": str(exchange)},
            envvars={
                "ANSIBLE_PIPELINING": "True",
                "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
                "ANSIBLE_LOCALHOST_WARNING": "False",
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
            event_handler=event,
            cancel_callback=_stopping.is_set,
            quiet=True,
        )
        if _stopping.is_set():
            _end_all(folder)
    if run.status != "successful":
        raise PlaybookError(f"{playbook}.yml: {'; '.join(dict.fromkeys(said)) or run.status}")


_stopping = threading.Event()
_runs = 0
_changed = threading.Condition()


@contextmanager
def _running() -> Iterator[None]:
    """Counts the playbooks that run. One that was stopped says nothing more: its process ends, and must not take it for a failure of the hosts."""
    global _runs
    with _changed:
        _runs += 1
    try:
        yield
    finally:
        with _changed:
            _runs -= 1
            _changed.notify_all()
        while _stopping.is_set():
            time.sleep(1)


def _end_all(folder: str) -> None:
    """Ansible's workers are sessions of their own, which a signal to their parent's group does not reach; they carry the folder in their command line."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{folder}/".encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def stop(limit_s: float = 20) -> None:
    """End the playbooks of this process, which is about to exit: no `ansible-playbook` and no folder of theirs is left."""
    _stopping.set()
    with _changed:
        _changed.wait_for(lambda: _runs == 0, limit_s)


def _fault(detail: Mapping[str, Any]) -> str:
    result = detail.get("res", {})
    words = " ".join(str(result.get("msg") or result.get("stderr") or result).split())
    if result.get("stderr") and result.get("msg") == "non-zero return code":
        words = " ".join(str(result["stderr"]).split())
    return f"{detail.get('host')}: task `{detail.get('task')}` failed: {words[:300]}"


def _host(login: Login, access: Access) -> dict[str, Any]:
    variables: dict[str, Any] = {"ansible_host": login.host, "ansible_port": login.port, "ansible_user": login.user}
    if login.key_file:
        variables["ansible_ssh_private_key_file"] = str(login.path(login.key_file))
    variables["ansible_ssh_common_args"] = options(login, access)
    return variables
