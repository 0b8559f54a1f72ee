"""The terminal in the hall: writes records all the time and keeps its own log of those that were acknowledged.

A record is sent again until it is acknowledged, always with the same number and value; after a restart it goes on after the last number of the log.
"""

import argparse
import hashlib
import http.client
import json
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 1.0  # of one try
PAUSE_S = 0.1  # before the next try


def value_of(client: str, seq: int) -> str:
    """What is stored under a number: always the same, so that a repeated write is recognised."""
    return hashlib.sha256(f"{client} {seq}".encode()).hexdigest()


def last_number(log: Path) -> int:
    """The number of the log's last whole line; a torn line at its end (the machine was switched off) is cut."""
    if not log.exists():
        return 0
    data = log.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        log.write_bytes(whole)
    return int(json.loads(whole.splitlines()[-1])["seq"]) if whole else 0


def write(url: SplitResult, record: dict[str, Any]) -> bool:
    """Send a record once; True when it is acknowledged."""
    try:
        connection = http.client.HTTPConnection(str(url.hostname), url.port or 80, timeout=TIMEOUT_S)
        try:
            connection.request("POST", url.path, json.dumps(record), {"Content-Type": "application/json"})
            return connection.getresponse().status in (200, 201)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", type=urlsplit, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--client", default=socket.gethostname())
    parser.add_argument("--rate", type=float, default=30, help="writes a second, at most")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    seq = last_number(asked.log)
    with asked.log.open("a", buffering=1) as log:
        while True:
            seq, begun = seq + 1, time.monotonic()
            record = {"client": asked.client, "seq": seq, "value": value_of(asked.client, seq)}
            while not write(asked.url, record):
                time.sleep(PAUSE_S)
            sha = hashlib.sha256(record["value"].encode()).hexdigest()
            log.write(json.dumps({"client": asked.client, "seq": seq, "sha": sha, "time": time.time()}) + "\n")
            time.sleep(max(0, 1 / asked.rate - (time.monotonic() - begun)))


if __name__ == "__main__":
    main()
