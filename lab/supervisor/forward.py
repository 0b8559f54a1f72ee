"""Listening sockets on the machine's loopback whose connections come out inside a node's network."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from dataclasses import dataclass

from lab.namespaces import NEWNET, setns
from lab.supervisor.wires import NETNS

CHUNK = 1 << 16  # bytes
CONNECT_S = 10


@dataclass(slots=True)
class Forward:
    """127.0.0.1:`port` here is [::1]:`target` there."""

    node: str
    target: int
    listener: socket.socket

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Accept until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._connection, args=(client,), daemon=True).start()

    def _connection(self, client: socket.socket) -> None:
        """Runs in a thread of its own, which joins the node's network for good: there is no way back without privileges on the machine."""
        with client, contextlib.suppress(OSError):
            fd = os.open(NETNS / self.node, os.O_RDONLY)
            try:
                setns(fd, NEWNET)
            finally:
                os.close(fd)
            with socket.create_connection(("::1", self.target), CONNECT_S) as inner:
                inner.settimeout(None)
                _pump(client, inner)


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Copy both ways until both sides have ended."""
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while ready.get_map():
            for key, _ in ready.select():
                source, sink = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                if data := source.recv(CHUNK):
                    sink.sendall(data)
                else:
                    ready.unregister(source)
                    with contextlib.suppress(OSError):
                        sink.shutdown(socket.SHUT_WR)


def forward(node: str, target: int = 22) -> Forward:
    """Listen on a free port from now on."""
    made = Forward(node, target, socket.create_server(("127.0.0.1", 0)))
    threading.Thread(target=made.serve, daemon=True).start()
    return made
