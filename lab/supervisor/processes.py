"""Plain processes of the supervisor, in the machine's own network: started by a command, or forked by a zygote that has imported what they run."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any, Protocol

Json = dict[str, Any]


class Process(Protocol):
    """What a Popen and a forked process have in common."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


def spawn(ask: Json) -> subprocess.Popen[bytes]:
    """Run `command` with `env` added to our own; its output goes to the file `log`."""
    return _popen(ask, stdin=subprocess.DEVNULL, output=None)


def _popen(ask: Json, stdin: int, output: int | None) -> subprocess.Popen[bytes]:
    with Path(ask["log"]).open("ab") as log:
        made = subprocess.Popen(
            ask["command"], env={**os.environ, **ask["env"]}, stdin=stdin, stdout=output or log, stderr=log, start_new_session=True, cwd="/"
        )
    threading.Thread(target=made.wait, daemon=True).start()
    return made


class Forked:
    """A process that a zygote has forked: the zygote is its parent, and tells when it has ended."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None
        self.ended = threading.Event()

    def poll(self) -> int | None:
        return self.code

    def end(self, code: int) -> None:
        self.code = code
        self.ended.set()

    def kill(self) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        self.ended.wait()
        return self.code or 0


class Zygote:
    """Forks processes on order (lab/cloud/inside/xylab/zygote.py). `process` is the zygote itself."""

    def __init__(self, ask: Json) -> None:
        self.process = _popen(ask, stdin=subprocess.PIPE, output=subprocess.PIPE)
        self._log = Path(ask["log"])
        self._forked: dict[int, Forked] = {}
        self._started: queue.Queue[Forked | None] = queue.Queue()
        self._lock = threading.Lock()
        self._gone = False
        threading.Thread(target=self._listen, daemon=True).start()

    def fork(self, ask: Json) -> Forked:
        """A process of the zygote's service with `arguments` and `env`, writing to the file `log`. Raises RuntimeError when the zygote has ended."""
        order = json.dumps({key: ask[key] for key in ("arguments", "env", "log")}).encode() + b"\n"
        assert self.process.stdin
        made = None
        with self._lock, contextlib.suppress(BrokenPipeError):
            if not self._gone:  # a pipe takes orders for a moment after its other end has ended
                self.process.stdin.write(order)
                self.process.stdin.flush()
                made = self._started.get()
        if made is None:
            said = self._log.read_text("utf-8", "replace").strip().splitlines()[-1:]
            raise RuntimeError(f"{ask['name']} has nothing to be forked from: {ask['zygote']} has ended: {''.join(said)}")
        return made

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            said = json.loads(line)
            if "started" in said:
                made = self._forked[said["started"]] = Forked(said["started"])
                self._started.put(made)
            else:
                self._forked.pop(said["ended"]).end(said["code"])
        self._gone = True
        self._started.put(None)
