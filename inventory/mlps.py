"""How often an MLPS level asks to be assessed, and whether a system was.

MLPS tests (等保测评): 信息安全等级保护管理办法（公通字〔2007〕43号）, article 14: level 3 at least once a year, level 4 every half year; level 5 is
taken like level 4. Cryptography (密评): 商用密码管理条例（国务院令第760号）, article 41: at least once a year, here from level 3 on. Filing is asked for
from level 2 on (article 15). Classified systems are under other rules.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from inventory.model import System

State = Literal["in-time", "overdue", "never", "not-required"]
TEST_DAYS = {3: 366, 4: 183, 5: 183}
CRYPTO_DAYS = {3: 366, 4: 366, 5: 366}
FILED_FROM = 2


def tested(system: System, day: date) -> State:
    return _state(None if system.classified else TEST_DAYS.get(system.mlps_level), system.mlps_tested, day)


def crypto_assessed(system: System, day: date) -> State:
    return _state(None if system.classified else CRYPTO_DAYS.get(system.mlps_level), system.crypto_assessed, day)


def filed(system: System) -> Literal["filed", "missing", "not-required"]:
    if system.mlps_filing:
        return "filed"
    return "not-required" if system.classified or system.mlps_level < FILED_FROM else "missing"


def _state(days: int | None, last: date | None, day: date) -> State:
    if days is None:
        return "not-required"
    if last is None:
        return "never"
    return "in-time" if (day - last).days <= days else "overdue"
