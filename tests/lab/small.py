"""Small labs, and ways to look at them."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko

from lab import up as lab
from lab.session import Session
from lab.spec import CloudSpec, HostSpec, LabSpec, LanSpec, Link, MachineSpec, Router

PAIR = LabSpec(routers=(Router("device:r1", "r1"), Router("device:r2", "r2")), links=(Link("r1", "eth1", "r2", "eth1", 9000),))
CORNER = LabSpec(
    routers=(Router("device:r1", "r1"),),
    lans=(LanSpec("lan:ops", "r1", "lan1", 1500, "2001:db8:0:1::/64"), LanSpec("lan:cloud", "r1", "lan2", 1500, "2001:db8:0:2::/64")),
    machines=(MachineSpec("asset:1", "bastion-1", "lan:ops", "2001:db8:0:1::10/64", "2001:db8:0:1::1", "bastion"),),
    clouds=(
        CloudSpec(
            "small",
            (HostSpec("x-1", "x86_64", 8, 16384, 100, ("CUSTOM_POOL_X86",)), HostSpec("k-1", "aarch64", 8, 16384, 100, ("CUSTOM_POOL_KUNPENG",))),
            {"extranet": "lan:cloud"},
        ),
    ),
)


@contextmanager
def running(estate: Path, spec: LabSpec, parts: tuple[str, ...]) -> Iterator[Session]:
    """A lab of its own, taken down at the end."""
    estate.mkdir(parents=True, exist_ok=True)
    try:
        lab.up(estate, spec, parts, print)
        yield Session(estate)
    finally:
        lab.down(estate)


@contextmanager
def login(session: Session, node: str, user: str) -> Iterator[paramiko.SSHClient]:
    """Log in to a router or the bastion as the product would: known hosts only, by the lab's key."""
    with paramiko.SSHClient() as client:
        client.load_host_keys(str(session.state / "known_hosts"))
        _connect(client, session, "127.0.0.1", session.record["ports"][node], user)
        yield client


@contextmanager
def login_through(bastion: paramiko.SSHClient, session: Session, address: str, host_key: str) -> Iterator[paramiko.SSHClient]:
    """Log in as ops to a host behind the bastion whose key is `host_key` (`ssh-ed25519 AAAA…`)."""
    with paramiko.SSHClient() as client:
        client.get_host_keys().add(address, "ssh-ed25519", paramiko.Ed25519Key(data=base64.b64decode(host_key.split()[1])))
        transport = bastion.get_transport()
        assert transport
        channel = transport.open_channel("direct-tcpip", (address, 22), ("::1", 0), timeout=20)
        _connect(client, session, address, 22, "ops", channel)
        yield client


def _connect(client: paramiko.SSHClient, session: Session, host: str, port: int, user: str, channel: paramiko.Channel | None = None) -> None:
    key = str(session.state / "keys/lab")
    client.connect(host, port, user, key_filename=key, sock=channel, allow_agent=False, look_for_keys=False, timeout=20)


def run(client: paramiko.SSHClient, command: str) -> str:
    """Standard output of a command that has to succeed."""
    _, out, err = client.exec_command(command, timeout=60)
    text, code = out.read().decode(), out.channel.recv_exit_status()
    assert code == 0, f"{command}: exit {code}: {err.read().decode()}"
    return text


def inside(session: Session) -> list[int]:
    """Processes of the machine that are in this lab's user namespace."""
    namespace = _namespace(session.record["pid"])
    return [pid for pid in (int(folder.name) for folder in Path("/proc").glob("[0-9]*")) if _namespace(pid) == namespace]


def _namespace(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}/ns/user").st_ino  # noqa: PTH116
    except OSError:
        return -pid


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
