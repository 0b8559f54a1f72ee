"""Asks the lab's supervisor for machines: one JSON object a line over its Unix socket (lab/supervisor/server.py)."""

import functools
import json
import os
import pathlib
import socket
from typing import Any


@functools.cache
def site() -> dict[str, Any]:
    """socket, image (the machines' root file system), hosts by name, networks (physical network → the lab's switch), machines (whether servers are any).

    Not read on import: a zygote has imported this before it forks the processes of several clouds.
    """
    found: dict[str, Any] = json.loads((pathlib.Path(os.environ["XYLAB"]) / "etc/site.json").read_text())
    return found


class SupervisorError(Exception):
    """The supervisor's own words."""


def ask(op: str, **values: Any) -> Any:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(site()["socket"])
        connection.sendall(json.dumps({"op": op, **values}).encode() + b"\n")
        data = b"".join(iter(lambda: connection.recv(65536), b""))
    answer = json.loads(data or b'{"error": "no answer"}')
    if "error" in answer:
        raise SupervisorError(answer["error"])
    return answer["result"]
