"""The live network against the intended one, over SSH: adjacencies, sessions, SIDs, MTU, and real traffic watched at every router."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from ipaddress import IPv6Address
from typing import Any

from inventory.access import Access
from inventory.errors import XiangyunError
from netconf.model.network import Attachment, Network, Node, VpnAt
from netconf.sids import end_sid
from netconf.ssh import Shell, connect
from netconf.verify.model import SRV6_OVERHEAD, PlannedPath

BULK = 20_000_000  # bytes; a handshake and a ping pass where the MTU is wrong, bulk does not
CAPTURE_S = 25
PORT = 5201
PINGS = 32  # of one router at once
RECEIVE = (
    "import hashlib,socket,sys\n"
    "s=socket.create_server((sys.argv[1],int(sys.argv[2])),family=socket.AF_INET6)\n"
    "s.settimeout(20);print('ready',flush=True)\n"
    "c,_=s.accept();c.settimeout(20);h=hashlib.sha256();n=0\n"
    "while d:=c.recv(65536): h.update(d);n+=len(d)\n"
    "print(n,h.hexdigest())"
)
SEND = (
    "import hashlib,socket,sys,time\n"
    "b=bytes(range(256))*256;n=int(sys.argv[3]);h=hashlib.sha256();t=time.monotonic()\n"
    "s=socket.create_connection((sys.argv[1],int(sys.argv[2])),10);s.settimeout(20)\n"
    "while n>0: d=b[:n];s.sendall(d);h.update(d);n-=len(d)\n"
    "s.close();print(h.hexdigest(),round(time.monotonic()-t,3))"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `ok` is None where it could not be looked at here: that is never reported as true."""

    name: str
    ok: bool | None
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Flow:
    """Traffic to send: from host to host (asset ids), along the planned path."""

    source: str
    target: str
    address: IPv6Address
    path: PlannedPath


class Live:
    """Sessions to the routers of a network, opened once."""

    def __init__(self, network: Network, access: Access) -> None:
        self.network, self.access = network, access
        self.shells: dict[str, Shell] = {}

    def __enter__(self) -> Live:
        with ThreadPoolExecutor(8) as pool:
            opening = {device: pool.submit(connect, device, self.access.device(device), self.access) for device in self.network.nodes}
        self.shells = {device: future.result() for device, future in opening.items() if not future.exception()}
        if faults := [str(fault) for future in opening.values() if (fault := future.exception())]:
            self.__exit__()
            raise XiangyunError("; ".join(faults))
        return self

    def __exit__(self, *_: object) -> None:
        for shell in self.shells.values():
            shell.close()

    def _json(self, device: str, command: str) -> Any:
        text = self.shells[device].run(f"vtysh -c '{command}'").out
        try:
            return json.loads(text or "{}")
        except ValueError as error:
            raise XiangyunError(f"{device}: `{command}` did not answer with JSON: {text[:80]}") from error

    # control plane

    def faults(self) -> list[str]:
        """What is not up yet: IS-IS adjacencies, BGP sessions, local SIDs."""
        with ThreadPoolExecutor(8) as pool:
            return [fault for faults in pool.map(self._node_faults, self.network.nodes.values()) for fault in faults]

    def wait(self, limit_s: float = 60) -> list[str]:
        """Faults that are still there after at most `limit_s` seconds."""
        end = time.monotonic() + limit_s
        while (faults := self.faults()) and time.monotonic() < end:
            time.sleep(0.5)
        return faults

    def _node_faults(self, node: Node) -> list[str]:
        return [*self._isis(node), *self._bgp(node), *self._sids(node)]

    def _isis(self, node: Node) -> list[str]:
        text = self.shells[node.device].run("vtysh -c 'show isis neighbor'").out
        seen = {m[1] for m in re.finditer(r"^ *\S+ +(\S+) +\d +Up ", text, re.M)}
        return [f"{node.name}: no IS-IS adjacency on {p.interface} with {self.network.nodes[p.peer].name}" for p in node.ports if p.interface not in seen]

    def _bgp(self, node: Node) -> list[str]:
        peers = [p for p in self.network.nodes.values() if p.device != node.device and (node.reflector or p.reflector)]
        have = self._json(node.device, "show bgp ipv6 unicast summary json").get("peers", {})
        states = {p.name: have.get(p.loopback, {}).get("state", "absent") for p in peers}
        return [f"{node.name}: BGP session with {name} is {state}" for name, state in states.items() if state != "Established"]

    def _sids(self, node: Node) -> list[str]:
        text = self.shells[node.device].run("vtysh -c 'show segment-routing srv6 sid'").out
        have = set(re.findall(r"^ *([0-9a-f:]+)\s", text, re.M))
        want = {node.service_sid: "End.DT6", end_sid(node.locator): "End"}
        return [f"{node.name}: SID {sid} ({behaviour}) is not installed" for sid, behaviour in want.items() if sid not in have]

    def mtu(self, lan_mtu: int) -> list[str]:
        """Backbone interfaces whose measured MTU cannot carry a LAN packet with its encapsulation."""
        need = lan_mtu + SRV6_OVERHEAD
        faults = []
        for node in self.network.nodes.values():
            interfaces = self._json(node.device, "show interface json")
            have = {p.interface: interfaces.get(p.interface, {}).get("mtu", 0) for p in node.ports}
            faults += [f"{node.name} {interface}: MTU {mtu}, needed {need}" for interface, mtu in have.items() if mtu < need]
        return faults

    # data plane

    def transfer(self, flow: Flow, size: int = BULK) -> tuple[float, dict[str, set[tuple[str, str]]]]:
        """Send `size` bytes over TCP and watch every router meanwhile. Returns seconds, and per device the (interface, In or Out) of their packets to the SID.

        Raises XiangyunError when the bytes do not all arrive as they were sent.
        """
        with (
            connect(flow.source, self.access.host(flow.source), self.access) as source,
            connect(flow.target, self.access.host(flow.target), self.access) as target,
            ThreadPoolExecutor(len(self.shells) + 1) as pool,
        ):
            stop = threading.Event()
            watchers = {device: pool.submit(self._capture, device, flow, stop) for device in self.shells}
            receiver = pool.submit(target.run, "python3", "-c", RECEIVE, str(flow.address), str(PORT), timeout=60)
            try:
                sent, seconds = self._send(source, flow, size).split()
                got, digest = receiver.result().out.split()[-2:]
            finally:
                stop.set()
                seen = {device: watcher.result() for device, watcher in watchers.items()}
        if int(got) != size or digest != sent:
            raise XiangyunError(f"{flow.source} to {flow.address}: {got} of {size} bytes arrived")
        return float(seconds), seen

    def _send(self, source: Shell, flow: Flow, size: int) -> str:
        """The receiver needs a moment to listen: a refused connection is tried again for some seconds."""
        end = time.monotonic() + 10
        while True:
            result = source.run("python3", "-c", SEND, str(flow.address), str(PORT), str(size), timeout=60, check=False)
            if result.status == 0:
                return result.out
            if "refused" not in result.err or time.monotonic() > end:
                raise XiangyunError(f"{flow.source} to {flow.address}: {result.err.strip().splitlines()[-1] if result.err.strip() else 'no answer'}")

    def _capture(self, device: str, flow: Flow, stop: threading.Event) -> set[tuple[str, str]]:
        """Interfaces that the flow's packets to its SID came in or went out by, until `stop`; our own sessions with the target have the same SID."""
        out = self.shells[device].watch(f"sudo -n tcpdump -lnni any ip6 dst host {flow.path.sid}", stop, CAPTURE_S)
        return ways(out, flow.address)


def ways(dump: str, address: IPv6Address) -> set[tuple[str, str]]:
    """Interface, and In or Out, of the packets of a transfer to `address`, in tcpdump's text of encapsulated packets."""
    return {(m[1], m[2]) for m in re.finditer(rf"^\S+ (\S+) +(In|Out) .* > {re.escape(str(address))}\.{PORT}: ", dump, re.M)}


def path_faults(path: PlannedPath, seen: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Where packets to the SID were not seen and should have been, or were seen and should not."""
    planned = {(hop.device, i, way) for hop in path.hops for i, way in ((hop.enters, "In"), (hop.leaves, "Out")) if i}
    got = {(device, i, way) for device, ways in seen.items() for i, way in ways if i != "sr0"}
    missing = [f"{device}: not seen {way.lower()} by {i}" for device, i, way in sorted(planned - got)]
    return missing + [f"{device}: seen {way.lower()} by {i}, not planned" for device, i, way in sorted(got - planned)]


def isolation_checks(live: Live) -> list[Check]:
    """Department VPNs: a site reaches the sites of its own VPN and of no other. Not run where a router's kernel has no VRF devices."""
    ends = [(node, v, a) for node in live.network.nodes.values() for v in node.vpns for a in node.attachments if a.vpn == v.vpn]
    devices = {node.device for node, _, _ in ends}
    with ThreadPoolExecutor(8) as pool:
        able = dict(zip(devices, pool.map(lambda device: has_vrf(live.shells[device]), devices), strict=True))

        def checks(end: tuple[Node, VpnAt, Attachment]) -> list[Check]:
            node, vpn, _ = end
            if not able[node.device]:
                return [Check(f"isolation of {vpn.vpn} at {node.name}", None, f"not run here: the kernel of {node.name} has no VRF devices")]
            others = {a.lan: (a.vpn == vpn.vpn, a.address.partition("/")[0]) for other, _, a in ends if other.device != node.device}
            answer = answering(live.shells[node.device], vpn.vrf, [address for _, address in others.values()])
            return [
                Check(
                    f"{vpn.vpn} at {node.name} {'reaches' if same else 'does not reach'} {lan}",
                    (address in answer) is same,
                    f"{address} {'answers' if address in answer else 'is silent'}",
                )
                for lan, (same, address) in others.items()
            ]

        return [check for found in pool.map(checks, ends) for check in found]


def answering(shell: Shell, source: str, addresses: list[str]) -> set[str]:
    """Those of the addresses that answer a ping from `source`, an address or VRF of the router; they are asked side by side."""
    ping = f'ping -6 -q -c 2 -i 0.3 -W 2 -I {source} "$0" >/dev/null 2>&1 && echo "$0"'
    return set(shell.run(f"xargs -n 1 -P {PINGS} sh -c '{ping}'", stdin="\n".join(addresses), check=False).out.split())


def has_vrf(shell: Shell) -> bool:
    """Whether the router's kernel can make a VRF device; a probe device is made and removed."""
    line = "sudo -n ip link add xyprobe type vrf table 65000 2>/dev/null && sudo -n ip link del xyprobe && echo yes"
    return shell.run(line, check=False).out.strip() == "yes"


def bulk_checks(live: Live, flow: Flow) -> list[Check]:
    """20 MB across, and the way that they took."""
    name = f"{BULK // 1_000_000} MB over TCP from {flow.source} to {flow.target}"
    try:
        seconds, seen = live.transfer(flow)
    except XiangyunError as error:
        return [Check(name, False, str(error)), Check("path", None, "not seen: the transfer failed")]
    names = " → ".join(live.network.nodes[h.device].name for h in flow.path.hops)
    faults = path_faults(flow.path, seen)
    return [
        Check(name, True, f"{seconds:.2f} s, {BULK * 8 / seconds / 1e6:.0f} Mbit/s, digest equal"),
        Check("path", not faults, "; ".join(faults) or f"packets to {flow.path.sid} seen at {names}, and at no other router"),
    ]


def withdrawal_check(live: Live, flow: Flow, driver: Any, withdraw: str, say: Callable[[str], None]) -> Check:
    """The negative proof: without the service SID the traffic stops; with it back, it flows. The device takes the change back by itself if we die."""
    name = f"without SID {flow.path.sid} the traffic stops"
    say(f"withdraw {flow.path.sid} (taken back by itself after 60 s)")
    with connect(flow.source, live.access.host(flow.source), live.access) as source:
        if not _reaches(source, flow):
            return Check(name, None, "no traffic before the withdrawal: nothing to prove")
        driver.load_merge_candidate(config=withdraw)
        if not driver.compare_config():  # a rollback would then take back whatever was committed before
            return Check(name, False, "traffic arrives, and the router does not have that SID")
        driver.commit_config(message="net verify", revert_in=60)
        try:
            stopped = _becomes(False, source, flow)
        finally:
            driver.rollback()
        if not stopped:
            return Check(name, False, "traffic still arrived: it does not depend on the planned SID")
        back = _becomes(True, source, flow)
    return Check(name, back, "stopped within the limit, and flowed again after the SID came back" if back else "it did not come back")


def _becomes(wanted: bool, source: Shell, flow: Flow) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if _reaches(source, flow) is wanted:
            return True
        time.sleep(0.5)
    return False


def _reaches(source: Shell, flow: Flow) -> bool:
    """One small TCP exchange with the target's SSH port."""
    code = f"import socket; s=socket.create_connection(({str(flow.address)!r}, 22), 2); s.settimeout(2); assert s.recv(4) == b'SSH-'"
    return source.run("python3", "-c", code, timeout=15, check=False).status == 0
