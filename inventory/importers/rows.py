"""The rows of one sheet, a column at a time: texts as the estate writes them, and a problem for each cell that cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from ipaddress import IPv6Address
from string import digits
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from inventory.cells import HARMFUL, cell
from inventory.importers import values
from inventory.importers.book import Book, Cell, Sheet
from inventory.importers.guard import Kind
from inventory.importers.header import Header
from inventory.importers.mapping import Column, Mapping
from inventory.importers.problems import CellError, Place, Problem, Severity, letters
from inventory.importers.text import blank, key
from inventory.tables import REFERENCES, TABLES, required

Text = str | None  # None: an empty cell, which leaves what the estate holds


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


@dataclass(frozen=True, slots=True)
class _Remark:
    """What is to be said of a raw value, in every cell that holds it; one of severity error refuses the row."""

    severity: Severity
    code: str
    zh: str
    en: str


_Read = tuple[Text, _Remark | None]  # a raw value's meaning
_EMPTY: _Read = (None, None)


def read_rows(book: Book, sheet: Sheet, header: Header, mapping: Mapping) -> Rows:
    """All rows below the header: read, skipped with the reason, or refused with a problem at a cell."""
    numbers, skipped, empty = _data_rows(sheet, header, mapping)
    result = Rows(book, _merged_filled(sheet, header), header, numbers, {}, skipped=skipped, empty=empty)
    described = mapping.tables[header.table].columns
    position = {number: index for index, number in enumerate(numbers)}
    raws = list(zip(*(result.sheet.rows[number] for number in numbers), strict=True))  # a column at a time
    for name, place in header.columns.items():
        read = _reader(header.table, name, described[name], mapping, header.scales.get(name, 1), book)
        result.texts[name] = _column(result, place, raws[place] if raws else (), read)
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


def _column(result: Rows, place: int, raws: Sequence[Cell], read: Callable[[Cell], _Read]) -> list[Text]:
    """One column; a value that came before is not read again."""
    mixed = len({*map(type, raws)} - {str}) > 1  # True, 1 and 1.0 are equal, but not the same cell
    memos: Sequence[Any] = list(zip(map(type, raws), raws, strict=True)) if mixed else raws
    texts: dict[Any, Text] = {}
    remarks: dict[Any, _Remark] = {}
    for memo in dict.fromkeys(memos):
        try:
            text, remark = read(memo[1] if mixed else memo)
        except CellError as error:
            text, remark = None, _Remark(Severity.ERROR, error.code, error.zh, error.en)
        texts[memo] = text
        if remark:
            remarks[memo] = remark
    if remarks:
        for number, memo in zip(result.numbers, memos, strict=True):
            if memo in remarks:
                _say(result, (number, place), remarks[memo])
    return [*texts.values()] * len(raws) if len(texts) == 1 else [texts[memo] for memo in memos]


def _say(result: Rows, at: tuple[int, int], remark: _Remark) -> None:
    bad, refusing = result.sheet.facts, remark.severity is Severity.ERROR
    if refusing:
        result.refused.add(at[0])
    if not (refusing and (at in bad.errors or at in bad.calling)):  # which say more of it
        place = Place(result.book.name, result.sheet.name, *at)
        result.problems.append(Problem(place, remark.severity, remark.code, remark.zh, remark.en))


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
        for raw in (first,) if first is row[name] else (first, row[name]):
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


def _reader(table: str, name: str, column: Column, mapping: Mapping, scale: values.Factor, book: Book) -> Callable[[Cell], _Read]:
    """What turns a raw value of this column into the estate's text."""
    kind = _reads_as(table, name, column)
    optional = name not in required(TABLES[table].row)
    units = mapping.unit_words(column.unit)
    words = {key(word): value for value, group in column.values.items() for word in group}
    if kind_of(table, name) == "choice":
        words |= {key(value): value for value in choices(table, name)}
    parse = _parser(kind, units, scale, column.unit, words, mapping, book)
    validate = validator(table, name)
    info = TABLES[table].row.model_fields[name]
    unruled = kind == "text" and info.annotation is str and (not info.metadata or name == "id")  # ids are looked up
    ruled = kind not in ("reference", "bool") and not unruled
    quoted = book.kind is Kind.CSV
    plain = kind == "text" and not ruled and not quoted
    special = words.keys() | mapping.unknown_words | mapping.blank_words if kind != "bool" else frozenset[str]()
    # A longer text than these, with some white space in it, is no special one, nor is one that begins with a digit if none of them does.
    longest = {narrow: 4 + max((len(word) for word in special if word.isascii() or not narrow), default=0) for narrow in (True, False)}
    numeric = "" if any(word[:1].isdigit() for word in special) else digits

    def read(raw: Cell) -> _Read:
        if isinstance(raw, str):
            if plain and len(raw) > longest[raw.isascii()] and values.clean(raw):
                return raw, None
            if quoted:
                raw = _unquoted(raw)
            if blank(raw):
                return _EMPTY
            if len(raw) <= longest[raw.isascii()] and raw[0] not in numeric and (word := key(raw)) in special:
                if word in words:
                    return validate(words[word]), None
                if word in mapping.unknown_words:
                    said = f"“{raw.strip()}”按未填写处理", f"{raw.strip()!r} is read as an empty cell"
                    return None, _Remark(Severity.NOTE, "unknown-value", *said)
                if optional:
                    return "", None
                raise CellError("required", f"必填，不能写“{raw.strip()}”", f"needed, {raw.strip()!r} will not do")
        text, warning = parse(raw)
        return validate(text) if ruled else text, _Remark(Severity.WARNING, f"{name}-assumed", *warning) if warning else None

    return read


def _reads_as(table: str, name: str, column: Column) -> str:
    """As `kind_of`; numbers that are levels are choices, and the mapping names them all."""
    kind = kind_of(table, name)
    return "choice" if kind == "int" and column.values and not column.unit else kind


def _parser(
    kind: str, units: MappingOf[str, values.Factor], scale: values.Factor, family: str, words: dict[str, str], mapping: Mapping, book: Book
) -> Callable[[Cell], tuple[str, tuple[str, str] | None]]:
    """What reads values of one kind: to a text, and what to warn about (zh, en) if something was assumed."""
    match kind:
        case "text" | "reference":
            return lambda raw: (values.read_text(raw), None)
        case "date":
            return lambda raw: values.read_date(raw, book.facts.epoch_1904)
        case "bool":
            return lambda raw: (values.read_bool(raw, mapping.yes_words, mapping.no_words), None)
        case "int" | "float":
            return lambda raw: _number(raw, kind, units, scale, family)
        case "choice":
            return lambda raw: (values.read_choice(raw, words), None)
    return lambda raw: (values.read_address(raw), None)


def _number(raw: Cell, kind: str, units: MappingOf[str, values.Factor], scale: values.Factor, family: str) -> tuple[str, tuple[str, str] | None]:
    if scale == 1 and family != "percent" and (type(raw) is int or (type(raw) is float and raw.is_integer())) and abs(raw) < values.TOO_LARGE:
        return cell(raw), None  # most cells: no decimal arithmetic for them
    number = values.read_number(raw, units, scale)
    warning = None
    if family == "percent" and isinstance(raw, float) and 0 < raw <= 1:
        number *= 100  # a cell of the format 0.0% holds a fraction
        warning = f"{raw} 按 {number.normalize():f}% 计", f"{raw} is read as {number.normalize():f}%"
    if kind == "int" and number % 1:
        if values.read_number(raw, dict.fromkeys(units, 1)) == number:
            raise CellError("whole-number", f"应为整数：{raw}", f"expected a whole number: {raw}")
        rounded = number.to_integral_value("ROUND_CEILING")
        return str(rounded), (f"换算后不是整数，进位为 {rounded}：{raw}", f"no whole number in the model's unit, rounded up to {rounded}: {raw}")
    return values.decimal_text(number), warning


def _unquoted(raw: str) -> str:
    """A CSV cell without the apostrophe that our export puts before what a spreadsheet would run; one that would be run is refused."""
    if raw.startswith("'") and raw.lstrip("'").startswith(HARMFUL):
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
