"""One router or machine: its files, its process 1, its life."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.supervisor.filters import PortFilter, ruleset
from lab.supervisor.wires import NETNS, Switches, WireError, add_netns, delete_netns, ip

BOOT = Path(__file__).resolve().parent.parent / "boot"
REBOOT = 64  # exit code of a process 1 that wants to be started again
READY_S = 120
STOP_S = 20


@dataclass(slots=True)
class Port:
    """A node's interface on a switch. Addresses with prefix length; MTU in bytes, 0 for the switch's own."""

    name: str
    switch: str
    addresses: list[str] = field(default_factory=list)
    gateways: list[str] = field(default_factory=list)
    mac: str = ""
    mtu: int = 0


@dataclass(slots=True)
class Order:
    """What is asked for. `files` go to /run/boot of the node, at each boot."""

    name: str
    kind: str
    image: str
    hostname: str
    ports: list[Port] = field(default_factory=list)
    service: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Order:
        return cls(**{**raw, "ports": [Port(**port) for port in raw.get("ports", [])]})


class Node:
    """A node, running or off. Its network namespace bears its name and lasts as long as it is known."""

    def __init__(self, order: Order, folder: Path, switches: Switches) -> None:
        self.order, self.folder, self.switches = order, folder, switches
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.wanted = False

    @property
    def name(self) -> str:
        return self.order.name

    @property
    def console(self) -> Path:
        return self.folder / "console.log"

    @property
    def running(self) -> bool:
        return self.process is not None

    @property
    def host_key(self) -> str:
        """The public SSH host key, `ssh-ed25519 AAAA…`; empty before the first boot."""
        file = self.folder / "up/etc/ssh/ssh_host_ed25519_key.pub"
        return " ".join(file.read_text().split()[:2]) if file.exists() else ""

    @property
    def ready(self) -> bool:
        return self.running and Path(f"/proc/{self.pid}/root/run/ready").exists()

    def create(self) -> None:
        """Make the network namespace; wires to it can be laid from now on."""
        add_netns(self.name)
        for port in self.order.ports:
            self.switches.get(port.switch, port.mtu or 1500).plug(self.name, port.name, port.mac, port.mtu)

    def start(self) -> None:
        """Boot; returns at once. Nothing happens if it runs already."""
        with self.lock:
            if self.running:
                return
            self._write_boot()
            base = ["/bin/bash", str(BOOT / "base.sh"), str(self.folder), self.order.image, self.order.hostname]
            enter = ["nsenter", f"--net={NETNS / self.name}", "unshare", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--"]
            with self.console.open("ab") as console:
                self.process = subprocess.Popen([*enter, *base], stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
            self.pid = _only_child(self.process)
            self.wanted = True
            threading.Thread(target=self._watch, args=(self.process,), daemon=True).start()

    def _write_boot(self) -> None:
        boot = self.folder / "boot"
        shutil.rmtree(boot, ignore_errors=True)
        boot.mkdir(parents=True)
        order = self.order
        values = {
            "HOSTNAME": order.hostname,
            "PORTS": " ".join(port.name for port in order.ports),
            "GATEWAYS": " ".join(gateway for port in order.ports for gateway in port.gateways),
            "DISABLED": " ".join(order.disabled),
        }
        addresses = [f"{port.name} {address}" for port in order.ports for address in port.addresses] + [f"lo {address}/128" for address in order.service]
        (boot / "env").write_text("".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items()))
        (boot / "addresses").write_text("".join(f"{line}\n" for line in addresses))
        (boot / "init.sh").write_text((BOOT / f"{order.kind}.sh").read_text())
        for name, text in order.files.items():
            (boot / name).parent.mkdir(parents=True, exist_ok=True)
            (boot / name).write_text(text)

    def filter(self, ports: dict[str, PortFilter]) -> None:
        """Filter by MAC address of the port, from now on and at each boot. Raises RuntimeError with nftables' own words."""
        rules = ruleset({port.name: ports[port.mac] for port in self.order.ports if port.mac in ports})
        with self.lock:
            if not ports and "filter.nft" not in self.order.files:
                return
            self.order.files["filter.nft"] = rules
            if not self.running:
                return
            done = subprocess.run(self.enter(["/usr/sbin/nft", "-f", "-"]), input=rules, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(done.stderr.split())}")

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        with contextlib.suppress(WireError):  # its namespace may be gone
            ip("link set group 0 down", netns=self.name)  # a kernel would answer a ping for a machine that is off
        with self.lock:
            self.process, self.pid = None, 0
            self.changed.notify_all()
            if code == REBOOT and self.wanted:
                self.start()

    def wait_ready(self, limit_s: float = READY_S) -> None:
        """Until the boot is through. Raises TimeoutError or RuntimeError with the console's last line."""
        end = time.monotonic() + limit_s
        while not self.ready:
            if not self.running:
                raise RuntimeError(f"{self.name} went down while it booted: {self._last_words()}")
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name} did not boot within {limit_s:.0f} s: {self._last_words()}")
            time.sleep(0.02)

    def _last_words(self) -> str:
        lines = self.console.read_text("utf-8", "replace").split("\n") if self.console.exists() else []
        return next((line for line in reversed(lines) if line.strip()), "nothing on its console")

    def stop(self, *, hard: bool = False, limit_s: float = STOP_S) -> None:
        """Power off: ask process 1 first, then end it. Returns when it is off."""
        with self.lock:
            self.wanted = False
            if self.running and not hard:
                self._signal(signal.SIGPWR)
                self.changed.wait_for(lambda: not self.running, limit_s)
            if self.running:
                self._signal(signal.SIGKILL)
                self.changed.wait_for(lambda: not self.running)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def destroy(self) -> None:
        """End it and remove its disk and its wires."""
        self.stop(hard=True)
        delete_netns(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def enter(self, command: list[str]) -> list[str]:
        """`command`, run inside."""
        return ["nsenter", "-t", str(self.pid), "-m", "-n", "-u", "-i", "-p", "-r", "-w", "--", *command]

    def as_dict(self) -> dict[str, Any]:
        state = "off" if not self.running else "running" if self.ready else "booting"
        return {"name": self.name, "kind": self.order.kind, "hostname": self.order.hostname, "state": state, "pid": self.pid, "host_key": self.host_key}


def _only_child(process: subprocess.Popen[bytes]) -> int:
    """Process 1 of the namespace that `unshare --fork` made: its only child, as soon as there is one."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.002)
    return 0


Starter = Callable[[Order], Node]
