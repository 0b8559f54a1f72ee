"""YAML text to plain values, with the line of what is wrong; a value that its own text denies (`2026-02-30`) is a fault like any other."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError


class NotYamlError(ValueError):
    """The text is not YAML; `line` from 1, 0 where it is not known."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def parsed(text: str, *, places: bool = False) -> Any:
    """The value of a text; with `places` in ruamel's round-trip containers, which know their lines. Raises `NotYamlError`."""
    kind = "rt" if places else "safe"
    try:
        try:
            return YAML(typ=kind, pure=True).load(text)
        except (ValueError, KeyError, OverflowError):  # from a value; once more, slower, for its place
            yaml = YAML(typ=kind, pure=True)
            yaml.Constructor = _Placed if places else _Plain
            return yaml.load(text)
    except MarkedYAMLError as error:
        raise NotYamlError(error.problem_mark.line + 1 if error.problem_mark else 0, str(error.problem or error.context)) from error
    except YAMLError as error:
        raise NotYamlError(0, " ".join(str(error).split())) from error
    except RecursionError as error:
        raise NotYamlError(0, "nested too deeply") from error


class _Marked:
    """What the library's constructors raise as plain errors of Python, with the place of the value."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, KeyError, OverflowError) as error:
            raise ConstructorError(None, None, f"{str(node.value)[:40]} is not what it looks like: {error}"[:160], node.start_mark) from error


class _Plain(_Marked, SafeConstructor):
    pass


class _Placed(_Marked, RoundTripConstructor):
    pass
