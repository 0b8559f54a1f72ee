"""Property paths such as `tags.x`, `list[0]`, `a["b.c"]` and `*`, used by ignore_changes and replace_on_changes."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from stacks.engine.values import Secret, Values

Path = list[str | int]
_TOKEN = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
_MISSING = object()


def parse(text: str) -> Path:
    path: Path = []
    for quoted, index, name in _TOKEN.findall(text):
        if quoted:
            path.append(quoted.replace('\\"', '"'))
        elif index:
            path.append(index if index == "*" else int(index))
        else:
            path.append(name)
    return path


def contains(pattern: Path, path: Path) -> bool:
    """Whether `pattern` names `path` or something above it."""
    return len(pattern) <= len(path) and all(want in ("*", have) for want, have in zip(pattern, path, strict=False))


def restore(new: Values, old: Values, ignored: list[str]) -> Values:
    """`new` with the ignored paths put back to what `old` had (or taken away, if it had nothing there)."""
    result = deepcopy(new)
    for text in ignored:
        path = parse(text)
        if path == ["*"]:
            return deepcopy(old)
        _copy(result, old, path)
    return result


def _copy(target: Any, source: Any, path: Path) -> None:
    target, source = _open(target), _open(source)
    head, rest = path[0], path[1:]
    if head == "*":
        keys: list[str | int] = list({*_keys(target), *_keys(source)})
    else:
        keys = [head]
    for key in keys:
        have = _get(source, key)
        if rest and _get(target, key) is not _MISSING and have is not _MISSING:
            _copy(_get(target, key), have, rest)
        elif rest and have is _MISSING and _get(target, key) is not _MISSING:
            _copy(_get(target, key), {}, rest)
        elif not rest:
            _set(target, key, have)


def _open(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _keys(value: Any) -> list[str | int]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def _get(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(key), _MISSING)
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else _MISSING


def _set(value: Any, key: str | int, item: Any) -> None:
    if isinstance(value, dict):
        if item is _MISSING:
            value.pop(str(key), None)
        else:
            value[str(key)] = deepcopy(item)
    elif isinstance(value, list) and isinstance(key, int) and key < len(value) and item is not _MISSING:
        value[key] = deepcopy(item)
