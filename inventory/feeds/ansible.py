"""A dynamic inventory of Ansible, as a script gives it (docs: "Developing dynamic inventory"): `--list` and `--host NAME`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from inventory.access import Access
from inventory.feeds.hosts import NETWORK_OS, Host, hosts
from inventory.feeds.ssh import options
from inventory.model import Estate


def as_ansible(estate: Estate, access: Access) -> dict[str, Any]:
    """Groups with their hosts, and `_meta.hostvars`; passwords never: a login with one is left to the user's vault."""
    found = hosts(estate, access)
    groups: dict[str, Any] = {}
    for host in found:
        for group in host.groups:
            groups.setdefault(group, {"hosts": []})["hosts"].append(host.name)
    return {"_meta": {"hostvars": {host.name: variables(host, access) for host in found}}, **dict(sorted(groups.items()))}


def variables(host: Host, access: Access) -> dict[str, Any]:
    """How Ansible reaches a host, and what the estate says of it under `xiangyun`."""
    known: dict[str, Any] = {"xiangyun": host.facts}
    if host.address:
        known["ansible_host"] = host.address
    if host.kind == "device":
        known["ansible_network_os"] = NETWORK_OS[host.facts["vendor"]]
    if login := host.login:
        known |= {"ansible_host": login.host, "ansible_port": login.port, "ansible_user": login.user}
        if login.key_file:
            known["ansible_ssh_private_key_file"] = str(login.path(login.key_file))
        known["ansible_ssh_common_args"] = options(login, access)
    return known


def main() -> None:
    """`xiangyun-ansible-inventory`: the estate of XIANGYUN_ESTATE (else the current folder), narrowed to XIANGYUN_SCOPE."""
    from inventory.errors import XiangyunError
    from inventory.feeds.load import loaded

    parser = argparse.ArgumentParser(prog="xiangyun-ansible-inventory", description=main.__doc__)
    parser.add_argument("--list", action="store_true", help="the whole inventory")
    parser.add_argument("--host", metavar="NAME", help="one host's variables")
    chosen = parser.parse_args()
    try:
        estate, access = loaded(Path(os.environ.get("XIANGYUN_ESTATE", ".")), os.environ.get("XIANGYUN_SCOPE"))
    except XiangyunError as error:
        sys.exit(f"xiangyun: {error}")
    made = as_ansible(estate, access)
    json.dump(made["_meta"]["hostvars"].get(chosen.host, {}) if chosen.host else made, sys.stdout, ensure_ascii=False, default=str)
