"""All types of the provider, by token: every class of the modules here that has one."""

from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules

from stacks.provider.base import Resource


def _types() -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for module in iter_modules(__path__):
        for kind in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(kind, type) and issubclass(kind, Resource) and kind.__module__.endswith(f".{module.name}") and not isabstract(kind):
                found[kind.token] = kind()
    return found


TYPES = _types()
