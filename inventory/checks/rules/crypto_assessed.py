"""INV-052: a system of MLPS level 3 or higher passed a cryptography assessment within a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.mlps import CRYPTO_DAYS
from inventory.model import Estate


class CryptoAssessed(DatedCheck):
    id = "INV-052"
    title = Text(zh="密码应用安全性评估缺失或逾期", en="The cryptography assessment is missing or overdue")
    reason = Text(
        zh="关键信息基础设施每年至少密评一次，其他按等保级别确定（商用密码管理条例第三十八条、第四十一条）；三级以上按每年一次计（国家密码管理局令第3号）。",
        en="Critical infrastructure yearly, the rest by its level (商用密码管理条例, articles 38, 41); here yearly from level 3 on (国家密码管理局令第3号).",
    )
    advice = Text(
        zh="委托密评机构评估，通过后填写 crypto_assessed。",
        en="Commission the assessment, and fill in `crypto_assessed` when it is passed.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for system in estate.systems.values():
            limit = CRYPTO_DAYS.get(system.mlps_level)
            if limit is None or system.classified or system.status != "running":
                continue
            if system.crypto_assessed is None:
                yield self.finding(
                    estate,
                    system.id,
                    "crypto_assessed",
                    zh=f"{system.name} 等保 {system.mlps_level} 级，未通过密评",
                    en=f"{system.id} is of level {system.mlps_level} and passed none",
                )
            elif (day - system.crypto_assessed).days > limit:
                last = system.crypto_assessed
                yield self.finding(
                    estate, system.id, "crypto_assessed", zh=f"{system.name} 上次密评 {last}，已超过一年", en=f"the last that {system.id} passed was on {last}"
                )
