"""Asks a running supervisor. Its process 1 is identified by id and start time, since ids are used again."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

from inventory.errors import XiangyunError

ANSWER = 1 << 16  # bytes read at once


class LabError(XiangyunError):
    """The lab does not do what it was asked."""


class Client:
    """One supervisor, by its socket."""

    def __init__(self, address: Path) -> None:
        self.address = address

    def ask(self, op: str, fds: tuple[int, ...] = (), **values: Any) -> Any:
        """One request; its result. Raises LabError with the supervisor's words."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.address))
                socket.send_fds(connection, [json.dumps({"op": op, **values}).encode() + b"\n"], fds)
                data = b""
                while more := connection.recv(ANSWER):
                    data += more
        except OSError as error:
            raise LabError(f"the lab's supervisor does not answer ({error}): `xiangyun lab down`, then `xiangyun lab up`") from error
        if not data:
            raise LabError(f"the lab's supervisor ended while it did {op!r}: see supervisor.log of the lab's state")
        answer = json.loads(data)
        if "error" in answer:
            raise LabError(f"lab: {answer['error']}")
        return answer["result"]

    def run(self, node: str, command: list[str], fds: tuple[int, int, int] = (0, 1, 2)) -> int:
        """Run a command in a node on the given standard streams; its exit code."""
        return int(self.ask("exec", fds, node=node, command=command, term=os.environ.get("TERM", "dumb")))

    def output(self, node: str, *command: str) -> str:
        """Standard output of a command in a node. Raises LabError when it fails."""
        read, write = os.pipe()
        with open(os.devnull, "rb") as nothing, os.fdopen(read) as out:  # noqa: PTH123
            try:
                code = self.run(node, list(command), (nothing.fileno(), write, write))
            finally:
                os.close(write)
            text = out.read()
        if code:
            raise LabError(f"{node}: {' '.join(command)}: exit {code}: {text.strip()[-300:]}")
        return text
