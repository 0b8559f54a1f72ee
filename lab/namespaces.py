"""Linux namespaces by system call: Python 3.11 has neither unshare nor setns, and util-linux 2.38 cannot map a range without /etc/subuid.

Source: man pages user_namespaces(7), mount_namespaces(7), pid_namespaces(7).
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from inventory.errors import XiangyunError

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
BIND, REC, PRIVATE = 0x1000, 0x4000, 0x40000
IDS = 65536  # sshd, PostgreSQL and nginx each want users of their own
ROOT_BASE = 1_900_000_000  # nobody's: above what useradd (100,000 to 600,100,000) and systemd-nspawn (up to 1,879,048,191) give out
PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class NamespaceError(XiangyunError):
    """The kernel, or the machine's set-up, refuses a namespace."""


def _checked(result: int, what: str) -> None:
    if result:
        code = ctypes.get_errno()
        raise NamespaceError(f"{what}: {os.strerror(code)}; `xiangyun doctor` says what this machine lacks")


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "new namespaces")


def setns(fd: int, kind: int) -> None:
    """Move the calling thread (for `kind` NEWNET) to the namespace behind `fd`."""
    _checked(_libc.setns(fd, kind), "joining a namespace")


def mount(source: str, target: Path | str, kind: str = "", flags: int = 0, data: str = "") -> None:
    _checked(_libc.mount(source.encode(), str(target).encode(), kind.encode(), flags, data.encode()), f"mounting {kind or source} on {target}")


def die_with_parent() -> None:
    _checked(_libc.prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0), "following the parent's death")


def id_base() -> int:
    """First outer id of the range that the lab's ids 0 (or 1) to 65,535 are mapped to.

    It is the caller's own line of /etc/subuid, which has to be equal in /etc/subgid. Root may map any range and needs no line.
    """
    ranges = [_ranges(Path(file)) for file in ("/etc/subuid", "/etc/subgid")]
    user = pwd.getpwuid(os.getuid()).pw_name
    for name, start, count in ranges[0]:
        if name in (user, str(os.getuid())) and count >= IDS and (name, start, count) in ranges[1]:
            return start
    if os.getuid() == 0:
        return ROOT_BASE
    raise NamespaceError(
        f"{user} has no range of {IDS} ids in /etc/subuid and /etc/subgid: run `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}`"
    )


def _ranges(file: Path) -> list[tuple[str, int, int]]:
    lines = file.read_text().splitlines() if file.exists() else []
    fields = [line.split(":") for line in lines if line.count(":") == 2]
    return [(name, int(start), int(count)) for name, start, count in fields if start.isdigit() and count.isdigit()]


def inner_root() -> int:
    """Outer id of the lab's root: the user himself, or for root the first of the range, so that no file of the machine belongs to it."""
    return os.getuid() or id_base()


def enter(visible: Iterable[Path]) -> None:
    """Put this process into a user namespace of its own with 65,536 ids, as its root, and into mount, pid (for its children), uts and ipc namespaces below.

    Not into a network namespace: its listening sockets are the machine's own. `visible` are the paths that must stay reachable.
    """
    pid, base = os.getpid(), id_base()
    if os.getuid() == 0:
        unshare(NEWNS)
        mount("none", "/", flags=REC | PRIVATE)
        _reveal(visible)
    read, write = os.pipe()
    helper = os.fork()
    if helper == 0:
        os._exit(_guarded(lambda: _map_ids(pid, base, read)))
    unshare(NEWUSER)
    os.write(write, b".")
    if os.waitpid(helper, 0)[1]:
        raise NamespaceError("the ids of the user namespace could not be mapped: `xiangyun doctor` says what this machine lacks")
    for fd in (read, write):
        os.close(fd)
    os.setgroups([])
    os.setgid(0)
    os.setuid(0)
    unshare(NEWNS | NEWPID | NEWUTS | NEWIPC)
    mount("none", "/", flags=REC | PRIVATE)


def _guarded(action: Callable[[], None]) -> int:
    try:
        action()
    except Exception as error:
        os.write(2, f"xiangyun: {error}\n".encode())
        return 1
    return 0


def _map_ids(pid: int, base: int, ready: int) -> None:
    """Run outside, once `pid` has its user namespace."""
    os.read(ready, 1)
    if os.getuid() == 0:
        for file in ("gid_map", "uid_map"):
            Path(f"/proc/{pid}/{file}").write_text(f"0 {base} {IDS}\n")
        return
    for tool, own in (("newgidmap", os.getgid()), ("newuidmap", os.getuid())):
        subprocess.run([tool, str(pid), "0", str(own), "1", "1", str(base), str(IDS - 1)], check=True)


def _reveal(paths: Iterable[Path]) -> None:
    """Make paths below folders that are closed to others (a home of mode 700) reachable for the lab's root, in this mount namespace only.

    The closed folder is covered by an empty one that holds nothing but the wanted paths: the rest of it is out of reach as before.
    """
    wanted: dict[Path, list[tuple[Path, int]]] = {}
    for path in _outermost(p.resolve() for p in paths):
        closed = next((a for a in reversed(path.parents) if not a.stat().st_mode & stat.S_IXOTH), None)
        if closed:
            wanted.setdefault(closed, []).append((path, os.open(path, os.O_PATH)))
    for closed, found in wanted.items():
        mount("tmpfs", closed, "tmpfs", data="mode=755")
        for path, fd in found:
            path.mkdir(parents=True)
            mount(f"/proc/self/fd/{fd}", path, flags=BIND | REC)
            os.close(fd)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    every = set(paths)
    return sorted(p for p in every if not any(a in every for a in p.parents))


def first_process(body: Callable[[], int]) -> int:
    """Run `body` in a child and reap whatever ends here until that child does; returns its exit code.

    Process 1 of a pid namespace ends all others with it, and must not be `body` itself: it would have to tell its own children from orphans.
    """
    child = os.fork()
    if child == 0:
        os._exit(body())
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.waitstatus_to_exitcode(status) & 0xFF


def run_inside(command: Sequence[str], visible: Iterable[Path]) -> int:
    """Run a command as the lab's root, to its end; whatever it left running ends with it. Returns its exit code."""
    enter(visible)
    die_with_parent()  # not before: a change of user clears it
    child = os.fork()
    if child == 0:
        die_with_parent()
        mount("proc", "/proc", "proc")
        os._exit(first_process(lambda: subprocess.run(command, check=False).returncode))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF


def give(folder: Path) -> None:
    """Make a folder of ours belong to the lab's root."""
    if os.getuid() == 0:
        os.chown(folder, id_base(), id_base())


def remove_tree(folder: Path) -> None:
    """Remove a folder with files of the lab's users in it."""
    if os.getuid() == 0 or not folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return
    child = os.fork()
    if child == 0:
        os._exit(run_inside(["rm", "-rf", "--", str(folder)], [folder.parent]))
    os.waitpid(child, 0)
