"""Asks the lab's supervisor for machines: one JSON object a line over its Unix socket (lab/supervisor/server.py)."""

import json
import os
import pathlib
import socket
from typing import Any

SITE = json.loads((pathlib.Path(os.environ["XYLAB"]) / "etc/site.json").read_text())
"""socket, image (the machines' root file system), hosts by name, networks (physical network → the lab's switch)."""


class SupervisorError(Exception):
    """The supervisor's own words."""


def ask(op: str, **values: Any) -> Any:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(SITE["socket"])
        connection.sendall(json.dumps({"op": op, **values}).encode() + b"\n")
        data = b"".join(iter(lambda: connection.recv(65536), b""))
    answer = json.loads(data or b'{"error": "no answer"}')
    if "error" in answer:
        raise SupervisorError(answer["error"])
    return answer["result"]
