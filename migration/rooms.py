"""Closing a machine room: surveyed → emptying → empty → withdrawn (network) → sanitised (media) → disposed (assets) → closed (certificate).

Each step is written into the estate when it is done, so that a closing that was cut off goes on where it stood.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from inventory.access import Access, load_access
from inventory.edit import set_fields
from inventory.errors import Exit, InputError, XiangyunError
from inventory.load import load_estate
from inventory.model import Asset, AssetStatus, Estate, Room, RoomStatus
from ledger import Ledger
from migration.ansible import run_playbook
from migration.network import Network
from migration.postgres import wait_until
from netconf.ssh import UnreachableError, connect

Say = Callable[[str], None]
METHODS = ("clear", "purge", "destroy")  # NIST SP 800-88 Rev. 2, section on sanitisation methods
COLUMNS = ("serial", "method", "tool", "verification", "by")


class RoomNotEmptyError(XiangyunError):
    """Something is left in the room; the message names it."""

    exit = Exit.FOUND


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """How one storage medium was sanitised: method, tool, how it was verified, and by whom."""

    serial: str
    method: str
    tool: str
    verification: str
    by: str


def remaining(estate: Estate, room: str) -> list[str]:
    """What keeps a room from being closed, in words."""
    left = [f"{s.id} {s.name} stands in it" for s in estate.systems.values() if s.room == room and s.status != "retired"]
    hosts = {a.id for a in estate.assets.values() if a.room == room}
    left += [f"{c.id} of {c.system} is recorded on {c.asset}: its move is not finished" for c in estate.components.values() if c.asset in hosts]
    return sorted(left)


def read_media(file: Path) -> list[MediaRecord]:
    """The sanitisation record, a CSV with the columns serial, method, tool, verification, by. All faults at once, as InputError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            if missing := [c for c in COLUMNS if c not in (reader.fieldnames or [])]:
                raise InputError(f"{file}:1: missing columns: {', '.join(missing)}")
            rows = list(reader)
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 (GBK?): save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error
    faults = [f"{file}:{n}:{c}: empty" for n, row in enumerate(rows, 2) for c in COLUMNS if not (row[c] or "").strip()]
    wrong = [(n, row["method"]) for n, row in enumerate(rows, 2) if row["method"] and row["method"] not in METHODS]
    faults += [f"{file}:{n}:method: {method} is none of {', '.join(METHODS)}" for n, method in wrong]
    if faults:
        raise InputError("; ".join(faults))
    return [MediaRecord(**{c: row[c].strip() for c in COLUMNS}) for row in rows]


class Closing:
    """One room on its way to being closed."""

    def __init__(self, folder: Path, room: str, scope: str | None, media: list[MediaRecord], say: Say, off: frozenset[str] = frozenset()) -> None:
        """`off`: assets that somebody vouches for as switched off."""
        self.off = off
        self.folder, self.room_id, self.scope, self.media, self.say = folder, room, scope, media, say
        self.state = folder / ".xiangyun"
        self.ledger = Ledger(self.state)

    @cached_property
    def estate(self) -> Estate:
        return load_estate(self.folder)

    def _edit(self, table: str, row: str, fields: dict[str, str]) -> tuple[str, str]:
        digests = set_fields(self.folder, table, row, fields)
        vars(self).pop("estate", None)
        return digests

    @property
    def room(self) -> Room:
        try:
            return self.estate.rooms[self.room_id]
        except KeyError as error:
            raise InputError(f"no machine room {self.room_id} in this estate") from error

    def assets(self) -> list[Asset]:
        return sorted((a for a in self.estate.assets.values() if a.room == self.room_id), key=lambda a: a.id)

    def check(self) -> None:
        """Refuse, naming what is left or what has no sanitisation record, before anything is touched."""
        _ = self.room
        if left := remaining(self.estate, self.room_id):
            raise RoomNotEmptyError(f"{self.room_id} is not empty: {'; '.join(left)}")
        have = {record.serial for record in self.media}
        missing = [f"{serial} of {a.id}" for a in self.assets() for serial in a.media.split() if serial not in have]
        if missing:
            raise RoomNotEmptyError(f"{self.room_id}: no sanitisation record for {', '.join(missing)}: add them to the file given by --media")

    def run(self) -> None:
        """Carry the closing on, from where it stands to disposed."""
        self.ready()
        done = {
            RoomStatus.EMPTY: lambda: None,
            RoomStatus.WITHDRAWN: self._withdraw,
            RoomStatus.SANITISED: self._sanitised,
            RoomStatus.DISPOSED: self._disposed,
        }
        for status, step in done.items():
            if not self._passed(status):
                self.say(f"{self.room_id}: {status.value}")
                step()
                self._now(status)

    def _now(self, status: RoomStatus) -> None:
        before, after = self._edit("rooms", self.room_id, {"status": status.value})
        if before != after:
            self.ledger.record(what=f"room.{status.value}", on=self.room_id, before=before, after=after)

    # steps

    def _withdraw(self) -> None:
        """Shut the hosts down while they can still be reached, then take the room's network away by a push."""
        access = load_access(self.state)
        network = Network(self.state, self.scope, access, self.say)
        self._shut_down(access)
        outcome = network.push(*self._before_and_after())
        self.ledger.record(what="room.network", on=self.room_id, note=f"push {outcome.txn}: {', '.join(outcome.changed) or 'they ran it already'}")

    def _before_and_after(self) -> tuple[Estate, Estate]:
        """The estate with the room's network, and without."""

        def with_status(status: RoomStatus) -> Estate:
            return self.estate.model_copy(update={"rooms": {**self.estate.rooms, self.room_id: self.room.model_copy(update={"status": status})}})

        return with_status(RoomStatus.EMPTY), with_status(RoomStatus.WITHDRAWN)

    def ready(self) -> None:
        """Raise XiangyunError unless each step that is left can be done: routers answer and run their plan, hosts can be shut down. Nothing is touched."""
        self.check()
        if self._passed(RoomStatus.WITHDRAWN):
            return
        access = load_access(self.state)
        Network(self.state, self.scope, access, self.say).ready(*self._before_and_after())
        begun = {entry.on for entry in self.ledger.entries() if entry.what == "asset.shutting-down"}  # by a closing that was cut off
        left = [asset for asset in self._hosts() if asset.id not in self.off | begun]
        unknown = [asset.id for asset in left if asset.id not in access.hosts or not _answers(asset, access)]
        if unknown:
            raise XiangyunError(f"{', '.join(unknown)}: no answer, which does not mean that they are off: see to it, then vouch for them with --off")

    def _passed(self, status: RoomStatus) -> bool:
        order = list(RoomStatus)
        return order.index(self.room.status) >= order.index(status)

    def _hosts(self) -> list[Asset]:
        return [asset for asset in self.assets() if asset.kind in ("server", "storage") and asset.status is AssetStatus.IN_USE]

    def _shut_down(self, access: Access) -> None:
        """Hosts go off and stay silent; those that somebody vouches for (`--off`) are recorded as such."""
        running = [asset for asset in self._hosts() if asset.id not in self.off]
        if running:
            self.say(f"shut down: {', '.join(a.name for a in running)}")
            answering = {a.id: access.host(a.id) for a in running if _answers(a, access)}
            for key in answering:
                self.ledger.record(what="asset.shutting-down", on=key)
            if answering:
                run_playbook("shutdown", answering, access, {}, self.say)
            for asset in running:
                wait_until(partial(_silent, asset, access), 60, f"{asset.id} still answers", pause_s=1)
        for asset in self.assets():
            if asset.status is AssetStatus.IN_USE:
                before, after = self._edit("assets", asset.id, {"status": AssetStatus.SHUT_DOWN.value})
                how = "vouched for as off" if asset.id in self.off else "silent" if asset in running else "no host"
                self.ledger.record(what="asset.shut-down", on=asset.id, before=before, after=after, note=how)

    def _sanitised(self) -> None:
        serials = {serial: a.id for a in self.assets() for serial in a.media.split()}
        known = {(entry.on, entry.note) for entry in self.ledger.entries() if entry.what == "media.sanitised"}  # of a closing that was cut off
        for record in self.media:
            if record.serial in serials:
                words = ", ".join(f"{k}: {v}" for k, v in asdict(record).items())
                if (serials[record.serial], words) not in known:
                    self.ledger.record(what="media.sanitised", on=serials[record.serial], note=words)
        for asset in self.assets():
            if asset.status is AssetStatus.SHUT_DOWN:
                self._edit("assets", asset.id, {"status": AssetStatus.SANITISED.value})

    def _disposed(self) -> None:
        for asset in self.assets():
            if asset.status is not AssetStatus.DISPOSED:
                before, after = self._edit("assets", asset.id, {"status": AssetStatus.DISPOSED.value})
                self.ledger.record(what="asset.disposed", on=asset.id, before=before, after=after)

    def facts(self) -> dict[str, Any]:
        """What the certificate says."""
        room, estate = self.room, self.estate
        site = estate.sites[room.site]
        serials = {serial for a in self.assets() for serial in a.media.split()}
        return {
            "room": room,
            "region": estate.regions[site.region],
            "unit": estate.units[room.unit],
            "assets": self.assets(),
            "media": [record for record in self.media if record.serial in serials],
            "systems": [estate.systems[system] for system in self._moved_out() if system in estate.systems],
            "entries": [e for e in self.ledger.entries() if e.on == self.room_id or e.on in {a.id for a in self.assets()}],
        }

    def _moved_out(self) -> list[str]:
        """Systems that the ledger says stood in this room, and of which the last word is that their move is done."""
        here: dict[str, str] = {}
        for entry in self.ledger.entries():
            if entry.what == "migrate.state":
                said = json.loads(entry.note)
                if said.get("room") == self.room_id or entry.on in here:
                    here[entry.on] = said["state"]
        return sorted(system for system, state in here.items() if state == "done")

    def close(self, certificate: Callable[[dict[str, Any]], dict[str, str]]) -> dict[str, str]:
        """Issue the certificate (file name → SHA-256) and close the room. Refuses while anything is left."""
        self.check()
        if self.room.status not in {RoomStatus.DISPOSED, RoomStatus.CLOSED}:
            raise RoomNotEmptyError(f"{self.room_id} is {self.room.status.value}: its assets are not disposed of yet")
        if not any(entry.what == "room.network" and entry.on == self.room_id for entry in self.ledger.entries()):
            raise RoomNotEmptyError(f"{self.room_id}: the ledger does not say that its network was withdrawn")
        digests = certificate(self.facts())
        if self.room.status is not RoomStatus.CLOSED:
            before, after = self._edit("rooms", self.room_id, {"status": RoomStatus.CLOSED.value})
            self.ledger.record(what="room.closed", on=self.room_id, before=before, after=after, evidence=digests)
        return digests


def _silent(asset: Asset, access: Access) -> bool:
    """Nothing answers any more: neither a ping from the host that logins go through nor a login."""
    login = access.host(asset.id)
    if login.jump and asset.address:
        with connect(login.jump, access.host(login.jump), access) as jump:
            if jump.run(f"ping -6 -n -c 1 -W 1 {asset.address}", check=False).status == 0:
                return False
    return not _answers(asset, access)


def _answers(asset: Asset, access: Access) -> bool:
    """Whether its login can be used. A host key that changed or a login that is refused is an answer, of which somebody must know."""
    try:
        connect(asset.id, access.host(asset.id), access, timeout=5).close()
    except UnreachableError:
        return False
    return True
