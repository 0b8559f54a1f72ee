"""`lab up` of several clouds, killed at awkward moments: the next one completes, and `lab down` leaves nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lab import up as lab
from lab.cloud.config import CORE
from lab.session import Session
from lab.spec import CloudSpec, HostSpec, LabSpec
from stacks.provider.cloud import Cloud
from tests.lab.small import inside, listens
from tests.lab.test_lab_life import wait

pytestmark = pytest.mark.bench  # two clouds start twice and a half: 115 s on a busy machine
TWO = LabSpec(clouds=tuple(CloudSpec(name, (HostSpec(f"{name}-1", "x86_64", 4, 8192, 50),), {}, False, CORE) for name in ("one", "two")))
MOMENTS = ("lab.cloud.config.write", "lab.cloud.up._load_policies", "lab.cloud.up.write_clouds")
"""A cloud's databases are copied, services start, all run and it is not written down yet."""


def killed_up(estate: Path, after: str) -> None:
    """`lab up` in a process that is killed as soon as this function has returned."""

    def work() -> None:
        module, _, name = after.rpartition(".")
        real = getattr(import_module(module), name)

        def kill(*arguments: Any) -> None:
            real(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(after, kill)
            lab.up(estate, TWO, ("cloud",), print)

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(240)
    assert process.exitcode == -signal.SIGKILL


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_an_up_of_several_clouds_is_killed_and_the_next_one_completes(tmp_path: Path) -> None:
    session = Session(tmp_path)
    try:
        for after in MOMENTS:
            killed_up(tmp_path, after)
            assert lab.status(tmp_path)["incomplete"]
        left = inside(session)
        assert len(left) > len(CORE) * 3  # two clouds and the zygotes
        lab.up(tmp_path, TWO, ("cloud",), print)
        assert not set(left) & set(inside(session)), "processes of the killed one are left"
        assert len(Cloud("two", session.state).sdk.list_projects()) == 2
        running, ports, socket = inside(session), session.record["ports"].values(), session.socket.parent
        assert len(ports) == len(CORE) * 2
    finally:
        assert lab.down(tmp_path)
    wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in running), "processes of the lab are left")
    assert not any(listens(port) for port in ports)
    assert not socket.exists()
    assert not session.run.exists()
    assert files(session.state) == {"lab/lock", "lab/supervisor.log", "clouds.yaml", "secure.yaml"}
