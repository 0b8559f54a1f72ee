"""The supervisor's interface: one JSON object a line asks, one answers.

{"op": "start", "order": {…}}            → {"result": {…}}
{"op": "exec", "node": …, "command": […]}, with the caller's stdin, stdout and stderr passed along → {"result": exit code}
anything that fails                      → {"error": "…"}
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.supervisor import wires
from lab.supervisor.filters import PortFilter
from lab.supervisor.forward import Forward, forward
from lab.supervisor.node import Node, Order
from lab.supervisor.processes import Process, Zygote, spawn

Json = dict[str, Any]
REQUEST = 1 << 20  # bytes, at most
CONSOLE = 1 << 16  # bytes of a console that are handed out


class Supervisor:
    """All nodes, switches, forwarders and plain processes of one lab."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.switches = wires.Switches()
        self.nodes: dict[str, Node] = {}
        self.filters: dict[str, dict[str, PortFilter]] = {}
        self.forwards: list[Forward] = []
        self.processes: dict[str, Process] = {}
        self.zygotes: dict[str, Zygote] = {}
        self.commands: dict[str, Json] = {}
        self.lock = threading.Lock()
        self.operations: dict[str, Callable[[Json], Any]] = {
            "switch": self.switch,
            "create": self.create,
            "link": self.link,
            "start": self.start,
            "stop": self.stop,
            "destroy": self.destroy,
            "wait": self.wait,
            "show": self.show,
            "console": self.console,
            "filter": self.filter,
            "forward": self.forward,
            "process": self.process,
            "zygote": self.zygote,
            "restart": self.restart,
            "list": self.everything,
        }

    def switch(self, ask: Json) -> None:
        """A switch, and the router interface on it."""
        switch = self.switches.get(ask["name"], ask["mtu"])
        for node, interface in ask.get("plugs", []):
            switch.plug(node, interface)

    def create(self, ask: Json) -> None:
        """A node with its network namespace, off. Nothing happens if it is there."""
        order = Order.from_json(ask["order"])
        with self.lock:
            if order.name in self.nodes:
                return
            self.nodes[order.name] = node = Node(order, self.folder / "nodes" / order.name, self.switches)
            node.filter(self.filters.get(order.name, {}))
        node.folder.mkdir(parents=True)
        node.create()

    def link(self, ask: Json) -> None:
        """Wires between nodes, each [a, interface, b, interface, MTU in bytes]."""
        for a, a_if, b, b_if, mtu in ask["links"]:
            wires.link(a, a_if, b, b_if, mtu)

    def start(self, ask: Json) -> None:
        """Boot a node, created first if an order comes along."""
        if "order" in ask:
            self.create(ask)
        self.node({"node": ask["order"]["name"]} if "order" in ask else ask).start()

    def wait(self, ask: Json) -> Json:
        """Until a node has booted."""
        node = self.node(ask)
        node.wait_ready()
        return node.as_dict()

    def show(self, ask: Json) -> Json:
        return self.node(ask).as_dict()

    def stop(self, ask: Json) -> None:
        self.node(ask).stop(hard=ask.get("hard", False))

    def destroy(self, ask: Json) -> None:
        """Nothing happens if there is no such node."""
        with self.lock:
            node = self.nodes.pop(ask["node"], None)
        if node:
            node.destroy()

    def console(self, ask: Json) -> str:
        file = self.node(ask).console
        return file.read_bytes()[-CONSOLE:].decode("utf-8", "replace") if file.exists() else ""

    def filter(self, ask: Json) -> None:
        """What a node's ports may receive and send, by MAC address; others are open. It is kept for a node that is made later, or made again."""
        with self.lock:
            self.filters[ask["node"]] = filters = {mac: PortFilter(**port) for mac, port in ask["ports"].items()}
            node = self.nodes.get(ask["node"])
        if node:
            node.filter(filters)

    def forward(self, ask: Json) -> int:
        """The port on the machine's loopback that leads to the node's sshd."""
        made = forward(self.node(ask).name)
        self.forwards.append(made)
        return made.port

    def process(self, ask: Json) -> int:
        """Start a plain process in the machine's own network (a cloud service), by a command or from a zygote; its pid in here."""
        made: Process = self.zygotes[ask["zygote"]].fork(ask) if "zygote" in ask else spawn(ask)
        with self.lock:
            self.processes[ask["name"]], self.commands[ask["name"]] = made, ask
        return made.pid

    def zygote(self, ask: Json) -> int:
        """Start a process that others are forked from."""
        made = Zygote(ask)
        with self.lock:
            self.zygotes[ask["name"]], self.processes[ask["name"]] = made, made.process
        return made.process.pid

    def restart(self, ask: Json) -> int:
        """Kill a plain process and start it again; its new pid."""
        process = self.processes[ask["name"]]
        process.kill()
        process.wait()
        return self.process(self.commands[ask["name"]])

    def everything(self, _: Json) -> Json:
        return {
            "nodes": [node.as_dict() for node in self.nodes.values()],
            "forwards": [{"node": one.node, "port": one.port} for one in self.forwards],
            "processes": [{"name": name, "pid": made.pid, "exit": made.poll()} for name, made in self.processes.items()],
            "switches": sorted(self.switches.known),
        }

    def node(self, ask: Json) -> Node:
        try:
            return self.nodes[ask["node"]]
        except KeyError:
            raise LookupError(f"the lab has no node {ask['node']}: known are {', '.join(sorted(self.nodes)) or 'none'}") from None

    def execute(self, ask: Json, fds: list[int], caller: socket.socket) -> int:
        """Run a command in a node on the caller's own terminal; it ends when the caller goes away."""
        node = self.node(ask)
        if not node.running:
            raise RuntimeError(f"{node.name} is off")
        command = node.enter(["/usr/bin/env", "-i", *_environment(ask), *ask["command"]])
        made = subprocess.Popen(command, stdin=fds[0], stdout=fds[1], stderr=fds[2], start_new_session=True)
        threading.Thread(target=_end_when_gone, args=(caller, made), daemon=True).start()
        return made.wait()

    def answer(self, connection: socket.socket) -> None:
        """One request and its answer."""
        with connection:
            data, fds, _, _ = socket.recv_fds(connection, REQUEST, 3)
            try:
                while not data.endswith(b"\n"):
                    if not (more := connection.recv(REQUEST)):
                        return
                    data += more
                ask = json.loads(data)
                if ask["op"] == "exec":
                    result: Any = self.execute(ask, fds, connection)
                else:
                    result = self.operations[ask["op"]](ask)
                reply: Json = {"result": result}
            except Exception as error:  # whatever went wrong belongs to the caller, and the supervisor goes on
                reply = {"error": f"{error}" or type(error).__name__}
            finally:
                for fd in fds:
                    os.close(fd)
            with contextlib.suppress(OSError):  # a caller that went away
                connection.sendall(json.dumps(reply).encode() + b"\n")
                connection.shutdown(socket.SHUT_RDWR)  # also for the thread that waits for the caller's end


def _environment(ask: Json) -> list[str]:
    values = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "TERM": ask.get("term", "dumb"), "LANG": "C.UTF-8"}
    return [f"{key}={value}" for key, value in values.items()]


def _end_when_gone(caller: socket.socket, made: subprocess.Popen[bytes]) -> None:
    """A caller sends nothing after its request: an end of file is its end."""
    try:
        gone = not caller.recv(1)
    except OSError:
        gone = True
    if gone and made.poll() is None:
        made.kill()


def serve(folder: Path, address: Path) -> int:
    """Answer on the Unix socket until killed. Its folder is the lab's own and closed to others."""
    wires.add_netns(wires.HUB)
    supervisor = Supervisor(folder)
    address.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen(64)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=supervisor.answer, args=(connection,), daemon=True).start()
