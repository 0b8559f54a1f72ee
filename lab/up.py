"""Brings a lab up, part by part, takes it down, and says what runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from inventory.errors import InputError
from lab import access, extranet, images, tools
from lab.cloud import golden, venv
from lab.cloud import up as cloud
from lab.session import Session
from lab.spec import LabSpec

PARTS = ("extranet", "cloud")
Say = Callable[[str], None]


def prepare(say: Say, parts: tuple[str, ...] = PARTS) -> None:
    """Build what the parts need and is not in the cache yet, side by side."""
    tools.ensure(say)
    jobs: list[Callable[[], object]] = [partial(images.ensure, name, say) for name in images.IMAGES]
    if "cloud" in parts:
        jobs.append(partial(_environment, say))
    _side_by_side(jobs)


def _side_by_side(jobs: list[Callable[[], object]]) -> None:
    """Run all to their ends, and raise what the first failed one raised. Ctrl-C does not wait for them: what they started ends with this process."""
    failed: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _environment(say: Say) -> None:
    venv.ensure(say)
    golden.ensure(say)


def up(estate: Path, spec: LabSpec, parts: tuple[str, ...], say: Say) -> dict[str, Any]:
    """Start the parts that do not run yet. Returns the record: process, parts, ports, seconds per part.

    A lab that is up stays as it is, whatever has been written to the estate since: the world does not change with the books. What a killed `lab up`
    left half done is ended and begun anew.
    """
    session = Session(estate)
    with session.alone(say):
        if session.alive and not session.record.get("complete"):
            say("an earlier `lab up` did not finish: starting over")
            session.end()
        if session.alive:
            if session.record["spec"] != spec.to_json():
                say("the estate, or the scope, is not what it was when the lab was started: `xiangyun lab down` and `up` start what it says now")
            spec = LabSpec.from_json(session.record["spec"])
        missing = [part for part in parts if not session.alive or part not in session.record["parts"]]
        if not missing:
            say("up already: nothing to do")
            return session.record
        prepare(say, parts)
        began = not session.alive
        try:
            if began:
                session.begin()
                session.write(spec=spec.to_json(), times={})
                say(f"supervisor started, process {session.record['pid']}")
            for part in missing:
                _start(session, spec, part, say)
        except BaseException:  # Ctrl-C too: nothing half done stays
            if began:
                say("ending what was begun")
                session.end()
            raise
    return session.record


def _start(session: Session, spec: LabSpec, part: str, say: Say) -> None:
    begun = time.monotonic()
    session.write(complete=False)
    STARTERS[part](session, spec, say)
    seconds = round(time.monotonic() - begun, 1)
    record = session.record
    session.write(complete=True, parts=[*record["parts"], part], times={**record["times"], part: seconds})
    say(f"{part} is up after {seconds} s")


def _extranet(session: Session, spec: LabSpec, say: Say) -> None:
    nodes = extranet.up(session.client, spec, access.ensure_key(session.state), say)
    access.write_access(session.state, spec, nodes)
    session.write(ports={**session.record["ports"], **{name: node["port"] for name, node in nodes.items() if "port" in node}})


def _cloud(session: Session, spec: LabSpec, say: Say) -> None:
    if not spec.clouds:
        return
    extranet.switches(session.client, spec)
    ports = cloud.up(session, spec.clouds, say)
    session.write(ports={**session.record["ports"], **ports})


STARTERS: dict[str, Callable[[Session, LabSpec, Say], None]] = {"extranet": _extranet, "cloud": _cloud}


def down(estate: Path, say: Say = print) -> bool:
    """End everything that this estate's lab started. True if something ran."""
    session = Session(estate)
    with session.alone(say):
        return session.end()


def status(estate: Path) -> dict[str, Any]:
    """What runs: process ids are the machine's, ports are on 127.0.0.1."""
    session = Session(estate)
    if not session.alive:
        return {"up": False, "incomplete": False}
    record, found = session.record, session.client.ask("list")
    outside = _outside_pids(record["pid"])
    for one in [*found["nodes"], *found["processes"]]:
        one["pid"] = outside.get(one["pid"], 0)
    for node in found["nodes"]:
        node["port"] = next((forward["port"] for forward in found["forwards"] if forward["node"] == node["name"]), None)
    return {
        "up": bool(record.get("complete")),
        "incomplete": not record.get("complete"),
        "pid": record["pid"],
        "parts": record["parts"],
        "times": record["times"],
        "ports": record["ports"],
        "nodes": found["nodes"],
        "processes": found["processes"],
        "switches": found["switches"],
    }


def _outside_pids(first: int) -> dict[int, int]:
    """Process ids inside the pid namespace of process `first`, and outside. Source: NSpid of proc_pid_status(5).

    Only of this lab, whose user namespace is its own: another lab on the machine has processes with the same ids inside.
    """
    depth, lab = len(_nspid(Path(f"/proc/{first}"))) - 1, _user_namespace(Path(f"/proc/{first}"))
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        pids = _nspid(folder)
        if len(pids) > depth and _user_namespace(folder) == lab:
            found[pids[depth]] = pids[0]
    return found


def _user_namespace(folder: Path) -> int:
    """Of a process that is ours; 0 of one that has ended, or that is others'."""
    try:
        return (folder / "ns/user").stat().st_ino
    except OSError:
        return 0


def _nspid(folder: Path) -> list[int]:
    try:
        lines = (folder / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return next(([int(word) for word in line.split()[1:]] for line in lines if line.startswith("NSpid:")), [])


def node_of(session: Session, name: str) -> str:
    """A node by its name, host name or the estate's id. Raises InputError naming those that there are."""
    if not session.alive:
        raise InputError("no lab is up here: run `xiangyun lab up`")
    spec = LabSpec.from_json(session.record["spec"])
    known = {router.id: router.name for router in spec.routers} | {machine.hostname: machine.id for machine in spec.machines}
    nodes = session.client.ask("list")["nodes"]
    known |= {node["hostname"]: node["name"] for node in nodes if node["hostname"] not in known} | {node["name"]: node["name"] for node in nodes}
    if name not in known:
        raise InputError(f"the lab has no node {name}: known are {', '.join(sorted(node['hostname'] for node in nodes)) or 'none'}")
    return known[name]
