"""What this machine can run, and what to do about the rest."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from inventory.errors import XiangyunError
from lab import cache, images, tools
from lab.cloud import config, golden, venv
from lab.cloud.up import free_ports
from lab.images import mirror
from lab.namespaces import id_base, inner_root, remove_tree
from lab.session import CODE

State = Literal["ok", "warn", "missing"]
PACKAGES = ("ledger", "inventory", "netconf", "stacks", "migration", "lab", "cli")
GIB = 1 << 30
DISK_GIB = 5  # images and environment 2, a lab's disks 1, and what a build needs meanwhile
MEMORY_GIB = 3  # the pilot takes about 2


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `missing`: the demo cannot run without it; `warn`: something is left out or may go wrong."""

    name: str
    state: State
    detail: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def examine() -> list[Check]:
    """All checks, in the order in which one would mend things."""
    return [check for look in (_python, _packages, _programs, _ids, _kernel, _mirror, _ports, _room, _cache, _pulumi) for check in look()]


def _python() -> Iterator[Check]:
    good = sys.version_info >= (3, 11)
    yield Check("python", "ok" if good else "missing", platform.python_version(), "" if good else "install Python 3.11 or newer")


def _packages() -> Iterator[Check]:
    """Names such as inventory and netconf are also those of other people's packages on PyPI."""
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        folder = Path(next(iter(found.submodule_search_locations))).resolve() if found and found.submodule_search_locations else None
        good = folder == CODE / name
        advice = "" if good else f"another package of that name is in the way: `pip uninstall {name}`, then install xiangyun again"
        yield Check(f"package {name}", "ok" if good else "missing", str(folder or "not found"), advice)


def _programs() -> Iterator[Check]:
    for program, package in tools.needed().items():
        if place := shutil.which(program):
            yield Check(f"program {program}", "ok", place)
        elif tools.may_install():
            yield Check(f"program {program}", "warn", "not found", f"`xiangyun lab prepare` installs the package {package}")
        else:
            yield Check(f"program {program}", "missing", "not found", f"sudo apt-get install {package}")


def _ids() -> Iterator[Check]:
    try:
        base = id_base()
    except XiangyunError as error:
        yield Check("user ids", "missing", "no range for this user", str(error))
    else:
        yield Check("user ids", "ok", f"65536 from {base}")


KERNEL: dict[str, tuple[State, str]] = {
    "overlay": ("missing", "overlay file systems are not to be had where the cache is: set XIANGYUN_CACHE to a folder on ext4, xfs or btrfs"),
    "network-namespace": ("missing", "the kernel was built without network namespaces"),
    "veth": ("missing", "modprobe veth"),
    "bridge": ("missing", "modprobe bridge"),
    "seg6": ("missing", "a kernel with CONFIG_IPV6_SEG6_LWTUNNEL is needed, such as Debian's own"),
    "seg6local": ("missing", "a kernel with CONFIG_IPV6_SEG6_LWTUNNEL is needed, such as Debian's own"),
    "vrf": ("warn", "isolation of department VPNs is not run without VRF devices: modprobe vrf, or Debian's own kernel"),
    "netem": ("warn", "links have no delay or loss without netem: modprobe sch_netem; nothing in the demo needs it"),
}


def _kernel() -> Iterator[Check]:
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if os.getuid() and restricted.exists() and restricted.read_text().strip() == "1":
        yield Check("user namespaces", "missing", "AppArmor refuses them to ordinary users", "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
        return
    cache.folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".doctor-", dir=cache.folder()))
    try:
        os.chown(folder, inner_root() if not os.getuid() else -1, -1)
        command = [sys.executable, "-m", "lab.enter", "--see", str(folder), "--see", str(CODE), "--", "sh", "-c", f"cd {folder} && bash {CODE}/lab/probe.sh"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, XiangyunError, subprocess.TimeoutExpired) as error:
        yield Check("user namespaces", "missing", str(error), "see user_namespaces(7); user.max_user_namespaces must not be 0")
        return
    finally:
        remove_tree(folder)
    found = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
    if not found:
        advice = "see user_namespaces(7); user.max_user_namespaces must not be 0, and containers need the right to make namespaces"
        yield Check("user namespaces", "missing", (done.stderr.strip().splitlines() or ["refused"])[-1], advice)
        return
    yield Check("user namespaces", "ok", "with 65536 ids")
    for name, (without, advice) in KERNEL.items():
        good = found.get(name) == "yes"
        yield Check(f"kernel {name}", "ok" if good else without, "works" if good else f"not in kernel {platform.release()}", "" if good else advice)


def _mirror() -> Iterator[Check]:
    """Needed only as long as an image is not built."""
    try:
        place = mirror.address()
    except XiangyunError as error:
        built = all(images.folder(name).exists() for name in images.IMAGES)
        yield Check("mirror", "warn" if built else "missing", "none known", str(error))
        return
    for name, image in images.IMAGES.items():
        good, built = mirror.has(image.suite), images.folder(name).exists()
        state: State = "ok" if good else "warn" if built else "missing"
        advice = "" if good else f"set XIANGYUN_DEBIAN_MIRROR to a mirror with the suite {image.suite}"
        yield Check(f"suite {image.suite}", state, f"{place} {'has it' if good else 'does not answer for it'}", advice)


def _ports() -> Iterator[Check]:
    try:
        free_ports(len(config.SERVICES))
        yield Check("ports", "ok", "free ones on 127.0.0.1")
    except XiangyunError as error:
        yield Check("ports", "missing", str(error), "end what listens there")


def _room() -> Iterator[Check]:
    free = shutil.disk_usage(cache.folder()).free / GIB
    good = free >= DISK_GIB
    yield Check(
        "disk",
        "ok" if good else "missing",
        f"{free:.0f} GiB free at {cache.folder()}",
        "" if good else f"{DISK_GIB} GiB are needed: set XIANGYUN_CACHE to another disk",
    )
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    memory = int(lines["MemAvailable"].split()[0]) / (1 << 20)
    good = memory >= MEMORY_GIB
    yield Check(
        "memory", "ok" if good else "warn", f"{memory:.1f} GiB available", "" if good else f"the pilot's lab wants {MEMORY_GIB} GiB: end other programs"
    )


def _cache() -> Iterator[Check]:
    places: dict[str, Callable[[], Path]] = {f"image {name}": (lambda name=name: images.folder(name)) for name in images.IMAGES}  # type: ignore[misc]
    for name, place in {**places, "cloud environment": venv.folder, "cloud databases": golden.folder}.items():
        try:
            built = place().exists()
        except XiangyunError:
            built = False
        yield Check(
            name, "ok" if built else "warn", "built" if built else "not built yet", "" if built else "`xiangyun lab prepare` builds it, and so does `lab up`"
        )


def _pulumi() -> Iterator[Check]:
    place = shutil.which("pulumi")
    yield Check(
        "pulumi", "ok" if place else "warn", place or "not found", "" if place else "only `--engine pulumi` needs the CLI; the embedded engine is the default"
    )
