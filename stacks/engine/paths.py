"""Property paths such as `tags.x`, `list[0]`, `a["b.c"]` and `*`, used by ignore_changes and replace_on_changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from stacks.engine.values import Secret, Values, unsecret

Path = list[str | int]
_TOKEN = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
_PLAIN = re.compile(r'[^."\[\]]+')  # as the CLI writes paths: other names are quoted
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


def join(path: str, key: str | int) -> str:
    """A path one step deeper, in the writing that `parse` reads."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not key or not _PLAIN.fullmatch(key):
        escaped = key.replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{key}" if path else key


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(path, before, after) of what differs, as deep as both sides have the same shape; None stands for what is not there. Secrets stay `Secret`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key), after.get(key), join(path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after) and any(isinstance(item, (dict, list)) for item in before):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, join(path, number))
    elif unsecret(before) != unsecret(after):
        yield path, before, after


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
