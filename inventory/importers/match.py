"""Rows of workbooks matched with the rows of the estate: by id, by key, or by a decision; never by a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from inventory.importers.book import Sheet
from inventory.importers.changes import NEW, Entry, Known
from inventory.importers.header import Header
from inventory.importers.mapping import Constant
from inventory.importers.mapping import Mapping as MappingFile
from inventory.importers.names import Names, Numbers, named_rows, region_of, unit_of
from inventory.importers.problems import Place, Problem, Severity
from inventory.importers.rows import Rows, Text, default_text, kind_of, plain_text, validator
from inventory.importers.text import key
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES, columns, required
from inventory.titles import heading

_SHOWN = 5  # candidates where no name is like the one that is looked for


class Work:
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
        self.refused: set[Place] = set()  # rows
        self.refused_names: dict[tuple[str, str], Place] = {}
        self.columns: dict[tuple[str, str, str], dict[str, int]] = {}  # of each sheet, by the table that it is
        self.regions: dict[str, str] = {}  # of the rows being added
        self._names: dict[str, Names] = {}

    def names(self, table: str) -> Names:
        if table not in self._names:
            self._names[table] = Names(named_rows(self.estate, table))
        return self._names[table]

    def decided(self, name: str, tables: Sequence[str]) -> str | None:
        """The id, or `new`, that a name is decided to mean in one of the tables."""
        row = self.accepted.get(key(name)) if self.accepted else None
        if row is None or (row != NEW and not any(row in self.names(table).known for table in tables)):
            return None
        self.used.add(self._spelled[key(name)])
        return row


class TableMatch:
    """All sheets of one table."""

    def __init__(self, work: Work, table: str) -> None:
        self.work, self.table = work, table
        self.described = work.mapping.tables[table]
        self.group = self.described.region_by
        self.held = dict[str, Any](getattr(work.estate, table))
        self.keys: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}  # rows of the estate by their key, by the columns that make it
        self.matched: dict[str, Place] = {}
        self.covered: set[str] = set()
        self.pending: list[tuple[Rows, Place, dict[str, str]]] = []  # rows that the estate seems not to have, with what they fill in
        self.new_keys: dict[tuple[str, ...], Place] = {}
        self.resolved: dict[tuple[str, str, str], tuple[str, Problem | None]] = {}
        self.regions: dict[str, str | None] = {}  # by group
        self.likely: set[str] = set()
        self.kept: Counter[tuple[str, str, str]] = Counter()
        self.lacking: dict[tuple[Place, str], list[int]] = defaultdict(list)  # rows that a column is missing for, by the header's place
        row_type = TABLES[table].row
        self.needed = [name for name in columns(row_type) if name in required(row_type) and name != "id"]
        present = {other for *_, other in work.columns}
        self.named = any(table in targets for (other, _), targets in REFERENCES.items() if other in present)  # may a sheet name its rows?
        self.by_region = [name for name, column in self.described.columns.items() if any(constant.from_ == "region" for constant in column.constants)]

    def _by_key(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[str]]:
        if names not in self.keys:
            found = self.keys.setdefault(names, defaultdict(list))
            texts = {name: [plain_text(getattr(values, name)) for values in self.held.values()] for name in names}
            for row, filled in zip(self.held, _keys(texts, names, len(self.held)), strict=True):
                found[filled].append(row)
        return self.keys[names]

    def take(self, sheets: list[Rows]) -> None:
        for rows in sheets:
            self._sheet(rows)
        self._pending()
        self._vanish()
        for (place, name), numbers in self.lacking.items():
            self.work.problems.append(self._no_column(place, name, numbers))
        for (workbook, sheet, name), count in self.kept.items():
            self.work.problems.append(
                Problem(
                    Place(workbook, sheet),
                    Severity.NOTE,
                    "kept",
                    f"“{self.described.columns[name].titles[0]}”列 {count} 个空单元格：保留原值",
                    f"{count} empty cells of {name}: the estate's values stay",
                )
            )

    def _sheet(self, rows: Rows) -> None:
        columns, count = self._columns(rows), len(rows.numbers)
        self.covered.update(filter(None, columns.get(self.group, ())))
        own = tuple(name for name in self.described.key if name in rows.texts or name in self.needed)  # a sheet may lack what not every row has
        keys, known = _keys(columns, own, count), self._by_key(own)
        ids = columns.pop("id", [None] * count)
        names = columns.get(self.described.key[0], [None] * count)
        workbook, sheet = rows.book.name, rows.sheet.name
        for number, row, name, filled, cells in zip(rows.numbers, ids, names, keys, zip(*columns.values(), strict=True), strict=True):
            place = Place(workbook, sheet, number)
            means = self._identify(rows, place, row, name, filled, known)
            if means == NEW:
                self.pending.append((rows, place, {column: text for column, text in zip(columns, cells, strict=True) if text}))
            elif means:
                self._match(rows, place, dict(zip(columns, cells, strict=True)), means)

    def _columns(self, rows: Rows) -> dict[str, list[Text]]:
        """The sheet's texts with its constants, and ids in the place of names."""
        columns, count = dict(rows.texts), len(rows.numbers)
        for name, value in self._constants(rows).items():
            columns[name] = [text or value for text in columns[name]] if name in columns else [value] * count
        references = [name for name in rows.texts if kind_of(self.table, name) == "reference"]
        for name in sorted(references, key=lambda name: name != self.group):  # the unit first: names of rooms are looked up within it
            groups = columns.get(self.group) if name != self.group else None
            columns[name] = self._ids(rows, name, list(zip(columns[name], groups or [None] * count, strict=True)))
        return columns

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

    def _ids(self, rows: Rows, name: str, cells: Sequence[tuple[Text, Text]]) -> list[Text]:
        """The ids that a column's texts mean, each given with its row's group; none and a problem where there is no such row."""
        found = {cell: self._refer(name, *cell) for cell in dict.fromkeys(cells)}
        if any(problem for _, problem in found.values()):
            for number, cell in zip(rows.numbers, cells, strict=True):
                if problem := found[cell][1]:
                    self.work.problems.append(_moved(problem, rows.place(number, name)))
                    rows.refused.add(number)
        return [found[cell][0] for cell in cells]

    def _refer(self, name: str, text: Text, group: Text) -> tuple[Text, Problem | None]:
        """The id, or ids, in the place of names; or what is wrong with the first name that means none."""
        if not text:
            return text, None
        unit, ids = unit_of(self.work.estate, group) or "", list[str]()
        for part in text.replace("、", " ").replace("；", " ").replace("，", " ").split() if (self.table, name) in LISTS else [text]:
            row, problem = self._lookup(part, REFERENCES[self.table, name], unit)
            if problem:
                return None, problem
            ids.append(row)
        return " ".join(ids), None

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
            return "", Problem(
                Place(""), Severity.ERROR, "reference-refused", f"“{text}”所在行有误，未接收：{refused}", f"{text!r} is a row that is not taken: {refused}"
            )
        if found:
            zh, en, code = f"“{text}”有多个：{'、'.join(found)}；请写编号", f"{text!r} is the name of {', '.join(found)}: write the id", "reference-ambiguous"
            return "", Problem(Place(""), Severity.ERROR, code, zh, en, text, tuple(found))
        like = [row for target in targets for row in self.work.names(target).like(text)] or self._of_group(targets, group)[:_SHOWN]
        zh, en = f"没有“{text}”", f"there is no {text!r}"
        if like:
            zh += f"，是否为 {self._called(like, targets)}？（--accept 确认）"
            en += f": is it {', '.join(like)}? (decide by --accept)"
        return "", Problem(Place(""), Severity.ERROR, "reference-unknown", zh, en, text, tuple(like))

    def _of_group(self, targets: Sequence[str], group: str) -> list[str]:
        """The unit's own rooms, systems and so on: what a name that is like no other may mean."""
        return [row for target in targets for row, values in getattr(self.work.estate, target).items() if group and getattr(values, "unit", None) == group]

    def _called(self, rows: Iterable[str], tables: Sequence[str]) -> str:
        named = ((row, getattr(getattr(self.work.estate, table).get(row), "name", "")) for row in rows for table in tables)
        return "、".join(f"{row}（{name}）" for row, name in named if name)

    # Identity

    def _identify(self, rows: Rows, place: Place, row: Text, name: Text, filled: tuple[str, ...], known: Mapping[tuple[str, ...], Sequence[str]]) -> str | None:
        """The estate's row that one with this id, name and key is, or `new`; None for a row that is refused."""
        problem: Problem | None = None
        if row:
            if row in self.held:
                return row
            zh, en = f"没有编号 {row}：新增行请留空", f"there is no {row}: leave the id of a new row empty"
            problem = Problem(rows.place(place.row, "id"), Severity.ERROR, "id-unknown", zh, en)
        elif not filled[0]:
            if place.row not in rows.refused:
                problem = Problem(self._named_at(rows, place), Severity.ERROR, "required", "缺少名称，也没有编号", "neither a name nor an id")
        elif len(found := known.get(filled, ())) > 1:
            zh, en = f"同名的有多个：{'、'.join(found)}；请写编号", f"the name of {', '.join(found)}: write the id"
            self.likely.update(found)
            problem = Problem(self._named_at(rows, place), Severity.ERROR, "row-ambiguous", zh, en, candidates=tuple(found))
        elif found:
            return found[0]
        elif (decided := self.work.decided(name or "", [self.table])) and decided != NEW:
            return decided
        elif (earlier := self.new_keys.setdefault(filled, place)) is place:
            return NEW
        else:
            problem = _doubled(self._named_at(rows, place), earlier)
        self._refuse(rows, place.row, name, problem)
        return None

    def _named_at(self, rows: Rows, place: Place) -> Place:
        """The cell of a row's name."""
        return rows.place(place.row, self.described.key[0])

    def _match(self, rows: Rows, place: Place, texts: dict[str, Text], row: str) -> None:
        number = place.row
        earlier = self.matched.setdefault(row, place)
        held = self.held[row]
        group = getattr(held, self.group, None)
        if group:
            self.covered.add(str(group))
        if earlier is not place or number in rows.refused:
            at = rows.place(number, "id" if "id" in rows.header.columns else self.described.key[0])
            problem = _doubled(at, earlier) if earlier is not place else None
            return self._refuse(rows, number, texts.get(self.described.key[0]), problem)
        changes: dict[str, tuple[str, str]] = {}
        for name, text in texts.items():
            old = plain_text(getattr(held, name))
            if text is None:
                if old and name in rows.header.columns and old != default_text(self.table, name):
                    self.kept[rows.book.name, rows.sheet.name, name] += 1
                continue
            new = text or default_text(self.table, name)
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
        for rows, place, texts in self.pending:
            name, group = texts.get(self.described.key[0], ""), texts.get(self.group, "")
            like = gone[group].like(name, 0.6) if group in gone else []
            if like and self.work.decided(name, [self.table]) != NEW:
                self.likely.update(like)
                called = self._called(like, [self.table])
                zh = f'“{name}”是新增，还是由 {called} 改名？（--accept "{name}={like[0]}" 或 "{name}=new"）'
                en = f'is {name!r} new, or {", ".join(like)} renamed? (--accept "{name}={like[0]}" or "{name}=new")'
                problem = Problem(self._named_at(rows, place), Severity.ERROR, "renamed", zh, en, name, tuple(like))
                self._refuse(rows, place.row, name, problem)
            else:
                self._add(rows, place, texts)

    def _add(self, rows: Rows, place: Place, texts: dict[str, str]) -> None:
        number = place.row
        for name in self.by_region:
            if name not in texts and (only := self._in_region(name, texts.get(self.group, ""))):
                texts[name] = only
        missing = [name for name in self.needed if name not in texts]
        for name in missing:
            at = rows.header.columns.get(name)
            if at is None:
                self.lacking[Place(rows.book.name, rows.sheet.name, rows.header.last), name].append(number)
            elif number not in rows.refused:
                title = self.described.columns[name].titles[0] if name in self.described.columns else name
                self.work.problems.append(
                    Problem(Place(place.workbook, place.sheet, number, at), Severity.ERROR, "required", f"必填：{title}", f"empty, {name} is needed")
                )
        region = self._region(texts.get(self.group, ""))
        if missing or number in rows.refused or region is None:
            return self._refuse(rows, number, texts.get(self.described.key[0]))
        row = self.work.numbers.next(self.table, region)
        self.work.regions[row] = region
        if self.named:
            self.work.names(self.table).add(row, texts.get("name", row))
        self.work.entries.append(Entry(self.table, row, place, "added", texts, {}))
        return None

    def _region(self, group: str) -> str | None:
        if group not in self.regions:
            self.regions[group] = region_of(self.work.estate, group) or self.work.regions.get(group)
        return self.regions[group]

    def _no_column(self, place: Place, name: str, numbers: Sequence[int]) -> Problem:
        titles = self.described.columns[name].titles[:1] * 2 if name in self.described.columns else [heading(self.table, name, lang) for lang in ("zh", "en")]
        listed = ", ".join(str(number + 1) for number in numbers[:20]) + (", …" if len(numbers) > 20 else "")
        zh, en = f"缺少“{titles[0]}”列（新增行必填：第 {listed} 行）", f"the column {titles[1]} ({name}) is missing: new rows need it (row {listed})"
        return Problem(place, Severity.ERROR, "column-missing", zh, en, wanted=name)

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

    def _refuse(self, rows: Rows, number: int, name: Text, problem: Problem | None = None) -> None:
        if problem:
            self.work.problems.append(problem)
        rows.refused.add(number)
        self.work.refused.add(rows.place(number))
        if name:
            self.work.refused_names.setdefault((self.table, key(name)), rows.place(number))

    def _vanish(self) -> None:
        for row, values in self.held.items():
            if row not in self.matched and row not in self.likely and str(getattr(values, self.group, "")) in self.covered:
                self.work.vanished.append((self.table, row, getattr(values, "name", "")))


def _keys(columns: Mapping[str, Sequence[Text]], names: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    """The key of each of so many rows: ids as they are, all else in its normal form."""
    found = [[text if ":" in text else key(text) for text in (cell or "" for cell in columns[name])] if name in columns else [""] * count for name in names]
    return zip(*found, strict=True) if found else repeat(("",), count)


def _moved(problem: Problem, place: Place) -> Problem:
    return Problem(place, problem.severity, problem.code, problem.zh, problem.en, problem.wanted, problem.candidates)


def _doubled(place: Place, earlier: Place) -> Problem:
    return Problem(place, Severity.ERROR, "row-doubled", f"与 {earlier} 重复", f"the same row as {earlier}")


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
