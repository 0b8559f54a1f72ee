"""YAML text to plain values that know their lines. libyaml parses: every command reads the estate's policies, and parsers in Python take twenty times longer.

Plain words mean what the core schema of YAML 1.2 says (specification, 10.3.2), not 1.1: `no` and `on` are words, `010` is ten. ISO dates are dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any, ClassVar

import yaml

DEEPEST = 100  # collections within one another
_INDENTED = re.compile(r"[ \t?:-]{500}")  # what may stand before a block's collection on its line


class NotYamlError(ValueError):
    """What is wrong with a YAML text; `line` is 0 where that is not known."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line

    def of(self, file: object) -> str:
        """The message with its place, for a file that is no part of an estate."""
        return f"{file}{f':{self.line}' if self.line else ''}: not YAML: {self}"


class Map(dict[Any, Any]):
    """A mapping; `lines` of its keys from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class Seq(list[Any]):
    """A sequence; `lines` of its items from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read_yaml(text: str) -> Any:
    """The value of the only document of `text`: `Map`, `Seq`, or a scalar.

    Raises `NotYamlError`, also for a key that stands twice, a value that denies itself, and collections more than `DEEPEST` within one another.
    """
    try:
        _refuse_depth(text)
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise NotYamlError(line, ", ".join(filter(None, (error.context, error.problem)))) from error
    except yaml.YAMLError as error:
        raise NotYamlError(0, " ".join(str(error).split())) from error
    except RecursionError as error:
        raise NotYamlError(0, "nested too deeply") from error


def _refuse_depth(text: str) -> None:
    """Raises where collections nest so deeply that libyaml's binding, which composes them by recursion in C, would overrun the stack and end the process."""
    if text.count("[") + text.count("{") < 1000 and not _INDENTED.search(text):
        return  # as all texts that people write
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotYamlError(event.start_mark.line + 1, "nested too deeply")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Constructors and resolvers of its own: see below."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # none of YAML 1.1's


_TAG = "tag:yaml.org,2002:"
for _name, _form, _firsts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("timestamp", r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}:\d{2}(\.\d*)?(Z|[-+]\d{2}(:\d{2})?)?)?", "0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"^(?:{_form})$", re.ASCII), list(_firsts))


def _fault(node: Any, message: str) -> Any:
    return yaml.constructor.ConstructorError(problem=message, problem_mark=node.start_mark)


def _int(loader: Any, node: Any) -> int:
    text = loader.construct_scalar(node)
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _checked(kind: str, construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A constructor that raises a fault with its line, where the library's raise whatever a text that is not of their form brings about."""

    def checked(loader: Any, node: Any) -> Any:
        try:
            return construct(loader, node)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:  # 2026-02-30; 5000 digits; `!!bool x`; `!!timestamp x`
            raise _fault(node, f"{str(node.value)[:40]} is no {kind}: {error}"[:160]) from error

    return checked


def _seq(loader: Any, node: Any) -> Seq:
    if not isinstance(node, yaml.SequenceNode):  # `!!seq x`
        raise _fault(node, "expected a list")
    made = Seq()
    for item in node.value:
        made.append(loader.construct_object(item, deep=True))
        made.lines.append(item.start_mark.line + 1)
    return made


def _map(loader: Any, node: Any) -> Map:
    if not isinstance(node, yaml.MappingNode):  # `!!map x`
        raise _fault(node, "expected a mapping")
    own = set()
    for key_node, _ in node.value:
        if key_node.tag != _TAG + "merge":
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _fault(key_node, "a key must be a plain value")
            if key in own:
                raise _fault(key_node, f"the key {key} stands here twice")
            own.add(key)
    loader.flatten_mapping(node)  # `<<`: what it names comes first, so that the mapping's own keys stand
    made = Map()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        made[key], made.lines[key] = loader.construct_object(value_node, deep=True), key_node.start_mark.line + 1
    return made


for _name, _construct in (
    ("int", _int),
    ("float", yaml.constructor.SafeConstructor.construct_yaml_float),
    ("bool", yaml.constructor.SafeConstructor.construct_yaml_bool),
    ("timestamp", yaml.constructor.SafeConstructor.construct_yaml_timestamp),
):
    _Loader.add_constructor(_TAG + _name, _checked({"timestamp": "date"}.get(_name, _name), _construct))
_Loader.add_constructor(_TAG + "seq", _seq)
_Loader.add_constructor(_TAG + "map", _map)
