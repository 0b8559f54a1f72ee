"""INV-065: a data centre's PUE is not above the national limit."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, RoomStatus

LIMIT = 1.5
EDGE = 100  # racks


class RoomEnergy(Check):
    id, severity = "INV-065", Severity.WARNING
    title = Text(zh="数据中心 PUE 超过能效限定值", en="A data centre's PUE is above the national limit")
    reason = Text(
        zh="GB 40879-2021 规定能效 3 级（限定值）为 PUE 不大于 1.50；不适用于 100 个标准机架以下的边缘数据中心，故小机房不在此列。",
        en="GB 40879-2021: grade 3, the limit, is a PUE of 1.50; rooms of up to 100 racks are edge data centres, to which it does not apply.",
    )
    advice = Text(
        zh="制定节能改造计划，或将负载迁往达标的政务云机房后关闭。",
        en="Plan its renewal, or move its load to a cloud's data centre and close it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for room in estate.rooms.values():
            if room.racks > EDGE and room.pue > LIMIT and room.status is RoomStatus.SURVEYED:
                yield self.finding(
                    estate,
                    room.id,
                    "pue",
                    zh=f"{room.name}（{room.racks} 架）PUE 为 {room.pue}，限定值 {LIMIT}",
                    en=f"{room.id} of {room.racks} racks has a PUE of {room.pue}; the limit is {LIMIT}",
                )
