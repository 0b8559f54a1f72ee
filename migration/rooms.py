"""Closing a machine room: surveyed → emptying → empty → withdrawn (network) → sanitised (media) → disposed (assets) → closed (certificate).

Each step is written into the estate when it is done, so that a closing that was cut off goes on where it stood.
"""

from __future__ import annotations

import csv
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
from migration.postgres import wait_until
from netconf.ssh import SshError, connect

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
        with file.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            if missing := [c for c in COLUMNS if c not in (reader.fieldnames or [])]:
                raise InputError(f"{file}:1: missing columns: {', '.join(missing)}")
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    faults = [f"{file}:{n}:{c}: empty" for n, row in enumerate(rows, 2) for c in COLUMNS if not (row[c] or "").strip()]
    wrong = [(n, row["method"]) for n, row in enumerate(rows, 2) if row["method"] and row["method"] not in METHODS]
    faults += [f"{file}:{n}:method: {method} is none of {', '.join(METHODS)}" for n, method in wrong]
    if faults:
        raise InputError("; ".join(faults))
    return [MediaRecord(**{c: row[c].strip() for c in COLUMNS}) for row in rows]


class Closing:
    """One room on its way to being closed."""

    def __init__(self, folder: Path, room: str, scope: str | None, media: list[MediaRecord], say: Say) -> None:
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
        self.check()
        done = {
            RoomStatus.EMPTY: lambda: None,
            RoomStatus.WITHDRAWN: self._withdraw,
            RoomStatus.SANITISED: self._sanitised,
            RoomStatus.DISPOSED: self._disposed,
        }
        order = list(RoomStatus)
        for status, step in done.items():
            if order.index(self.room.status) < order.index(status):
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
        from inventory.scope import scoped
        from netconf.extranet import Extranet
        from netconf.plan import accept, make_plan

        access = load_access(self.state)
        self._shut_down(access)
        self._edit("rooms", self.room_id, {"status": RoomStatus.WITHDRAWN.value})
        try:
            estate = scoped(self.estate, self.scope)
            plan = make_plan(estate, self.scope, self.state)
            accept(plan, self.state)
            extranet = Extranet(estate, plan, access, self.state, self.say)
            extranet.recover(abort=False)  # an earlier closing may have been cut off in the middle of its push
            outcome = extranet.push(timer_s=120)
        except BaseException:
            self._edit("rooms", self.room_id, {"status": RoomStatus.EMPTY.value})
            raise
        self.ledger.record(what="room.withdrawn", on=self.room_id, note=f"push {outcome.txn}: {', '.join(outcome.changed)}")

    def _shut_down(self, access: Access) -> None:
        running = [a for a in self.assets() if a.status is AssetStatus.IN_USE and a.id in access.hosts]
        if running:
            self.say(f"shut down: {', '.join(a.name for a in running)}")
            answering = {a.id: access.host(a.id) for a in running if _answers(a, access)}
            if answering:
                run_playbook("shutdown", answering, access, {}, self.say)
            for asset in running:
                wait_until(partial(_silent, asset, access), 60, f"{asset.id} still answers", pause_s=1)
        for asset in self.assets():
            if asset.status is AssetStatus.IN_USE:
                self._edit("assets", asset.id, {"status": AssetStatus.SHUT_DOWN.value})

    def _sanitised(self) -> None:
        serials = {serial: a.id for a in self.assets() for serial in a.media.split()}
        for record in self.media:
            if record.serial in serials:
                words = ", ".join(f"{k}: {v}" for k, v in asdict(record).items())
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
        moved = [e for e in self.ledger.entries() if e.what == "migrate.state" and '"state": "done"' in e.note]
        serials = {serial for a in self.assets() for serial in a.media.split()}
        return {
            "room": room,
            "region": estate.regions[site.region],
            "unit": estate.units[room.unit],
            "assets": self.assets(),
            "media": [record for record in self.media if record.serial in serials],
            "systems": [estate.systems[e.on] for e in moved if e.on in estate.systems],
            "entries": [e for e in self.ledger.entries() if e.on == self.room_id or e.on in {a.id for a in self.assets()}],
        }

    def close(self, certificate: Callable[[dict[str, Any]], dict[str, str]]) -> dict[str, str]:
        """Issue the certificate (file name → SHA-256) and close the room. Refuses while anything is left."""
        self.check()
        if self.room.status not in {RoomStatus.DISPOSED, RoomStatus.CLOSED}:
            raise RoomNotEmptyError(f"{self.room_id} is {self.room.status.value}: its assets are not disposed of yet")
        digests = certificate(self.facts())
        if self.room.status is not RoomStatus.CLOSED:
            before, after = self._edit("rooms", self.room_id, {"status": RoomStatus.CLOSED.value})
            self.ledger.record(what="room.closed", on=self.room_id, before=before, after=after, evidence=digests)
        return digests


def _silent(asset: Asset, access: Access) -> bool:
    return not _answers(asset, access)


def _answers(asset: Asset, access: Access) -> bool:
    try:
        connect(asset.id, access.host(asset.id), access, timeout=5).close()
    except SshError:
        return False
    return True
