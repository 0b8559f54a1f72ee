"""Network namespaces, switches and wires, by iproute2.

A wire can join two namespaces only from inside the user namespace that owns both; the supervisor itself stays in the machine's network, where it may nothing.
"""

from __future__ import annotations

import itertools
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

NETNS = Path("/run/netns")
HUB = "hub"  # the namespace from which wires are made
PORT = itertools.count(1)


class WireError(Exception):
    """iproute2 refuses."""


def ip(*lines: str, netns: str = HUB) -> None:
    """Run lines of iproute2 in one batch inside a namespace. Raises WireError with iproute2's own words."""
    done = subprocess.run(["ip", "-n", netns, "-batch", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    if done.returncode:
        raise WireError(f"{netns}: {' '.join(done.stderr.split())}")


def add_netns(name: str) -> None:
    """Make a network namespace. Not by `ip netns add`, which wants to return to the network that it came from, and may not."""
    NETNS.mkdir(exist_ok=True)
    (NETNS / name).touch()
    subprocess.run(["unshare", f"--net={NETNS / name}", "true"], check=True, capture_output=True)


def delete_netns(name: str) -> None:
    """Take a namespace away and every wire that ends in it; fine if it is gone already."""
    subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def link(a: str, a_if: str, b: str, b_if: str, mtu: int) -> None:
    """A wire between two nodes."""
    ip(f"link add {a_if} netns {a} mtu {mtu} type veth peer name {b_if} netns {b} mtu {mtu}")


@dataclass(frozen=True, slots=True)
class Switch:
    """A bridge in a network namespace of its own."""

    name: str
    mtu: int

    @property
    def netns(self) -> str:
        return f"switch-{self.name.replace(':', '-')}"

    def create(self) -> None:
        add_netns(self.netns)
        ip(f"link add switch mtu {self.mtu} type bridge mcast_snooping 0", "link set switch up", netns=self.netns)

    def plug(self, node: str, interface: str, mac: str = "", mtu: int = 0) -> None:
        """A wire from a node's interface to a free port."""
        port, address = f"port{next(PORT)}", f"address {mac} " if mac else ""
        ip(f"link add {interface} netns {node} mtu {mtu or self.mtu} {address}type veth peer name {port} netns {self.netns} mtu {self.mtu}")
        ip(f"link set {port} master switch up", netns=self.netns)


class Switches:
    """All switches by name, made when first asked for."""

    def __init__(self) -> None:
        self.known: dict[str, Switch] = {}
        self.lock = threading.Lock()

    def get(self, name: str, mtu: int) -> Switch:
        with self.lock:
            if name not in self.known:
                self.known[name] = switch = Switch(name, mtu)
                switch.create()
            return self.known[name]
