"""A lab's life: up, up again, down; killed at any moment; two beside each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.errors import InputError
from lab import up as lab
from lab.client import LabError
from lab.namespaces import inner_root
from lab.session import Session
from lab.up import node_of
from tests.lab.small import PAIR, inside, listens, login, run, running

pytestmark = pytest.mark.lab
ONLY = ("extranet",)


def wait(true: Callable[[], bool], message: str, limit_s: float = 20) -> None:
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end, message
        time.sleep(0.02)


def lab_up(estate: Path) -> subprocess.Popen[str]:
    """`lab up` of the pair in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from lab import up; from lab.spec import LabSpec\n"
        f"up.up(Path({str(estate)!r}), LabSpec.from_json(sys.argv[1]), ('extranet',), lambda line: print(line, flush=True))"
    )
    return subprocess.Popen([sys.executable, "-c", code, PAIR.to_json()], stdout=subprocess.PIPE, text=True)


def test_a_router_comes_from_the_factory_and_keeps_what_is_written(tmp_path: Path) -> None:
    with running(tmp_path, PAIR, ONLY) as session:
        with login(session, "r1", "auto") as router:
            lines = run(router, "vtysh -c 'show running-config no-header'").splitlines()
            assert [line for line in lines if line not in ("", "!", "end") and not line.startswith("frr ")] == [
                "hostname r1",
                "service integrated-vtysh-config",
            ]
            daemons = run(router, "vtysh -c 'show daemons'").split()
            assert set(daemons) == {"mgmtd", "zebra", "staticd", "isisd", "bgpd", "bfdd"}
            assert "mtu 9000" in run(router, "ip link show eth1")
            assert "inet6 2" not in run(router, "ip -6 address")
            assert run(router, "cat /proc/sys/net/ipv6/conf/eth1/seg6_enabled").strip() == "1"
            run(router, "vtysh -c 'configure terminal' -c 'interface eth1' -c 'description kept' -c end -c 'write memory'")
            for command in ("sudo -n ip link show sr0", "sudo -n tcpdump --version", "sudo -n nft list ruleset", "sudo -n /usr/lib/frr/frr-reload.py --help"):
                run(router, command)
        session.client.ask("stop", node="r1")
        session.client.ask("start", node="r1")
        session.client.ask("wait", node="r1")
        with login(session, "r1", "netops") as router:
            channel = router.invoke_shell()
            channel.send(b"terminal length 0\nshow running-config\n")
            text = b""
            while b"\nend" not in text:
                text += channel.recv(4096)
            assert b"description kept" in text


def test_up_twice_says_that_it_is_up_and_down_twice_that_it_is_down(tmp_path: Path) -> None:
    said: list[str] = []
    with running(tmp_path, PAIR, ONLY) as session:
        pid = session.record["pid"]
        lab.up(tmp_path, PAIR, ONLY, said.append)
        assert said == ["up already: nothing to do"]
        assert session.record["pid"] == pid
        assert {node["state"] for node in lab.status(tmp_path)["nodes"]} == {"running"}
        assert lab.down(tmp_path)
        assert not lab.down(tmp_path)
        assert lab.status(tmp_path) == {"up": False, "incomplete": False}
        assert not session.run.exists()
        assert not session.socket.parent.exists()


def test_killing_process_1_ends_everything(tmp_path: Path) -> None:
    with running(tmp_path, PAIR, ONLY) as session:
        ports, processes = session.record["ports"].values(), inside(session)
        assert len(processes) > 20
        assert all(listens(port) for port in ports)
        os.kill(session.record["pid"], signal.SIGKILL)
        wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), "processes of the lab are left")
        assert not any(listens(port) for port in ports)
        assert not session.alive
        lab.up(tmp_path, PAIR, ONLY, print)
        with login(session, "r2", "auto") as router:
            assert run(router, "hostname") == "r2\n"


def test_killing_the_supervisor_below_process_1_ends_everything(tmp_path: Path) -> None:
    with running(tmp_path, PAIR, ONLY) as session:
        processes = inside(session)
        first = session.record["pid"]
        supervisor = int(Path(f"/proc/{first}/task/{first}/children").read_text().split()[0])
        os.kill(supervisor, signal.SIGKILL)
        wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), "processes of the lab are left")


@pytest.mark.parametrize("after_s", [0.1, 0.2, 0.3, 0.4, 0.5, 0.7])
def test_a_killed_up_blocks_nothing(tmp_path: Path, after_s: float) -> None:
    with running(tmp_path / "other", PAIR, ONLY):  # another lab beside it is not touched
        process = lab_up(tmp_path / "killed")
        (tmp_path / "killed").mkdir()
        time.sleep(after_s)
        process.kill()
        process.wait()
        try:
            lab.up(tmp_path / "killed", PAIR, ONLY, print)
            session = Session(tmp_path / "killed")
            with login(session, "r1", "auto") as router:
                assert run(router, "hostname") == "r1\n"
        finally:
            lab.down(tmp_path / "killed")
        assert lab.status(tmp_path / "other")["up"]


def test_two_at_once_make_one_lab(tmp_path: Path) -> None:
    both = [lab_up(tmp_path), lab_up(tmp_path)]
    try:
        said = sorted(process.communicate(timeout=60)[0] for process in both)
        assert [process.returncode for process in both] == [0, 0]
        assert sum("up already" in text for text in said) == 1
        assert sum("waiting for it" in text for text in said) == 1
    finally:
        lab.down(tmp_path)


def test_labs_side_by_side_do_not_meet(tmp_path: Path) -> None:
    with running(tmp_path / "a", PAIR, ONLY) as a, running(tmp_path / "b", PAIR, ONLY) as b:
        assert not set(a.record["ports"].values()) & set(b.record["ports"].values())
        for lab_of in (a, b):  # inside, their processes have the same ids
            assert {node["pid"] for node in lab.status(lab_of.estate)["nodes"]} <= set(inside(lab_of))
        with login(a, "r1", "auto") as router:
            run(router, "vtysh -c 'configure terminal' -c 'interface eth1' -c 'ipv6 address 2001:db8::1/64'")
        with login(b, "r1", "auto") as router:
            assert "2001:db8::1" not in run(router, "ip -6 address")
        lab.down(a.estate)
        with login(b, "r2", "auto") as router:
            assert run(router, "hostname") == "r2\n"


def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    with running(tmp_path / ("long, with a comma: and a colon " * 4) / "estate", PAIR, ONLY) as session:
        assert len(str(session.socket)) < 108
        assert session.client.output("r1", "hostname") == "r1\n"


def test_a_node_is_found_by_each_of_its_names_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    with running(tmp_path, PAIR, ONLY) as session:
        assert node_of(session, "device:r1") == node_of(session, "r1") == "r1"
        with pytest.raises(InputError, match="no node r9: known are r1, r2"):
            node_of(session, "r9")
        with pytest.raises(LabError, match="no node r9"):
            session.client.ask("stop", node="r9")
        with pytest.raises(LabError, match="exit 7"):
            session.client.output("r1", "sh", "-c", "exit 7")


def test_the_lab_has_no_right_on_the_machine(tmp_path: Path) -> None:
    """Its root is nobody to the machine's files, and routers see neither these nor the machine's processes."""
    with running(tmp_path, PAIR, ONLY) as session:
        owner = session.run.stat().st_uid
        assert owner == inner_root()
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in inside(session)} & {0} == set()
        assert not session.client.output("r1", "sh", "-c", f"ls {tmp_path} 2>/dev/null || true")
        assert session.client.output("r1", "cat", "/proc/1/comm") == "bash\n"
