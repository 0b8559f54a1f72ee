"""The parts of an .xlsx archive that the fast reader does not tell of; every part is unpacked here once, within its limits, before anything else reads it.

Source: ECMA-376 Part 1, 18.3.1 (sheetData, row, c, f) and 18.18.11 (ST_CellType).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from inventory.importers.facts import BookFacts, SheetFacts, calls_out
from inventory.importers.guard import LIMITS, Limits, RefusedError, opened, unpacked
from inventory.importers.problems import column_of

_RELATION = re.compile(r"\{[^}]*[rR]elationships\}id$")
# Anything that the bytes below cannot tell for certain makes a sheet go through the XML parser: formulas, errors, hidden rows or columns, attributes in
# single quotes, cells that do not begin with an address in the columns A to AZ. Plain searches are much faster than one expression for all.
_NOTABLE = (b't="e"', b"hidden=")
_ODD_TAG = re.compile(rb'<(?:f[ >]|c(?! r="A?[A-Z]\d|\w))')
_LAST = re.compile(rb"""<c r=["']([A-Z]+)(\d+)""")
# By folder or file in the archive: openpyxl does not keep these (openpyxl documentation, "Warnings": images, charts and shapes are lost).
_LOST = {
    "xl/drawings/drawing": ("图形、形状或图片", "drawings, shapes or pictures"),
    "xl/charts/": ("图表", "charts"),
    "xl/vbaProject.bin": ("宏", "macros"),
    "xl/pivotTables/": ("数据透视表", "pivot tables"),
    "xl/slicers/": ("切片器", "slicers"),
    "xl/ctrlProps/": ("表单控件", "form controls"),
    "xl/activeX/": ("ActiveX 控件", "ActiveX controls"),
    "xl/embeddings/": ("嵌入对象", "embedded objects"),
    "xl/threadedComments/": ("批注会话", "threaded comments"),
    "customXml/": ("自定义 XML", "custom XML"),
    "_xmlsignatures/": ("数字签名", "digital signatures"),
}


def facts_of(content: bytes, limits: Limits = LIMITS) -> BookFacts:
    """Facts of an .xlsx workbook. Raises `RefusedError` for a damaged, swelling, locked or too large one."""
    archive = opened(content, limits)
    facts = BookFacts()
    names = archive.namelist()
    facts.lost = [said for start, said in _LOST.items() if any(name.startswith(start) for name in names)]
    facts.macros = "xl/vbaProject.bin" in names
    sheets = {part: name for name, part in _sheets(content, archive.getinfo, facts)}
    for part in archive.infolist():
        chunks = unpacked(content, part)
        if part.filename in sheets:
            facts.sheets[sheets[part.filename]] = _sheet(chunks, lambda part=part: unpacked(content, part), limits, sheets[part.filename])
        elif part.filename.endswith((".xml", ".rels")):
            _no_entities(chunks)
        else:
            for _ in chunks:
                pass
    return facts


def _no_entities(chunks: Iterator[bytes]) -> None:
    tail = b""
    for chunk in chunks:
        if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
            raise RefusedError("xml-entities", "XML 中含实体声明：拒绝读取", "its XML declares entities: refused")
        tail = chunk[-16:]


def _sheets(content: bytes, info: object, facts: BookFacts) -> Iterator[tuple[str, str]]:
    """Names of sheets with their part."""

    def tree(name: str) -> ElementTree.Element:
        try:
            text = b"".join(unpacked(content, info(name)))  # type: ignore[operator]
            _no_entities(iter([text]))
            return ElementTree.fromstring(text)
        except (KeyError, ElementTree.ParseError) as error:
            raise RefusedError("file-damaged", f"文件已损坏（{name}）", f"damaged: {name}") from error

    book = tree("xl/workbook.xml")
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in tree("xl/_rels/workbook.xml.rels")}
    for element in book.iter():
        match element.tag.rpartition("}")[2]:
            case "workbookPr":
                facts.epoch_1904 = element.get("date1904") in ("1", "true")
            case "sheet":
                target = targets.get(next((value for name, value in element.attrib.items() if _RELATION.search(name)), ""), "")
                yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _sheet(chunks: Iterator[bytes], again: object, limits: Limits, name: str) -> SheetFacts:
    """Most sheets hold nothing notable: then their bytes are only looked through, which is twenty times faster than parsing them."""
    tail, last, body = b"", 0, False
    for chunk in chunks:
        data = tail + chunk
        cut = data.rfind(b">") + 1  # no tag is looked at in halves
        data, rest = data[:cut], data[cut:]
        if not body:  # a declaration of entities comes first, and a prefix of names shows here
            at = data.find(b"<sheetData")
            if at < 0 or b"<!" in data[:at]:
                return _parsed(again(), limits, name)  # type: ignore[operator]
            body = True
        if any(mark in data for mark in _NOTABLE) or (b"'" in data and b"='" in data) or _ODD_TAG.search(data):
            return _parsed(again(), limits, name)  # type: ignore[operator]
        end = max(data.rfind(b"<v>"), data.rfind(b"<is>"))
        if end >= 0:
            cells = _LAST.search(data), _LAST.match(data, max(data.rfind(b"<c ", 0, end), 0))
            if not all(cells):
                return _parsed(again(), limits, name)  # type: ignore[operator]
            last = max(last, *(int(cell[2]) for cell in cells if cell))
        tail = data[-512:] + rest
    if last > limits.rows:
        raise _large(name, last, 0, limits)
    return SheetFacts()


class _Reader:
    """Expat handlers that keep what is notable."""

    def __init__(self, limits: Limits) -> None:
        self.facts, self.limits = SheetFacts(), limits
        self.row, self.column, self.last_row, self.last_column = -1, -1, -1, -1
        self.kind, self.formula, self.value = "", "", ""
        self.inside, self.has_formula, self.has_value, self.shared = "", False, False, ""
        self.shared_calls: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is"):
            self.has_value, self.inside = True, "v"
        elif tag == "f":
            self.has_formula, self.inside = True, "f"
            self.shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.facts.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.facts.hidden_columns.update(range(first - 1, min(last, self.limits.columns)))

    def _cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r", "")
        self.column = column_of(address.rstrip("0123456789")) if address else self.column + 1
        self.kind, self.formula, self.value, self.shared = attributes.get("t", ""), "", "", ""
        self.has_formula = self.has_value = False

    def text(self, data: str) -> None:
        if self.inside == "f":
            self.formula += data
        elif self.inside == "v" and self.kind == "e":
            self.value += data

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "f", "is"):
            self.inside = ""
        elif tag == "c" and (self.has_value or self.has_formula):
            self._ended()

    def _ended(self) -> None:
        at = self.row, self.column
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.has_formula:
            self.facts.formulas[at] = self.has_value
            calling = self.formula if calls_out(self.formula) else self.shared_calls.get(self.shared, "")
            if calling:
                self.facts.calling[at] = calling
                if self.shared:
                    self.shared_calls[self.shared] = calling
        if self.kind == "e":
            self.facts.errors[at] = self.value or "#N/A"


def _parsed(chunks: Iterator[bytes], limits: Limits, name: str) -> SheetFacts:
    reader = _Reader(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text

    def refuse(*_: object) -> None:
        raise RefusedError("xml-entities", "XML 中含实体声明：拒绝读取", "its XML declares entities: refused")

    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedError("file-damaged", f"工作表 {name} 已损坏：{error}", f"sheet {name} is damaged: {error}") from error
    rows, columns = reader.last_row + 1, reader.last_column + 1
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise _large(name, rows, columns, limits)
    return reader.facts


def _large(name: str, rows: int, columns: int, limits: Limits) -> RefusedError:
    return RefusedError(
        "sheet-size",
        f"工作表 {name} 有 {rows} 行、{columns or '?'} 列，超过上限（{limits.rows} 行、{limits.columns} 列）：请删去多余行列或拆分",
        f"sheet {name} has {rows} rows and {columns or '?'} columns, over the limit of {limits.rows} and {limits.columns}: remove some or split it",
    )
