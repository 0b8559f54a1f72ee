"""A lab's life as seen from outside: where its state is, whether it runs, starting and ending its supervisor.

Everything of one estate's lab is in ESTATE/.xiangyun/lab: `record.json` (what runs), `supervisor.log`, `run/` (disks, databases, logs; of the lab's users).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab import cache
from lab.client import Client, LabError
from lab.namespaces import give, inner_root, remove_tree

SOCKETS = Path("/tmp")  # a socket's path must be shorter than 108 bytes, whatever the estate's
CODE = Path(__file__).resolve().parent.parent
GONE_S = 20
Say = Callable[[str], None]


class Session:
    """The lab of one estate folder."""

    def __init__(self, estate: Path) -> None:
        self.estate = estate.resolve()
        self.state = self.estate / ".xiangyun"
        self.folder = self.state / "lab"
        self.run = self.folder / "run"
        digest = hashlib.sha256(str(self.estate).encode()).hexdigest()[:12]
        self.socket = SOCKETS / f"xy-{digest}" / "s"

    @property
    def client(self) -> Client:
        return Client(self.socket)

    @contextmanager
    def alone(self, say: Say) -> Iterator[None]:
        """One `lab up` or `lab down` at a time; the lock ends with the process."""
        with cache.locked(self.folder / "lock", lambda: say("another `xiangyun lab` command is at work on this estate: waiting for it")):
            yield

    # record

    @property
    def record(self) -> dict[str, Any]:
        """What was written down last; empty if nothing was."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "record.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def write(self, **values: Any) -> None:
        """Add to the record."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / "record.json.tmp"
        temporary.write_text(json.dumps({**self.record, **values}, indent=1))
        temporary.rename(self.folder / "record.json")

    @property
    def alive(self) -> bool:
        record = self.record
        return bool(record) and started(record["pid"]) == record["started"]

    # supervisor

    def begin(self) -> None:
        """Start an empty supervisor; what was left of an earlier lab is ended and removed."""
        self.end()
        self.run.mkdir(parents=True)
        give(self.run)
        self._socket_folder()
        visible = (self.run, self.socket.parent, CODE, cache.folder(), Path(sys.prefix), Path(sys.base_prefix))
        cache.folder().mkdir(parents=True, exist_ok=True)
        see = [part for path in visible for part in ("--see", str(path))]
        with (self.folder / "supervisor.log").open("wb") as log:
            launcher = subprocess.Popen(
                [sys.executable, "-m", "lab.launch", str(self.run), str(self.socket), *see],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env={**os.environ, "PYTHONPATH": str(CODE), "PYTHONSAFEPATH": "1"},
            )
        assert launcher.stdin
        assert launcher.stdout
        with launcher.stdin as go, launcher.stdout as said:
            line = said.readline()
            if not line:
                raise LabError(f"the lab's supervisor did not start: {(self.folder / 'supervisor.log').read_text().strip() or 'it said nothing'}")
            pid = int(line)
            self.write(pid=pid, started=started(pid), socket=str(self.socket), parts=[], ports={})
            go.write(b"go\n")
        launcher.wait()
        self._wait(lambda: self.socket.exists(), "did not answer")

    def _socket_folder(self) -> None:
        folder = self.socket.parent
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            give(folder)
        if folder.is_symlink() or folder.stat().st_uid != inner_root():
            raise LabError(f"{folder} belongs to somebody else: remove it")

    def _wait(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + GONE_S
        while not true():
            if not self.alive or time.monotonic() > end:
                raise LabError(f"the lab's supervisor {what}: see {self.folder / 'supervisor.log'}")
            time.sleep(0.02)

    def end(self) -> bool:
        """End whatever this lab started, and remove its state. True if something ran."""
        ran = self.alive
        if ran:
            pid = int(self.record["pid"])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            end = time.monotonic() + GONE_S
            while self.alive:  # the kernel ends all processes of the pid namespace before its first one is gone
                if time.monotonic() > end:
                    raise LabError(f"process {pid} of the lab does not end")
                time.sleep(0.01)
        remove_tree(self.run)
        remove_tree(self.socket.parent)
        (self.folder / "record.json").unlink(missing_ok=True)
        return ran


def started(pid: int) -> int:
    """Start time of a process in clock ticks since boot; 0 if there is none, or only its remains."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])
