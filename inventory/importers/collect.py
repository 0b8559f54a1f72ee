"""From what the user names to books, decisions and mentions: files and folders of workbooks, `name=id`, ids that were given before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from inventory.errors import InputError
from inventory.importers.book import Book, read_book
from inventory.importers.guard import LIMITS, Limits, RefusedError
from inventory.importers.problems import Place, Problem, Severity
from inventory.load.yamltext import NotYamlError, parsed

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt")


def workbooks(paths: Sequence[Path]) -> list[Path]:
    """Files as they are named; of a folder those that look like workbooks, by name. Raises `InputError` for what is not there, all at once."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise InputError(f"there is no {', '.join(missing)}")
    found: list[Path] = []
    for path in paths:
        inside = (
            sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$"))) if path.is_dir() else [path]
        )
        if not inside:
            raise InputError(f"{path} holds no workbook ({', '.join(SUFFIXES)})")
        found += [file for file in inside if file.resolve() not in {other.resolve() for other in found}]
    return found


def read_all(files: Sequence[Path], limits: Limits = LIMITS) -> tuple[list[Book], list[Problem]]:
    """The workbooks that can be read, and a problem for each that is refused. Two of one name are told apart by their folder."""
    names = [file.name for file in files]
    books: list[Book] = []
    refused: list[Problem] = []
    for file in files:
        name = file.name if names.count(file.name) == 1 else f"{file.parent.name}/{file.name}"
        try:
            books.append(read_book(file, name, limits))
        except RefusedError as error:
            refused.append(Problem(Place(name), Severity.ERROR, error.code, error.zh, error.en))
    return books, refused


def decisions(accept: Sequence[str], file: Path | None = None) -> dict[str, str]:
    """Decisions of `--accept name=id` and of a YAML file with such a mapping. Raises `InputError` for other forms and for two meanings of one name."""
    found: dict[str, str] = {}
    pairs = [(name.strip(), row.strip()) for text in accept for name, mark, row in [text.rpartition("=")] if mark]
    if bad := [text for text in accept if "=" not in text]:
        raise InputError(f"--accept {bad[0]}: expected NAME=ID, or NAME=new")
    if file:
        try:
            held = parsed(file.read_text("utf-8")) or {}
        except NotYamlError as error:
            raise InputError(f"{file}:{error.line}: not YAML: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read: {' '.join(str(error).split())}") from error
        if not isinstance(held, dict) or not all(isinstance(part, str) for pair in held.items() for part in pair):
            raise InputError(f"{file}: expected a mapping of names to ids, such as 新名: system:430224-0003")
        pairs += held.items()
    for name, row in pairs:
        if found.setdefault(name, row) != row:
            raise InputError(f"{name} is decided twice: {found[name]} and {row}")
    return found


def mentioned(folder: Path) -> Iterator[str]:
    """Texts of the estate's files: an id that any of them names is not given to something else."""
    for file in sorted((*folder.glob("*.csv"), *folder.glob("*.yaml"))):
        yield file.read_text("utf-8", "replace")
