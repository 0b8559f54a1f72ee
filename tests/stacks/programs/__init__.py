"""Small programs, each with its steps, that the embedded engine and the real CLI must carry out alike. Every public function of the modules is one."""

from __future__ import annotations

import inspect

from tests.stacks.programs import basics, ended, failures, options, plans, policies, providers, replace, secrets
from tests.stacks.sidebyside import Script

PROGRAMS: dict[str, Script] = {
    name: function
    for module in (basics, ended, failures, options, plans, policies, providers, replace, secrets)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
}
