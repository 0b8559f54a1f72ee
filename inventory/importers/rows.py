"""The rows of one sheet, a column at a time: texts as the estate writes them, and a problem for each cell that cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from ipaddress import IPv6Address
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from inventory.cells import cell
from inventory.importers import values
from inventory.importers.book import Book, Cell, Sheet
from inventory.importers.guard import Kind
from inventory.importers.header import Header
from inventory.importers.mapping import Column, Mapping
from inventory.importers.problems import CellError, Place, Problem, Severity, letters
from inventory.importers.text import blank, key
from inventory.tables import REFERENCES, TABLES, required

Text = str | None  # None: an empty cell, which leaves what the estate holds
_HARMFUL = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Rows:
    """What a sheet holds. `texts`: by column of the model, one entry a row of `numbers` (rows of the sheet from 0)."""

    book: Book
    sheet: Sheet
    header: Header
    numbers: list[int]
    texts: dict[str, list[Text]]
    refused: set[int] = field(default_factory=set)
    skipped: dict[int, str] = field(default_factory=dict)
    empty: int = 0
    problems: list[Problem] = field(default_factory=list)

    def place(self, number: int, column: str = "") -> Place:
        return Place(self.book.name, self.sheet.name, number, self.header.columns.get(column, -1))


@dataclass(slots=True)
class _Read:
    """A raw value's meaning: a text, or why not; `warning` and `note` as (zh, en)."""

    text: Text = None
    error: CellError | None = None
    warning: tuple[str, str] | None = None
    note: tuple[str, str] | None = None


_EMPTY = _Read()


def read_rows(book: Book, sheet: Sheet, header: Header, mapping: Mapping) -> Rows:
    """All rows below the header: read, skipped with the reason, or refused with a problem at a cell."""
    numbers, skipped, empty = _data_rows(sheet, header, mapping)
    result = Rows(book, _merged_filled(sheet, header), header, numbers, {}, skipped=skipped, empty=empty)
    described = mapping.tables[header.table].columns
    position = {number: index for index, number in enumerate(numbers)}
    for name, place in header.columns.items():
        read = _reader(header.table, name, described[name], mapping, header.scales.get(name, 1), book)
        result.texts[name] = _column(result, name, place, read)
    _refuse_shared_numbers(result, mapping)
    for at, error in _bad_cells(sheet, header):
        if at[0] in position:
            _refuse(result, at, error)
            for name, place in header.columns.items():
                if place == at[1]:
                    result.texts[name][position[at[0]]] = None
    result.problems = list({(problem.place, problem.severity): problem for problem in result.problems}.values())
    return result


def merged_down(sheet: Sheet, header: Header) -> Iterator[tuple[int, int, int]]:
    """Merged ranges below the header that span several rows of a column that is read and hold something: column, first and last row."""
    known = set(header.columns.values())
    for (first, column), (last, _) in sheet.merged:
        if header.last < first < last and column in known and first < len(sheet.rows) and sheet.rows[first][column] != "":
            yield column, first, min(last, len(sheet.rows) - 1)


def _merged_filled(sheet: Sheet, header: Header) -> Sheet:
    """The sheet with the value of a merged range in each of its rows: people merge the unit, the room or the level of systems that share it."""
    merged = list(merged_down(sheet, header))
    if not merged:
        return sheet
    rows = list(sheet.rows)
    for column, first, last in merged:
        for number in range(first + 1, last + 1):
            rows[number] = [*rows[number][:column], rows[first][column], *rows[number][column + 1 :]]
    return replace(sheet, rows=rows)


def _refuse_shared_numbers(result: Rows, mapping: Mapping) -> None:
    """A number that several rows share may be the sum of all or the same for each: nobody but the unit can tell."""
    described, table = mapping.tables[result.header.table].columns, result.header.table
    numeric = {place: name for name, place in result.header.columns.items() if _reads_as(table, name, described[name]) in ("int", "float")}
    data = set(result.numbers)
    for column, first, last in merged_down(result.sheet, result.header):
        if column in numeric and len(shared := data.intersection(range(first, last + 1))) > 1:
            text = f"{letters(column)}{first + 1}:{letters(column)}{last + 1}"
            zh, en = f"{text} 合并，分不清数字属于哪一行：请拆开填写", f"{text} is merged: which row does the number belong to? Split the cell"
            _refuse(result, (min(shared), column), CellError("number-merged", zh, en))
            result.refused |= shared


def _column(result: Rows, name: str, place: int, read: Callable[[Cell], _Read]) -> list[Text]:
    """One column; a value that came before is not read again."""
    rows, bad = result.sheet.rows, result.sheet.facts
    raws = [rows[number][place] for number in result.numbers]
    memos = [raw if type(raw) is str else (type(raw), raw) for raw in raws]  # True, 1 and 1.0 are not the same cell
    seen = {memo: _safely(read, raw) for memo, raw in dict(zip(memos, raws, strict=True)).items()}
    notable = {memo for memo, found in seen.items() if found.error or found.warning or found.note}
    for number, memo in zip(result.numbers, memos, strict=True) if notable else ():
        if memo in notable:
            found, at = seen[memo], Place(result.book.name, result.sheet.name, number, place)
            if found.error:
                if (number, place) not in bad.errors and (number, place) not in bad.calling:
                    result.problems.append(Problem(at, Severity.ERROR, found.error.code, found.error.zh, found.error.en))
                result.refused.add(number)
            elif found.warning:
                result.problems.append(Problem(at, Severity.WARNING, f"{name}-assumed", *found.warning))
            elif found.note:
                result.problems.append(Problem(at, Severity.NOTE, "unknown-value", *found.note))
    texts: dict[Any, Text] = {memo: found.text for memo, found in seen.items()}
    return [texts[memo] for memo in memos]


def _safely(read: Callable[[Cell], _Read], raw: Cell) -> _Read:
    try:
        return read(raw)
    except CellError as error:
        return _Read(error=error)


def _refuse(result: Rows, at: tuple[int, int], error: CellError) -> None:
    place = Place(result.book.name, result.sheet.name, *at)
    result.problems.append(Problem(place, Severity.ERROR, error.code, error.zh, error.en))
    result.refused.add(at[0])


def _bad_cells(sheet: Sheet, header: Header) -> Iterator[tuple[tuple[int, int], CellError]]:
    """Cells whose value is no value: errors, formulas that call out anywhere, formulas that were never computed."""
    mapped = set(header.columns.values())
    for at, formula in sheet.facts.calling.items():
        text = formula[:80]
        yield (
            at,
            CellError(
                "formula-calls-out", f"公式会访问外部（已拒绝，未执行）：{text}", f"a formula that reaches outside the workbook, refused and not run: {text}"
            ),
        )
    for at, error in sheet.facts.errors.items():
        if at[1] in mapped and at not in sheet.facts.calling:
            yield at, CellError("cell-error", f"单元格是错误值 {error}", f"the cell holds the error {error}")
    for at, computed in sheet.facts.formulas.items():
        if not computed and at[1] in mapped and at not in sheet.facts.calling:
            yield (
                at,
                CellError(
                    "formula-empty",
                    "公式没有计算结果：请用表格软件打开并保存一次",
                    "a formula without a computed value: open the workbook in a spreadsheet program and save it",
                ),
            )


def _data_rows(sheet: Sheet, header: Header, mapping: Mapping) -> tuple[list[int], dict[int, str], int]:
    """Numbers of rows with data, those left out with the reason, and how many are empty."""
    numbers: list[int] = []
    skipped: dict[int, str] = {}
    empty = 0
    computed = {at[0] for at in (*sheet.facts.formulas, *sheet.facts.errors)}
    words = {why: tuple(map(key, group)) for why, group in (("total", mapping.skip.total), ("remark", mapping.skip.remark), ("example", mapping.skip.example))}
    firsts = {word[0] for group in words.values() for word in group}
    known = header.columns.values()
    wide = {first for (first, left), (last, right) in sheet.merged if first == last and right - left > 1}
    name = header.columns.get(mapping.tables[header.table].key[0], header.columns.get("id", 0))
    titles = {str(sheet.rows[number][name]).strip() for number in range(header.first, header.last + 1)} - {""}
    for number in range(header.last + 1, len(sheet.rows)):
        row = sheet.rows[number]
        first = row[0] if row[0] != "" else next((raw for raw in row if raw != ""), "")
        if first == "" or (isinstance(first, str) and first.isspace() and all(isinstance(raw, str) and not raw.strip() for raw in row)):
            empty += number not in computed
            if number not in computed:
                continue
        why = ""
        for raw in (first, row[name]):
            if isinstance(raw, str) and (text := raw.strip()):
                if text[0] in firsts or ord(text[0]) > 0xFF00:
                    why = why or _why(key(text), words)
                if raw is row[name] and text in titles:
                    why = why or "header"
        if not why and number not in computed and (_blank(row[name]) or number in wide):
            if all(_blank(row[place]) for place in known):
                why = "nothing"
            elif number in wide and sum(not _blank(raw) for raw in row) == 1:
                why = "heading"
        if why:
            skipped[number] = why
        else:
            numbers.append(number)
    return numbers, skipped, empty


def _blank(raw: Cell) -> bool:
    return isinstance(raw, str) and blank(raw)


def _why(text: str, words: dict[str, tuple[str, ...]]) -> str:
    for why, group in words.items():
        for word in group:
            rest = text.removeprefix(word)
            if rest != text and (not rest or re.match(r"\d*[:：(、.]", rest)):
                return why
    return ""


def _reader(table: str, name: str, column: Column, mapping: Mapping, scale: float, book: Book) -> Callable[[Cell], _Read]:
    """What turns a raw value of this column into the estate's text."""
    kind = _reads_as(table, name, column)
    optional = name not in required(TABLES[table].row)
    units = mapping.unit_words(column.unit)
    words = {key(word): value for value, group in column.values.items() for word in group}
    if kind_of(table, name) == "choice":
        words |= {key(value): value for value in choices(table, name)}
    validate = validator(table, name)
    quoted = book.kind is Kind.CSV
    special = words.keys() | mapping.unknown_words | mapping.blank_words
    longest = max(map(len, special), default=0) + 4  # a longer text, with some white space in it, is none of these
    info = TABLES[table].row.model_fields[name]
    unruled = kind == "text" and info.annotation is str and (not info.metadata or name == "id")  # ids are looked up

    def read(raw: Cell) -> _Read:
        if isinstance(raw, str):
            if quoted:
                raw = _unquoted(raw)
            if blank(raw):
                return _EMPTY
            word = key(raw) if len(raw) <= longest else ""
            if word in special and kind != "bool":
                if word in words:
                    return _Read(validate(words[word]))
                if word in mapping.unknown_words:
                    return _Read(note=(f"“{raw.strip()}”按未填写处理", f"{raw.strip()!r} is read as an empty cell"))
                if optional:
                    return _Read("")
                raise CellError("required", f"必填，不能写“{raw.strip()}”", f"needed, {raw.strip()!r} will not do")
        warning: tuple[str, str] | None = None
        match kind:
            case "text" | "reference":
                text = values.read_text(raw)
            case "date":
                text, warning = values.read_date(raw, book.facts.epoch_1904)
            case "bool":
                return _Read(text=values.read_bool(raw, mapping.yes_words, mapping.no_words))
            case "int" | "float":
                text, warning = _number(raw, kind, units, scale, column.unit)
            case "choice":
                text = values.read_choice(raw, words)
            case _:
                text = values.read_address(raw)
        return _Read(text if kind == "reference" or unruled else validate(text), warning=warning)

    return read


def _reads_as(table: str, name: str, column: Column) -> str:
    """As `kind_of`; numbers that are levels are choices, and the mapping names them all."""
    kind = kind_of(table, name)
    return "choice" if kind == "int" and column.values and not column.unit else kind


def _number(raw: Cell, kind: str, units: dict[str, float], scale: float, family: str) -> tuple[str, tuple[str, str] | None]:
    if scale == 1 and family != "percent" and (type(raw) is int or (type(raw) is float and raw.is_integer())) and abs(raw) < values.TOO_LARGE:
        return cell(raw), None  # most cells: no decimal arithmetic for them
    number = values.read_number(raw, units, scale)
    warning = None
    if family == "percent" and isinstance(raw, float) and 0 < raw <= 1:
        number *= 100  # a cell of the format 0.0% holds a fraction
        warning = f"{raw} 按 {number.normalize():f}% 计", f"{raw} is read as {number.normalize():f}%"
    if kind == "int" and number % 1:
        if values.read_number(raw, units | dict.fromkeys(units, 1.0)) == number:
            raise CellError("whole-number", f"应为整数：{raw}", f"expected a whole number: {raw}")
        rounded = number.to_integral_value("ROUND_CEILING")
        return str(rounded), (f"换算后不是整数，进位为 {rounded}：{raw}", f"no whole number in the model's unit, rounded up to {rounded}: {raw}")
    return values.decimal_text(number), warning


def _unquoted(raw: str) -> str:
    """A CSV cell without the apostrophe that our export puts before what a spreadsheet would run; one that would be run is refused."""
    if raw.startswith("'") and raw.lstrip("'").startswith(_HARMFUL):
        return raw[1:]
    if raw.startswith(("=", "@")) or (raw.startswith(("+", "-")) and not re.match(r"^[+-][\d\s.,()-]*\D{0,4}$", raw) and len(raw) > 2):
        raise CellError(
            "formula-text",
            f"以 {raw[0]} 开头，表格软件会当作公式执行（已拒绝）：{raw[:40]}",
            f"begins with {raw[0]}, a spreadsheet would run it, refused: {raw[:40]}",
        )
    return raw


@cache
def kind_of(table: str, name: str) -> str:
    """reference, date, bool, int, float, choice, address or text."""
    if (table, name) in REFERENCES:
        return "reference"
    annotation = bare(TABLES[table].row.model_fields[name].annotation)
    if get_origin(annotation) is Literal or (isinstance(annotation, type) and issubclass(annotation, StrEnum)):
        return "choice"
    return {date: "date", bool: "bool", int: "int", float: "float", IPv6Address: "address"}.get(annotation, "text")


def bare(annotation: Any) -> Any:
    """A type without `| None`."""
    if get_origin(annotation) in (UnionType, Union):
        return next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def choices(table: str, name: str) -> tuple[str, ...]:
    annotation = bare(TABLES[table].row.model_fields[name].annotation)
    return tuple(value for value in (get_args(annotation) if get_origin(annotation) is Literal else [member.value for member in annotation]) if value)


@cache
def validator(table: str, name: str) -> Callable[[str], str]:
    """The model's own rule for a column, text to text. Raises `CellError`."""
    info = TABLES[table].row.model_fields[name]
    annotation: Any = Annotated[info.annotation, info]
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    check, simple = adapter.validator.validate_python, bare(info.annotation) in (int, float, str)

    def validate(text: str) -> str:
        try:
            value = check(text)
            return cell(value if simple else adapter.dump_python(value, mode="json"))
        except ValidationError as error:
            detail = error.errors()[0]
            zh = _ZH.get(detail["type"], "不符合模型要求").format(**detail.get("ctx", {}))
            raise CellError("value", f"{text}：{zh}", f"{text}: {detail['msg'][:1].lower()}{detail['msg'][1:]}") from error

    return validate


_ZH = {
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "应小于 {lt}",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "string_too_long": "超过 {max_length} 个字符",
    "int_parsing": "应为整数",
    "float_parsing": "应为数字",
}


def plain_text(value: Any) -> str:
    """A field of the model as the estate's files write it."""
    if value is None or isinstance(value, str):
        return str(value or "")
    return cell(value if isinstance(value, (bool, int, float)) else value.isoformat() if hasattr(value, "isoformat") else str(value))


def default_text(table: str, name: str) -> str:
    info = TABLES[table].row.model_fields[name]
    return "" if info.is_required() else plain_text(info.get_default())
