"""Ansible inventory plugin: the estate of a folder. Ansible must run in an environment where xiangyun is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

DOCUMENTATION = """
name: xiangyun
short_description: Routers and servers of a xiangyun estate
description: Groups by role, vendor, region, unit, room and operating system; facts of the estate in the variable C(xiangyun).
extends_documentation_fragment: [constructed]
options:
  plugin: {description: This plugin's name., required: true, choices: [xiangyun]}
  estate: {description: The estate's folder, relative to this file., default: ., env: [{name: XIANGYUN_ESTATE}]}
  scope: {description: A scope that the estate names., env: [{name: XIANGYUN_SCOPE}]}
"""
EXAMPLES = "plugin: xiangyun\nestate: ../estates/hunan\nscope: pilot\n"


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]
    """Files named *.xiangyun.yml."""

    NAME = "xiangyun"

    def verify_file(self, path: str) -> bool:
        return super().verify_file(path) and path.endswith(("xiangyun.yml", "xiangyun.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        from inventory.errors import XiangyunError
        from inventory.feeds.ansible import variables
        from inventory.feeds.hosts import hosts
        from inventory.feeds.load import loaded

        try:
            estate, access = loaded(Path(path).parent / self.get_option("estate"), self.get_option("scope"))
        except XiangyunError as error:
            raise AnsibleParserError(str(error)) from error
        for host in hosts(estate, access):
            self.inventory.add_host(host.name)
            for name, value in variables(host, access).items():
                self.inventory.set_variable(host.name, name, value)
            for group in host.groups:
                self.inventory.add_group(group)
                self.inventory.add_child(group, host.name)
            known = self.inventory.get_host(host.name).get_vars()
            strict = self.get_option("strict")
            self._set_composite_vars(self.get_option("compose"), known, host.name, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), known, host.name, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, host.name, strict=strict)
