"""A vendor's language: a module a feature, the table of what it can do, and how its text is put together and taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from inventory.errors import InputError
from netconf.forms import Form, Line, Section, text_of
from netconf.model.device import FIELDS, DeviceConfig, System
from netconf.tree.grammar import Grammar
from netconf.tree.parse import Tree, parse

Tier = Literal["full", "basic"]


@dataclass(frozen=True)
class Vendor:
    """One language. `features` is its row of the table vendor × feature: what is not in it is refused by name.

    Each module has `render(config) -> Iterator[Line]` and `read(text: Section) -> dict`, the fields of DeviceConfig that it found; a module may serve
    several features, and is rendered once, where it stands first.
    """

    name: str
    title: str
    tier: Tier
    models: tuple[str, ...]  # how the names of its models begin
    grammar: Grammar
    features: Mapping[str, ModuleType]
    separator: str = ""  # stands before each section of the top view
    last: str = ""  # the last line of a configuration
    note: str = ""  # what a reader of the table must know

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        return tuple(dict.fromkeys(self.features.values()))

    def lines(self, config: DeviceConfig, origins: Mapping[str, str] | None = None) -> list[Line]:
        """Every line with its form and origin. Raises InputError with all that the device cannot do, and where it was asked (`origins`: row to place)."""
        if fault := self.fault(config, origins or {}):
            raise InputError(fault)
        return [line for module in self.modules for line in module.render(config)]

    def text(self, lines: list[Line]) -> str:
        end = f"{self.separator}\n{self.last}\n" if self.last else ""
        return text_of(lines, separator=self.separator) + end

    def read(self, device: str, model: str, tree: Tree) -> tuple[DeviceConfig, list[tuple[int, tuple[str, ...]]]]:
        """What a configuration says of the features that are managed here, and numbers and paths of all lines that are not."""
        top = Section(tree)
        found: dict[str, Any] = {}
        for module in self.modules:
            found |= {name: value for name, value in module.read(top).items() if name in self.features}
        found.setdefault("system", System(device))
        return DeviceConfig(device=device, vendor=self.name, model=model, **found), list(top.left())

    def parse(self, text: str, source: str = "configuration") -> Tree:
        return parse(text, self.grammar, source)

    def forms(self) -> Iterator[tuple[str, Form]]:
        """All line forms of this vendor's modules, with the module's name; a form that several modules use is the first one's."""
        seen: set[int] = set()
        for module in self.modules:
            for form in _forms_in(vars(module).values()):
                if id(form) not in seen:
                    seen.add(id(form))
                    yield module.__name__.rpartition(".")[2], form

    def fault(self, config: DeviceConfig, origins: Mapping[str, str]) -> str:
        """Why this language cannot say a configuration: the model that nobody knows, or all features that it lacks; empty when it can."""
        where = _place(config.device, origins)
        if not config.model.startswith(self.models):
            return f"{where}: nobody here knows the model {config.model} of {self.title}; known are {', '.join(self.models)}"
        missing = [feature for feature in config.asked() if feature not in self.features]
        if not missing:
            return ""
        wanted = ", ".join(f"{feature}{_asked_by(config, feature, origins)}" for feature in missing)
        return (
            f"{where}: {config.model} ({self.title}, tier {self.tier}) cannot do {wanted}; exempt it under `without` in network.yaml, or give it another model"
        )


def _place(device: str, origins: Mapping[str, str]) -> str:
    return f"{device} ({origins[device]})" if device in origins else device


def _asked_by(config: DeviceConfig, feature: str, origins: Mapping[str, str]) -> str:
    value = getattr(config, feature) if feature in FIELDS else None
    first = value[0] if isinstance(value, tuple) and value else value
    origin = getattr(first, "origin", "")
    return f" (asked in {origins[origin]})" if origin in origins else ""


def _forms_in(values: Iterable[Any]) -> Iterator[Form]:
    """Forms among values, and in the tuples and mappings among them."""
    for value in values:
        if isinstance(value, Form):
            yield value
        elif isinstance(value, Mapping):
            yield from _forms_in(value.values())
        elif isinstance(value, tuple):
            yield from _forms_in(value)
