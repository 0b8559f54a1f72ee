"""A cell's raw value to the text that the estate's table holds: dates, numbers with units, yes and no, words.

Raw values are what calamine gives: str, int, float, bool, date, datetime, time, timedelta.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv6Address

from inventory.cells import cell
from inventory.importers.problems import CellError
from inventory.importers.text import LOOSE, key, plain, tidy

Raw = object
Factor = Decimal | int
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
_YMD = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*[日号]?|月)?(?:[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$")
_YM = re.compile(r"^(\d{4})\s*[-/.]\s*(\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMBER = re.compile(r"^([+-]?)\s*(?:(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?|(\.\d+))\s*(.*)$")
_PLAIN_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(\D*)")
_SIGNS = re.compile(r"^(?:[¥$]|rmb|cny|人民币|约|大约)\s*", re.IGNORECASE)
_MULTIPLES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_GARBLED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]")  # also what turns the direction of writing: a name that shows as another
_UNCLEAN = re.compile(f"{_GARBLED.pattern}|{LOOSE.pattern}|E\\+")
LONGEST = 32_767  # characters (UTF-16 units) of a cell (Excel specifications and limits)
MOST_DIGITS = 15  # that a spreadsheet keeps of a number (Excel specifications and limits: number precision)
TOO_LARGE = 10**MOST_DIGITS


def read_date(raw: Raw, epoch_1904: bool = False) -> tuple[str, tuple[str, str] | None]:
    """An ISO date, and what to warn about (zh, en) if something was assumed."""
    match raw:
        case datetime():
            return _bounded(raw.date()), None
        case date():
            return _bounded(raw), None
        case bool():
            raise CellError("date", "应为日期", "expected a date")
        case int() | float() if _COMPACT.match(str(int(raw))) and raw == int(raw):
            return _ymd(*_COMPACT.match(str(int(raw))).groups()), None  # type: ignore[union-attr]
        case int() | float() if 10_000 <= raw < 75_000:  # 1927 to 2105: a date that lost its format
            first = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
            return _bounded(first + timedelta(days=int(raw))), None
        case str():
            return _date_text(plain(raw))
    raise CellError("date", f"应为日期，如 2021-03-05：{raw}", f"expected a date, such as 2021-03-05: {raw}")


def _date_text(text: str) -> tuple[str, tuple[str, str] | None]:
    if found := _COMPACT.match(text):
        return _ymd(*found.groups()), None
    if re.fullmatch(r"\d{5}(\.0+)?", text):  # a serial that was saved as text
        return read_date(float(text))
    found = _YM.match(text) or _YMD.match(text)
    if not found:
        raise CellError("date", f"应为日期，如 2021-03-05：{text}", f"expected a date with year, month and day, such as 2021-03-05: {text}")
    year, month, *rest = found.groups()
    if rest and rest[0]:
        return _ymd(year, month, rest[0]), None
    return _ymd(year, month, "1"), (f"没有写日，按 {int(month)} 月 1 日计：{text}", f"the day is missing, the first of the month is taken: {text}")


def _ymd(year: str, month: str, day: str) -> str:
    try:
        return _bounded(date(int(year), int(month), int(day)))
    except ValueError as error:
        raise CellError("date", f"没有这一天：{year}-{month}-{day}", f"there is no such day: {year}-{month}-{day}") from error


def _bounded(day: date) -> str:
    if not EARLIEST <= day <= LATEST:
        raise CellError("date-range", f"日期不在 1949 至 2100 年之间：{day}", f"the date is not between 1949 and 2100: {day}")
    return day.isoformat()


def read_number(raw: Raw, units: Mapping[str, Factor], scale: Factor = 1) -> Decimal:
    """A number in the column's own unit. `units` are the words that may follow it, by what they multiply; `scale` holds where no word does (a title's unit)."""
    if isinstance(raw, str) and (found := _PLAIN_NUMBER.fullmatch(raw)) and (not found[2] or found[2] in units):  # most cells: `16核`, `1.5万`
        return _bounded_number(Decimal(found[1]) * (units[found[2]] if found[2] else scale), raw)
    if isinstance(raw, (bool, date, timedelta)):
        raise CellError("number", f"应为数字：{raw}", f"expected a number: {raw}")
    if isinstance(raw, (int, float)):
        if not math.isfinite(raw):
            raise CellError("number", f"应为数字：{raw}", f"expected a number: {raw}")
        return _bounded_number(Decimal(repr(raw)) * scale, raw)
    text = plain(str(raw))
    found = _NUMBER.match(text) or _NUMBER.match(_SIGNS.sub("", text))
    if not found:
        raise CellError("number", f"应为数字：{raw}", f"expected a number: {raw}")
    sign, whole, fraction, bare, rest = found.groups()
    number = Decimal(f"{sign}{(whole or '0').replace(',', '')}{fraction or bare or ''}")
    return _bounded_number(number * factor(key(rest), units, scale, str(raw)), raw)


def _bounded_number(number: Decimal, raw: Raw) -> Decimal:
    if abs(number) >= TOO_LARGE:
        said = str(raw)[:40]
        raise CellError("number-range", f"数字过大（超过 {MOST_DIGITS} 位）：{said}", f"more than {MOST_DIGITS} digits: {said}")
    return number


def factor(word: str, units: Mapping[str, Factor], scale: Factor, raw: str) -> Factor:
    """What the words after a number multiply it by: `万`, `亿元`, `T`, `核`."""
    if not word:
        return scale
    if word in units:
        return units[word]
    for name in sorted(_MULTIPLES, key=len, reverse=True):
        if word.startswith(name):
            rest = word.removeprefix(name)
            if not rest or rest in units:
                return _MULTIPLES[name] * (units[rest] if rest else 1)  # the cell's own multiple, not the title's
    known = "、".join(units) or "无"
    raise CellError("unit", f"不认识的单位“{word}”：{raw}（可用：{known}）", f"unknown unit {word!r} in {raw}: known are {', '.join(units) or 'none'}")


def read_bool(raw: Raw, yes: frozenset[str], no: frozenset[str]) -> str:
    if isinstance(raw, bool):
        return str(raw).lower()
    word = key(number_text(raw) if isinstance(raw, (int, float)) else str(raw))
    if word in yes or word in no:
        return "true" if word in yes else "false"
    raise CellError("yes-no", f"应为“是”或“否”：{raw}", f"expected yes or no: {raw}")


def read_choice(raw: Raw, values: Mapping[str, str]) -> str:
    """`values` by normalised word."""
    word = key(number_text(raw) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else str(raw))
    if word in values:
        return values[word]
    known = "、".join(dict.fromkeys(values))
    raise CellError("choice", f"不认识的取值“{raw}”（可用：{known}）", f"unknown value {raw!r}: known are {', '.join(dict.fromkeys(values))}")


def clean(text: str) -> bool:
    """Whether `read_text` gives it back as it is, which one search tells of most names."""
    return len(text) <= LONGEST and not _UNCLEAN.search(text)


def read_text(raw: Raw) -> str:
    """A name, a number that is a name, a code."""
    match raw:
        case str():
            text = tidy(raw)
            if len(text) > LONGEST:
                raise CellError("text-length", f"超过 {LONGEST} 个字符：{text[:40]}…", f"more than {LONGEST} characters: {text[:40]}…")
            if not text.isalnum() and _GARBLED.search(text):
                raise CellError("characters", "有乱码或控制字符", "garbled or control characters")
            if "E+" in text and re.fullmatch(r"\d(\.\d+)?E\+\d{2,}", text):
                raise CellError("digits", f"长数字被写成科学计数法：{text}", f"a long number in scientific notation: {text}")
            return text
        case bool():
            return "是" if raw else "否"
        case int() | float():
            if abs(raw) >= TOO_LARGE:
                raise CellError(
                    "digits",
                    f"数字超过 15 位，表格软件已丢失末位：{raw}；请把单元格设为文本后重填",
                    f"more than 15 digits as a number, so the last are lost: {raw}; make the cell text and type it again",
                )
            return number_text(raw)
        case datetime():
            return raw.date().isoformat() if raw.time() == datetime.min.time() else raw.isoformat(" ")
        case date():
            return raw.isoformat()
    return str(raw)


def read_address(raw: Raw) -> str:
    try:
        return str(IPv6Address(plain(str(raw))))
    except ValueError as error:
        raise CellError("address", f"应为 IPv6 地址：{raw}", f"expected an IPv6 address: {raw}") from error


def number_text(value: float) -> str:
    return cell(value) if isinstance(value, float) else str(value)


def decimal_text(number: Decimal) -> str:
    """As the estate's tables write it: no exponent, no needless zeros."""
    return cell(float(number)) if number % 1 else str(int(number))
