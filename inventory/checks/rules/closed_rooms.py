"""INV-015: nothing is left in a room that is empty or further on its way to being closed."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import AssetStatus, Estate, RoomStatus

# What a room's status no longer allows of its assets. A room that is sanitised holds no medium that is not.
LEFT: dict[RoomStatus, tuple[AssetStatus, ...]] = {
    RoomStatus.EMPTY: (),
    RoomStatus.WITHDRAWN: (),
    RoomStatus.SANITISED: (AssetStatus.IN_USE,),
    RoomStatus.DISPOSED: (AssetStatus.IN_USE, AssetStatus.SHUT_DOWN, AssetStatus.SANITISED),
    RoomStatus.CLOSED: (AssetStatus.IN_USE, AssetStatus.SHUT_DOWN, AssetStatus.SANITISED),
}


class ClosedRooms(Check):
    id, severity = "INV-015", Severity.ERROR
    title = Text(zh="已腾空的机房中仍有系统或资产", en="Something is left in a room that is said to be empty or closed")
    reason = Text(
        zh="机房腾空、封存后仍挂有系统或资产，说明清退未完成或台账未更新，审计时账实不符。",
        en="A room that is said to be empty and is not: either the closing is unfinished or the books are wrong.",
    )
    advice = Text(
        zh="把系统或资产移走并更新其机房与状态，或把机房状态改回。",
        en="Move what is left and update its row, or set the room's status back.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            room = estate.rooms.get(system.room or "")
            if room and room.status in LEFT and system.status != "retired":
                yield self.finding(estate, system.id, "room", zh=f"机房 {room.id} 状态为 {room.status}", en=f"the room {room.id} is {room.status}")
        for asset in estate.assets.values():
            room = estate.rooms.get(asset.room or "")
            if room and asset.status in LEFT.get(room.status, ()):
                yield self.finding(
                    estate,
                    asset.id,
                    "status",
                    zh=f"资产状态为 {asset.status}，而机房 {room.id} 状态为 {room.status}",
                    en=f"it is {asset.status}, and the room {room.id} is {room.status}",
                )
