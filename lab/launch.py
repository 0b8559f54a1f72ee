"""`python -m lab.launch FOLDER SOCKET --see PATH …`: start a supervisor below its own namespaces and leave it running.

Prints the process id, as the machine sees it, of process 1 of the lab (SIGKILL to it ends everything), and waits for a line on standard input before
anything starts: whoever called has then written down what there is to end. Without that line (the caller was killed) it goes away again.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from inventory.errors import XiangyunError
from lab.namespaces import enter, first_process, mount
from lab.supervisor.server import serve


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("socket", type=Path)
    parser.add_argument("--see", action="append", type=Path, default=[])
    asked = parser.parse_args()
    try:
        enter(asked.see)
    except XiangyunError as error:
        sys.stderr.write(f"xiangyun: {error}\n")
        return int(error.exit)
    pid = os.fork()
    if pid == 0:
        os._exit(_first(asked.folder, asked.socket))
    os.write(1, f"{pid}\n".encode())
    return 0


def _first(folder: Path, socket: Path) -> int:
    if not os.read(0, 1):
        return 0
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(null, fd)
    os.setsid()
    mount("proc", "/proc", "proc")
    mount("tmpfs", "/run", "tmpfs", data="mode=755")
    return first_process(lambda: serve(folder, socket))


if __name__ == "__main__":
    sys.exit(main())
