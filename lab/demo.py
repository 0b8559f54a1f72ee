"""The main job from end to end, on a copy of the estate, by the commands that a user would type: `make demo`.

It begins afresh every time: what a demo that was cut off left running is ended first. KEEP=1 leaves the lab running at the end.
"""

from __future__ import annotations

import csv
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "demo"
ESTATE = WORK / "estate"
SCOPE = "pilot"
SYSTEM = "system:430224-0001"
ROOM = "room:430224-0001"


class DemoError(Exception):
    """A step did not end as it should."""


@dataclass
class Demo:
    """Runs commands, times steps."""

    times: list[tuple[str, float]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def step(self, title: str) -> None:
        self.times.append((title, time.monotonic()))
        print(f"\n=== {len(self.times)}. {title}", flush=True)

    def run(self, *words: str, expect: int = 0, estate: bool = True) -> str:
        """One command, shown as a user would type it; its output is shown too. Raises DemoError for another exit code than expected."""
        command = [*words, *(["--estate", str(ESTATE)] if estate else [])]
        print(f"$ xiangyun {' '.join(words)}", flush=True)
        program = str(Path(sys.executable).parent / "xiangyun")
        process = subprocess.Popen([program, *command], stdout=subprocess.PIPE, text=True, cwd=WORK, preexec_fn=_ends_with_us)
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            print(f"  {line}", end="", flush=True)
        if (code := process.wait()) != expect:
            raise DemoError(f"`xiangyun {' '.join(words)}` ended with exit code {code}, expected {expect}")
        return "".join(lines)

    def summary(self) -> None:
        """How long each step took: said, and left in build/demo/times.json for `make bench`."""
        ends = [t for _, t in self.times[1:]] + [time.monotonic()]
        took = [(title, end - start) for (title, start), end in zip(self.times, ends, strict=True)]
        (WORK / "times.json").write_text(json.dumps([{"step": title, "seconds": round(seconds, 1)} for title, seconds in took]), "utf-8")
        print("\n=== done")
        for title, seconds in took:
            print(f"  {seconds:6.1f} s  {title}")
        print(f"  {time.monotonic() - self.began:6.1f} s  in all")


def _ends_with_us() -> None:
    """A demo that is killed leaves no command behind that would go on writing where the next demo begins (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def main() -> int:
    demo = Demo()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _fresh(demo)
        _job(demo)
        return 0
    except DemoError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: interrupted; `make demo` begins afresh", file=sys.stderr)
        return 130
    finally:
        if os.environ.get("KEEP"):
            print(f"the lab is left running (KEEP): end it with `xiangyun lab down --estate {ESTATE}`")
        elif ESTATE.exists():
            subprocess.run([str(Path(sys.executable).parent / "xiangyun"), "lab", "down", "--estate", str(ESTATE)], stdout=subprocess.DEVNULL, check=False)


def _fresh(demo: Demo) -> None:
    """A copy of the estate, and nothing running of an earlier demo."""
    if ESTATE.exists():
        subprocess.run([str(Path(sys.executable).parent / "xiangyun"), "lab", "down", "--estate", str(ESTATE)], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(WORK)
    WORK.mkdir(parents=True)
    shutil.copytree(ROOT / "estates" / "hunan", ESTATE, ignore=shutil.ignore_patterns(".xiangyun"))
    demo.step("prepare: images and the cloud's environment")
    demo.run("lab", "prepare", estate=False)


def _job(demo: Demo) -> None:
    demo.step("inventory: the whole province is loaded and checked")
    demo.run("inventory", "check")
    demo.step("lab: routers, machines and a cloud are started")
    demo.run("lab", "up", "--scope", SCOPE)
    demo.step("net: planned, compared, pushed as one transaction, proved")
    demo.run("net", "plan", "--scope", SCOPE, expect=3)
    demo.run("net", "plan", "--scope", SCOPE, "--accept")
    demo.run("net", "diff", "cl-pe-1", "--scope", SCOPE, expect=3)
    demo.run("net", "push", "--scope", SCOPE, "--yes")
    demo.run("net", "verify", "--scope", SCOPE, "--negative")
    demo.step("cloud: previewed, applied, applied again, drift found and mended")
    demo.run("cloud", "preview", "--scope", SCOPE, expect=3)
    demo.run("cloud", "up", "--scope", SCOPE, "--yes")
    demo.run("cloud", "up", "--scope", SCOPE, "--yes")
    _change_behind_its_back()
    demo.run("cloud", "drift", "--scope", SCOPE, expect=3)
    demo.run("cloud", "up", "--scope", SCOPE, "--yes")
    demo.run("cloud", "drift", "--scope", SCOPE)
    demo.step("room: not empty, so it refuses to close")
    _media_record()
    demo.run("room", "retire", ROOM, "--media", str(WORK / "media.csv"), "--scope", SCOPE, "--yes", expect=3)
    demo.step("migrate: one system moves while its users write")
    demo.run("migrate", "assess", SYSTEM)
    demo.run("migrate", "run", SYSTEM, "--scope", SCOPE, "--yes", expect=4)
    demo.run("migrate", "approve", SYSTEM)
    demo.run("migrate", "run", SYSTEM, "--scope", SCOPE, "--yes")
    demo.step("room: closed, with its certificate")
    demo.run("room", "retire", ROOM, "--media", str(WORK / "media.csv"), "--scope", SCOPE, "--out", str(WORK / "report"), "--yes")
    demo.step("report: the auditor's inventory, and the ledger checked with a public key alone")
    demo.run("report", "--out", str(WORK / "report"))
    demo.run("audit", "export", str(WORK / "ledger.jsonl"))
    demo.run("audit", "verify", str(WORK / "ledger.jsonl"), "--key", str(ESTATE / ".xiangyun" / "keys" / "ledger.pub"), estate=False)
    demo.summary()
    print(f"  report: {WORK / 'report'}\n  ledger: {WORK / 'ledger.jsonl'}")


def _change_behind_its_back() -> None:
    """What an operator at another console might do: a description is changed by the cloud's own API."""
    import openstack

    print("  (someone changes a project's description by the cloud's own API)", flush=True)
    os.environ["OS_CLIENT_CONFIG_FILE"] = str(ESTATE / ".xiangyun" / "clouds.yaml")
    os.environ["OS_CLIENT_SECURE_FILE"] = str(ESTATE / ".xiangyun" / "secure.yaml")
    with openstack.connect(cloud="province") as cloud:
        flavor = next(f for f in cloud.compute.flavors() if f.name == "x86.medium")
        cloud.compute.update_flavor(flavor, description="changed by hand")


def _media_record() -> None:
    """The paper that whoever sanitises the disks fills in; here for every medium of the room, marked as a sample."""
    with (ESTATE / "assets.csv").open(encoding="utf-8") as file:
        serials = [serial for row in csv.DictReader(file) if row["room"] == ROOM for serial in row["media"].split()]
    with (WORK / "media.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["serial", "method", "tool", "verification", "by"])
        writer.writerows([serial, "clear", "sample record of the demo", "read back, 10 % of the sectors", "operations on duty"] for serial in serials)


if __name__ == "__main__":
    sys.exit(main())
