"""INV-052: a system of MLPS level 3 or higher passed a cryptography assessment within a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate

LEVEL = 3
YEAR = 365  # days


class CryptoAssessed(DatedCheck):
    id = "INV-052"
    title = Text(zh="密码应用安全性评估缺失或逾期", en="The cryptography assessment is missing or overdue")
    reason = Text(
        zh="等保三级及以上系统和政务信息系统运行后每年至少开展一次密评（商用密码应用安全性评估管理办法，国家密码管理局令第3号；GB/T 39786-2021）。",
        en="Systems of level 3 and higher are assessed every year (国家密码管理局令第3号; GB/T 39786-2021).",
    )
    advice = Text(
        zh="委托密评机构评估，通过后填写 crypto_assessed。",
        en="Commission the assessment, and fill in `crypto_assessed` when it is passed.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.mlps_level < LEVEL or system.classified or system.status != "running":
                continue
            if system.crypto_assessed is None:
                yield self.finding(
                    estate,
                    system.id,
                    "crypto_assessed",
                    zh=f"{system.name} 等保 {system.mlps_level} 级，未通过密评",
                    en=f"{system.id} is of level {system.mlps_level} and passed none",
                )
            elif (day - system.crypto_assessed).days > YEAR:
                last = system.crypto_assessed
                yield self.finding(
                    estate, system.id, "crypto_assessed", zh=f"{system.name} 上次密评 {last}，已超过一年", en=f"the last that {system.id} passed was on {last}"
                )
