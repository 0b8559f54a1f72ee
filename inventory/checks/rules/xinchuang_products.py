"""INV-076: a Xinchuang system does not run on foreign commercial databases, middleware or systems."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped
from inventory.model import Estate

FOREIGN = ("oracle", "sql server", "sqlserver", "mssql", "db2", "weblogic", "websphere", "windows")


class XinchuangProducts(Check):
    id, severity = "INV-076", Severity.WARNING
    title = Text(zh="信创系统使用国外商业软件", en="A Xinchuang system runs on foreign commercial software")
    reason = Text(
        zh="信创替代须采用安全可靠测评结果公告（中国信息安全测评中心）所列的数据库和操作系统；列名产品不在其中。",
        en="Xinchuang takes databases and operating systems from 安全可靠测评结果公告 (CNITSEC); these are not in it.",
    )
    advice = Text(
        zh="列入适配改造：换用公告内的数据库、中间件和操作系统。",
        en="Plan the replacement by products of that list.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        marked = {system.id: system for system in estate.systems.values() if system.xinchuang and system.status == "running"}
        for key, parts in grouped((part for part in estate.components.values() if part.system in marked), lambda part: part.system).items():
            hosts = (estate.assets.get(part.asset or "") for part in parts)
            used = {part.product for part in parts} | {host.os for host in hosts if host}
            if foreign := sorted(name for name in used if name.lower().startswith(FOREIGN)):
                yield self.finding(estate, key, "xinchuang", zh=f"{marked[key].name} 使用 {'、'.join(foreign)}", en=f"{key} runs on {', '.join(foreign)}")
