"""What taking workbooks would change in an estate: added, changed and vanished rows, and every problem at its cell. Nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from inventory.cells import cell
from inventory.checks import errors
from inventory.importers.book import Book, Sheet
from inventory.importers.guard import Kind
from inventory.importers.header import Header, find_header, tables_named
from inventory.importers.mapping import Constant
from inventory.importers.mapping import Mapping as MappingFile
from inventory.importers.names import Names, Numbers, named_rows, region_of
from inventory.importers.problems import Place, Problem, Severity, letters
from inventory.importers.rows import Rows, Text, kind_of, read_rows, validator
from inventory.importers.text import key
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES, columns, required

NEW = "new"  # a decision: this name is a new row


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a workbook that is taken. `values`: what is written, by column; `changes`: column to (old, new) of a row that the estate has."""

    table: str
    id: str
    place: Place
    kind: Literal["added", "changed", "unchanged"]
    values: dict[str, str]
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the rows below one sheet's header; `rows` = taken + unchanged + refused + skipped + empty."""

    place: Place
    table: str
    rows: int
    taken: int
    unchanged: int
    refused: int
    skipped: tuple[tuple[int, str], ...]  # row from 0, why: total, remark, example, header
    empty: int


@dataclass(frozen=True, slots=True)
class Preview:
    entries: tuple[Entry, ...]
    vanished: tuple[tuple[str, str, str], ...]  # table, id, name
    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...]
    digests: dict[str, str]  # SHA-256 of each workbook by name

    @property
    def added(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "added")

    @property
    def changed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "changed")

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Known:
    """What names are decided to mean (`accepted`: name to an id or `new`), and texts whose ids must not be given again."""

    accepted: Mapping[str, str] = field(default_factory=dict)
    mentioned: tuple[str, ...] = ()


def preview(books: Sequence[Book], estate: Estate, mapping: MappingFile, known: Known | None = None) -> Preview:
    """Read all sheets that the mapping knows and compare them with the estate; the same input gives the same result."""
    known = known or Known()
    work = _Work(estate, mapping, known)
    sheets: dict[str, list[Rows]] = {}
    for book in books:
        for rows in _sheets(book, mapping, work.problems):
            sheets.setdefault(rows.header.table, []).append(rows)
            work.columns[book.name, rows.sheet.name] = rows.header.columns
    for table in TABLES:  # tables come after those that they refer to
        if table in sheets:
            _Table(work, table).take(sheets[table])
    _cross_checked(work)
    entries = [entry for entry in work.entries if (entry.place.workbook, entry.place.sheet, entry.place.row) not in work.refused]
    accounts = tuple(_account(work, rows, entries) for group in sheets.values() for rows in group)
    for name in sorted(set(known.accepted) - work.used):
        work.problems.append(_problem(Place(""), Severity.WARNING, "decision-unused", f"决定未用到：{name}", f"a decision that nothing needed: {name}"))
    return Preview(tuple(entries), tuple(work.vanished), tuple(sorted(set(work.problems))), accounts, {book.name: book.digest for book in books})


def _problem(place: Place, severity: Severity, code: str, zh: str, en: str, wanted: str = "", candidates: Iterable[str] = ()) -> Problem:
    return Problem(place, severity, code, zh, en, wanted, tuple(candidates))


def _sheets(book: Book, mapping: MappingFile, problems: list[Problem]) -> list[Rows]:
    """The sheets that are tables; how the others were passed over is said."""
    found: list[Rows] = []
    for sheet in book.sheets:
        at = Place(book.name, sheet.name)
        if key(sheet.name) in map(key, mapping.ignore_sheets) and book.kind is not Kind.CSV:
            problems.append(_problem(at, Severity.NOTE, "sheet-ignored", "按映射不读此表", "not read, as the mapping says"))
            continue
        if not sheet.rows:
            problems.append(_problem(at, Severity.NOTE, "sheet-empty", "空工作表", "an empty sheet"))
            continue
        named = tables_named(sheet.name, mapping)
        headers = [header for table in named or mapping.tables if (header := find_header(sheet, table, mapping))]
        best = max(headers, key=lambda header: len(header.columns), default=None)
        if best is None or (not named and len(best.columns) < 3):
            _no_header(at, named, problems)
            continue
        rows = read_rows(book, sheet, best, mapping)
        _describe(rows, named, mapping)
        problems += rows.problems
        found.append(rows)
    if not found:
        problems.append(_problem(Place(book.name), Severity.ERROR, "no-table", "没有映射认识的工作表", "no sheet that the mapping knows"))
    if book.facts.macros:
        problems.append(
            _problem(Place(book.name), Severity.NOTE, "macros", "含宏：没有执行，只读单元格的值", "holds macros: none was run, only values of cells are read")
        )
    return found


def _no_header(at: Place, named: list[str], problems: list[Problem]) -> None:
    if named:
        problems.append(_problem(at, Severity.ERROR, "no-header", "找不到表头：至少要有名称列", "no header found: at least the name's column is needed"))
    else:
        problems.append(_problem(at, Severity.WARNING, "sheet-unknown", "映射不认识此表，没有读", "the mapping knows no such sheet: it was not read"))


def _describe(rows: Rows, named: list[str], mapping: MappingFile) -> None:
    """Notes on how a sheet was read, and the faults of its header."""
    at, sheet, header = rows.place(-1), rows.sheet, rows.header

    def say(place: Place, severity: Severity, code: str, zh: str, en: str) -> None:
        rows.problems.append(Problem(place, severity, code, zh, en))

    if not named:
        say(at, Severity.NOTE, "sheet-by-content", f"按表头认作 {header.table}", f"taken for {header.table} by its header")
    if sheet.hidden:
        say(at, Severity.NOTE, "sheet-hidden", "隐藏的工作表，已照常读取", "a hidden sheet; it was read like the others")
    hidden = sorted(sheet.facts.hidden_rows & set(rows.numbers))
    if hidden:
        listed = ", ".join(str(number + 1) for number in hidden[:20]) + (", …" if len(hidden) > 20 else "")
        say(at, Severity.NOTE, "rows-hidden", f"{len(hidden)} 个隐藏行已照常读取：{listed}", f"{len(hidden)} hidden rows were read like the others: {listed}")
    if columns_hidden := sorted(sheet.facts.hidden_columns & set(header.columns.values())):
        listed = ", ".join(map(letters, columns_hidden))
        say(at, Severity.NOTE, "columns-hidden", f"隐藏列已照常读取：{listed}", f"hidden columns were read like the others: {listed}")
    computed = len(sheet.facts.formulas) - len(sheet.facts.calling)
    if computed:
        say(at, Severity.NOTE, "formulas", f"{computed} 个公式按上次计算的值读取", f"of {computed} formulas the last computed values were read")
    for place, title in header.others.items():
        if key(title) not in map(key, mapping.ignore):
            say(
                Place(at.workbook, at.sheet, header.last, place),
                Severity.NOTE,
                "column-unknown",
                f"映射不认识此列，未读：{title}",
                f"the mapping knows no such column, not read: {title}",
            )
    for name, first, second in header.doubled:
        say(
            Place(at.workbook, at.sheet, header.last, second),
            Severity.ERROR,
            "column-doubled",
            f"与 {letters(first)} 列重复（{name}）：删去一列，此表暂不接收",
            f"the same column as {letters(first)} ({name}): remove one; nothing of this sheet is taken",
        )
        rows.refused.update(rows.numbers)
    for number, why in rows.skipped.items():
        zh, en = _SKIPPED[why]
        say(rows.place(number), Severity.NOTE, f"skipped-{why}", f"{zh}，未读", f"{en}, left out")


_SKIPPED = {
    "total": ("合计行", "a row of totals"),
    "remark": ("备注或签字行", "a remark or signature"),
    "example": ("示例行", "an example"),
    "header": ("重复的表头", "the header once more"),
}


class _Work:
    """What the tables of one import share."""

    def __init__(self, estate: Estate, mapping: MappingFile, known: Known) -> None:
        self.estate, self.mapping = estate, mapping
        self.accepted = {key(name): row for name, row in known.accepted.items()}
        self._spelled = {key(name): name for name in known.accepted}
        self.used: set[str] = set()
        self.numbers = Numbers(known.mentioned)
        self.problems: list[Problem] = []
        self.entries: list[Entry] = []
        self.vanished: list[tuple[str, str, str]] = []
        self.refused: set[tuple[str, str, int]] = set()
        self.refused_names: dict[tuple[str, str], Place] = {}
        self.columns: dict[tuple[str, str], dict[str, int]] = {}  # of each sheet
        self._names: dict[str, Names] = {}

    def names(self, table: str) -> Names:
        if table not in self._names:
            self._names[table] = Names(named_rows(self.estate, table))
        return self._names[table]

    def decided(self, name: str, tables: Sequence[str]) -> str | None:
        """The id, or `new`, that a name is decided to mean in one of the tables."""
        row = self.accepted.get(key(name))
        if row is None or (row != NEW and not any(row in self.names(table).known for table in tables)):
            return None
        self.used.add(self._spelled[key(name)])
        return row


class _Table:
    """All sheets of one table."""

    def __init__(self, work: _Work, table: str) -> None:
        self.work, self.table = work, table
        self.described = work.mapping.tables[table]
        self.group = self.described.region_by
        self.held = {row: values for row, values in getattr(work.estate, table).items()}
        self.by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for row, values in self.held.items():
            self.by_key[self._key({name: _plain(getattr(values, name)) for name in self.described.key})].append(row)
        self.matched: dict[str, Place] = {}
        self.covered: set[str] = set()
        self.pending: list[tuple[Rows, int, dict[str, Text]]] = []  # rows that the estate seems not to have
        self.new_keys: dict[tuple[str, ...], Place] = {}
        self.resolved: dict[tuple[str, str, str], tuple[str, Problem | None]] = {}
        self.likely: set[str] = set()
        self.kept: Counter[tuple[str, str, str]] = Counter()
        row_type = TABLES[table].row
        self.needed = [name for name in columns(row_type) if name in required(row_type) and name != "id"]
        self.by_region = [name for name, column in self.described.columns.items() if any(constant.from_ == "region" for constant in column.constants)]

    def _key(self, texts: Mapping[str, Text]) -> tuple[str, ...]:
        return tuple([(text if ":" in (text := texts.get(name) or "") else key(text)) for name in self.described.key])

    def take(self, sheets: list[Rows]) -> None:
        for rows in sheets:
            self._sheet(rows)
        self._pending()
        self._vanish()
        for (workbook, sheet, name), count in self.kept.items():
            self.work.problems.append(
                _problem(
                    Place(workbook, sheet),
                    Severity.NOTE,
                    "kept",
                    f"{name} 列 {count} 个空单元格：保留原值",
                    f"{count} empty cells of {name}: the estate's values stay",
                )
            )

    def _sheet(self, rows: Rows) -> None:
        constants = self._constants(rows)
        names = list(rows.texts)
        references = [name for name in names if kind_of(self.table, name) == "reference"]
        references.sort(key=lambda name: name != self.group)  # the unit first: names of rooms are looked up within it
        for number, cells in zip(rows.numbers, zip(*(rows.texts[name] for name in names), strict=True), strict=True):
            texts = dict(zip(names, cells, strict=True))
            for name, value in constants.items():
                if not texts.get(name):
                    texts[name] = value
            for name in references:
                if texts[name] and not self._refer(rows, number, texts, name):
                    texts[name] = None
            if texts.get(self.group):
                self.covered.add(texts[self.group] or "")
            self._identify(rows, number, texts)

    # Constants

    def _constants(self, rows: Rows) -> dict[str, str]:
        """Values for the whole sheet; a name that means nothing is a problem of the sheet, and refuses the rows that need it."""
        found: dict[str, str] = {}
        for name, column in self.described.columns.items():
            for constant in column.constants:
                value = self._constant(rows, name, constant) if constant.from_ != "region" else None
                if value:
                    found[name] = value
                    break
        return found

    def _constant(self, rows: Rows, name: str, constant: Constant) -> str | None:
        targets = REFERENCES.get((self.table, name), ())
        if constant.from_ == "value":
            return validator(self.table, name)(constant.value)
        if constant.from_ == "file":
            return self._in_file_name(rows, targets)
        at, text = _labelled(rows.sheet, rows.header, constant.labels)
        if not text:
            return None
        if not targets:
            return validator(self.table, name)(text)
        value, problem = self._lookup(text, targets, "")
        if problem and name not in rows.texts:
            self.work.problems.append(_moved(problem, Place(rows.book.name, rows.sheet.name, *at)))
        return value or None

    def _in_file_name(self, rows: Rows, targets: Sequence[str]) -> str | None:
        stem = key(rows.book.path.stem)
        for name, row in self.work.accepted.items():
            if name in stem and self.work.decided(name, targets) not in (None, NEW):
                return row
        inside = [name for target in targets for name in self.work.names(target).ids if len(name) > 2 and name in stem]
        if not inside:
            return None
        longest = max(inside, key=len)
        rows_named = [row for target in targets for row in self.work.names(target).ids.get(longest, ())]
        return rows_named[0] if len(rows_named) == 1 else None

    # References

    def _refer(self, rows: Rows, number: int, texts: dict[str, Text], name: str) -> bool:
        """Put the id in the place of a name; false and a problem if there is none."""
        text, targets = texts[name] or "", REFERENCES[self.table, name]
        group = (texts.get(self.group) or "") if name != self.group else ""
        ids: list[str] = []
        for part in text.replace("、", " ").replace("；", " ").replace("，", " ").split() if (self.table, name) in LISTS else [text]:
            row, problem = self._lookup(part, targets, group)
            if problem:
                self.work.problems.append(_moved(problem, rows.place(number, name)))
                rows.refused.add(number)
                return False
            ids.append(row)
        texts[name] = " ".join(ids)
        return True

    def _lookup(self, text: str, targets: Sequence[str], group: str) -> tuple[str, Problem | None]:
        memo = (text, targets[0], group)
        if memo not in self.resolved:
            self.resolved[memo] = self._looked_up(text, targets, group)
        return self.resolved[memo]

    def _looked_up(self, text: str, targets: Sequence[str], group: str) -> tuple[str, Problem | None]:
        found = [row for target in targets for row in self.work.names(target).find(text)]
        if len(found) > 1 and group:
            within = [row for row in found if any(getattr(getattr(self.work.estate, target).get(row), "unit", None) == group for target in targets)]
            found = within or found
        if len(found) == 1:
            return found[0], None
        decided = self.work.decided(text, targets)
        if decided and decided != NEW:
            return decided, None
        refused = next((self.work.refused_names[target, key(text)] for target in targets if (target, key(text)) in self.work.refused_names), None)
        if refused:
            return "", _problem(
                Place(""), Severity.ERROR, "reference-refused", f"“{text}”所在行有误，未接收：{refused}", f"{text!r} is a row that is not taken: {refused}"
            )
        if found:
            zh, en, code = f"“{text}”有多个：{'、'.join(found)}；请写编号", f"{text!r} is the name of {', '.join(found)}: write the id", "reference-ambiguous"
            return "", _problem(Place(""), Severity.ERROR, code, zh, en, text, found)
        like = [row for target in targets for row in self.work.names(target).like(text)]
        zh, en = f"没有“{text}”", f"there is no {text!r}"
        if like:
            zh += f"，是否为 {self._called(like, targets)}？（--accept 确认）"
            en += f": is it {', '.join(like)}? (decide by --accept)"
        return "", _problem(Place(""), Severity.ERROR, "reference-unknown", zh, en, text, like)

    def _called(self, rows: Iterable[str], tables: Sequence[str]) -> str:
        named = ((row, getattr(getattr(self.work.estate, table).get(row), "name", "")) for row in rows for table in tables)
        return "、".join(f"{row}（{name}）" for row, name in named if name)

    # Identity

    def _identify(self, rows: Rows, number: int, texts: dict[str, Text]) -> None:
        work, place = self.work, rows.place(number)
        row = texts.pop("id", None)
        if row:
            if row not in self.held:
                zh, en = f"没有编号 {row}：新增行请留空", f"there is no {row}: leave the id of a new row empty"
                return self._refuse(rows, number, texts, _problem(rows.place(number, "id"), Severity.ERROR, "id-unknown", zh, en))
            return self._match(rows, number, texts, row)
        filled = self._key(texts)
        if not filled[0]:
            if number not in rows.refused:
                name = self.described.key[0]
                zh, en = "缺少名称，也没有编号", "neither a name nor an id"
                work.problems.append(_problem(rows.place(number, name), Severity.ERROR, "required", zh, en))
            return self._refuse(rows, number, texts)
        found = self.by_key.get(filled, [])
        if len(found) > 1:
            zh, en = f"同名的有多个：{'、'.join(found)}；请写编号", f"the name of {', '.join(found)}: write the id"
            self.likely.update(found)
            return self._refuse(
                rows, number, texts, _problem(rows.place(number, self.described.key[0]), Severity.ERROR, "row-ambiguous", zh, en, candidates=found)
            )
        if found:
            return self._match(rows, number, texts, found[0])
        decided = work.decided(texts.get(self.described.key[0]) or "", [self.table])
        if decided and decided != NEW:
            return self._match(rows, number, texts, decided)
        earlier = self.new_keys.setdefault(filled, place)
        if earlier is not place:
            return self._refuse(rows, number, texts, _doubled(rows.place(number, self.described.key[0]), earlier))
        self.pending.append((rows, number, texts))
        return None

    def _match(self, rows: Rows, number: int, texts: dict[str, Text], row: str) -> None:
        place = rows.place(number)
        earlier = self.matched.setdefault(row, place)
        held = self.held[row]
        group = getattr(held, self.group, None)
        if group:
            self.covered.add(str(group))
        if earlier is not place:
            return self._refuse(rows, number, texts, _doubled(rows.place(number, "id" if "id" in rows.header.columns else self.described.key[0]), earlier))
        if number in rows.refused:
            return self._refuse(rows, number, texts)
        changes: dict[str, tuple[str, str]] = {}
        for name, text in texts.items():
            old = _plain(getattr(held, name))
            if text is None:
                if old and name in rows.header.columns and old != _default(self.table, name):
                    self.kept[rows.book.name, rows.sheet.name, name] += 1
                continue
            new = text or _default(self.table, name)
            if not text and key(old) in self.work.mapping.blank_words:
                continue  # the estate itself says 无
            if new != old and not (kind_of(self.table, name) == "text" and key(new) == key(old)):
                changes[name] = (old, new)
        values = {name: new for name, (_, new) in changes.items()}
        if "name" in values:  # other sheets may call it by its new name already
            self.work.names(self.table).add(row, values["name"])
        self.work.entries.append(Entry(self.table, row, place, "changed" if changes else "unchanged", values, changes))
        return None

    def _pending(self) -> None:
        """Rows that no id and no key finds: new, unless a name of the same unit that the workbooks no longer have is like theirs."""
        gone: dict[str, Names] = defaultdict(Names)
        if self.described.renames:
            for row, values in self.held.items():
                if row not in self.matched:
                    gone[str(getattr(values, self.group, ""))].add(row, values.name)
        for rows, number, texts in self.pending:
            name = texts.get(self.described.key[0]) or ""
            like = gone[group].like(name, 0.6) if (group := texts.get(self.group) or "") in gone else []
            if like and self.work.decided(name, [self.table]) != NEW:
                self.likely.update(like)
                called = self._called(like, [self.table])
                zh = f'“{name}”是新增，还是由 {called} 改名？（--accept "{name}={like[0]}" 或 "{name}=new"）'
                en = f'is {name!r} new, or {", ".join(like)} renamed? (--accept "{name}={like[0]}" or "{name}=new")'
                problem = _problem(rows.place(number, self.described.key[0]), Severity.ERROR, "renamed", zh, en, name, like)
                self._refuse(rows, number, texts, problem)
            else:
                self._add(rows, number, texts)

    def _add(self, rows: Rows, number: int, texts: dict[str, Text]) -> None:
        place = rows.place(number)
        for name in self.by_region:
            if not texts.get(name):
                texts[name] = self._in_region(name, texts.get(self.group) or "")
        missing = [name for name in self.needed if not texts.get(name)]
        broken = {problem.place.column for problem in rows.problems if problem.place.row == number} if number in rows.refused else set()
        for name in missing:
            at = rows.header.columns.get(name)
            if at is None:
                self._no_column(rows, name)
            elif at not in broken and number not in rows.refused:
                title = self.described.columns[name].titles[0] if name in self.described.columns else name
                self.work.problems.append(
                    _problem(Place(place.workbook, place.sheet, number, at), Severity.ERROR, "required", f"必填：{title}", f"empty, {name} is needed")
                )
        region = region_of(self.work.estate, texts.get(self.group) or "")
        if missing or number in rows.refused or region is None:
            return self._refuse(rows, number, texts)
        row = self.work.numbers.next(self.table, region)
        name = texts.get("name") or row
        self.work.names(self.table).add(row, name)
        values = {column: text for column, text in texts.items() if text}
        self.work.entries.append(Entry(self.table, row, place, "added", values))
        return None

    def _no_column(self, rows: Rows, name: str) -> None:
        title = self.described.columns[name].titles[0] if name in self.described.columns else name
        at = Place(rows.book.name, rows.sheet.name, rows.header.last)
        self.work.problems.append(
            _problem(
                at, Severity.ERROR, "column-missing", f"缺少“{title}”列（新增行必填）", f"the column {title} ({name}) is missing: new rows need it", wanted=name
            )
        )

    def _in_region(self, name: str, group: str) -> str | None:
        """The only row of the referred table in the region of the row's unit."""
        region = region_of(self.work.estate, group)
        found = [
            row
            for target in REFERENCES[self.table, name]
            for row, values in getattr(self.work.estate, target).items()
            if getattr(values, "region", None) == region
        ]
        return found[0] if region and len(found) == 1 else None

    def _refuse(self, rows: Rows, number: int, texts: Mapping[str, Text], problem: Problem | None = None) -> None:
        if problem:
            self.work.problems.append(problem)
        rows.refused.add(number)
        self.work.refused.add((rows.book.name, rows.sheet.name, number))
        if name := texts.get(self.described.key[0]):
            self.work.refused_names.setdefault((self.table, key(name)), rows.place(number))

    def _vanish(self) -> None:
        for row, values in self.held.items():
            if row not in self.matched and row not in self.likely and str(getattr(values, self.group, "")) in self.covered:
                self.work.vanished.append((self.table, row, getattr(values, "name", "")))


def _moved(problem: Problem, place: Place) -> Problem:
    return Problem(place, problem.severity, problem.code, problem.zh, problem.en, problem.wanted, problem.candidates)


def _doubled(place: Place, earlier: Place) -> Problem:
    return _problem(place, Severity.ERROR, "row-doubled", f"与 {earlier} 重复", f"the same row as {earlier}")


def _labelled(sheet: Sheet, header: Header, labels: Sequence[str]) -> tuple[tuple[int, int], str]:
    """The text after a label above the header, or in the next filled cell to its right; and where."""
    wanted = {key(label) for label in labels}
    for number in range(header.first):
        for place, raw in enumerate(sheet.rows[number]):
            label, _, rest = key(str(raw)).partition(":")
            if label in wanted:
                if rest:
                    return (number, place), str(raw).replace("：", ":").partition(":")[2].strip()
                following = ((at, str(value).strip()) for at, value in enumerate(sheet.rows[number]) if at > place and str(value).strip())
                at, text = next(following, (place, ""))
                return (number, at), text
    return (0, 0), ""


def _plain(value: Any) -> str:
    """A field of the model as the estate's files write it."""
    if value is None or isinstance(value, str):
        return str(value or "")
    return cell(value if isinstance(value, (bool, int, float)) else value.isoformat() if hasattr(value, "isoformat") else str(value))


def _default(table: str, name: str) -> str:
    return _plain(TABLES[table].row.model_fields[name].get_default())


def _account(work: _Work, rows: Rows, entries: Sequence[Entry]) -> Account:
    here = Counter(entry.kind for entry in entries if (entry.place.workbook, entry.place.sheet) == (rows.book.name, rows.sheet.name))
    refused = sum(name == (rows.book.name, rows.sheet.name) for name in ((book, sheet) for book, sheet, _ in work.refused))
    total = len(rows.sheet.rows) - rows.header.last - 1
    return Account(
        rows.place(-1), rows.header.table, total, here["added"] + here["changed"], here["unchanged"], refused, tuple(rows.skipped.items()), rows.empty
    )


def _cross_checked(work: _Work) -> None:
    """The rules of severity error on the estate as it would be; what they find is a problem of the row that causes it, which is then refused."""
    for _ in range(4):  # refusing a row may leave another one without what it refers to
        _dangling(work)
        entries = {
            entry.id: entry
            for entry in work.entries
            if entry.kind != "unchanged" and (entry.place.workbook, entry.place.sheet, entry.place.row) not in work.refused
        }
        if not entries:
            return
        found = errors(drafted(work.estate, entries.values()))
        if not found:
            return
        for finding in found:
            entry = entries.get(finding.subject)
            place = entry.place if entry else next(iter(entries.values())).place
            subject = "" if entry else f"{finding.subject}: "
            at = Place(place.workbook, place.sheet, place.row, _column_in(work, entry, finding.column))
            work.problems.append(_problem(at, Severity.ERROR, finding.rule, subject + finding.zh, subject + finding.en))
            for other in [entry] if entry else entries.values():  # what no row explains refuses all of them
                work.refused.add((other.place.workbook, other.place.sheet, other.place.row))


def _column_in(work: _Work, entry: Entry | None, column: str) -> int:
    return work.columns.get((entry.place.workbook, entry.place.sheet), {}).get(column, -1) if entry else -1


def _dangling(work: _Work) -> None:
    gone = {
        entry.id: entry.place for entry in work.entries if entry.kind == "added" and (entry.place.workbook, entry.place.sheet, entry.place.row) in work.refused
    }
    while gone:
        newly: dict[str, Place] = {}
        for entry in work.entries:
            at = entry.place.workbook, entry.place.sheet, entry.place.row
            for name, value in entry.values.items():
                if at not in work.refused and (entry.table, name) in REFERENCES and (bad := next((part for part in value.split() if part in gone), None)):
                    place = Place(*at, _column_in(work, entry, name))
                    work.problems.append(
                        _problem(place, Severity.ERROR, "reference-refused", f"所指的行未接收：{gone[bad]}", f"refers to a row that is not taken: {gone[bad]}")
                    )
                    work.refused.add(at)
                    if entry.kind == "added":
                        newly[entry.id] = entry.place
        gone = newly


def drafted(estate: Estate, entries: Iterable[Entry]) -> Estate:
    """The estate with added and changed rows in it."""
    tables: dict[str, dict[str, Any]] = {}
    origins = dict(estate.origins)
    for entry in entries:
        rows = tables.setdefault(entry.table, dict(getattr(estate, entry.table)))
        held = rows.get(entry.id)
        values = {TABLES[entry.table].key: entry.id, **entry.values, "source": "census"}
        if held is not None:
            values = {name: _plain(getattr(held, name)) for name in columns(type(held))} | values
            values = {name: value for name, value in values.items() if value != ""}
        rows[entry.id] = TABLES[entry.table].row.model_validate(values)
        if held is None:
            origins[entry.id] = f"{entry.table}.csv:0"
    return estate.model_copy(update={**tables, "origins": origins})
