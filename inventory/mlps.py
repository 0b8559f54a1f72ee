"""How often an MLPS level asks to be assessed, and whether a system was. What of it was read in the sources: docs/explanation/sources.md.

MLPS tests (等保测评): 信息安全等级保护管理办法（公通字〔2007〕43号）, article 14: level 3 at least once a year, level 4 every half year; for level 5 it
names no interval ("by its special needs"), here it is taken like level 4. Filing is asked for from level 2 on (article 15).
Cryptography (密评): 商用密码管理条例（国务院令第760号）, article 38: at least once a year for critical infrastructure; article 41: the cryptography
administration sets what each MLPS level needs. That level 3 and above are assessed every year is how this is practised (国家密码管理局令第3号).
Classified systems are under other rules.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from inventory.model import System

State = Literal["in-time", "overdue", "never", "not-required"]
TEST_DAYS = {3: 366, 4: 183, 5: 183}
CRYPTO_DAYS = {3: 366, 4: 366, 5: 366}
ADVISED_DAYS = {2: 731}  # level 2 every two years: what the police advise, no article
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
