"""OpenSSH's own files: options of a login, and an ssh_config for `ssh -F`."""

from __future__ import annotations

import shlex

from inventory.access import Access, Login
from inventory.feeds.hosts import hosts
from inventory.model import Estate


def options(login: Login, access: Access) -> str:
    """OpenSSH options of a login as one line: our own known hosts only, and the way through its jump hosts."""
    words = ["-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes", "-o", "GlobalKnownHostsFile=/dev/null"]
    if login.known_hosts:
        words += ["-o", f"UserKnownHostsFile={login.path(login.known_hosts)}"]
    if login.jump:
        jump = access.host(login.jump)
        key = f"-i {shlex.quote(str(jump.path(jump.key_file)))} " if jump.key_file else ""
        words += ["-o", f"ProxyCommand=ssh {key}{options(jump, access)} -p {jump.port} -W [%h]:%p {jump.user}@{jump.host}"]
    return shlex.join(words)


def ssh_config(estate: Estate, access: Access) -> str:
    """A Host block for every host with a login, by its name and its id. Unknown host keys are refused."""
    names = {host.id: host.name for host in hosts(estate, access)}
    blocks = []
    for host in hosts(estate, access):
        if host.login is None:
            continue
        login = host.login
        lines = [
            f"Host {host.name} {host.id}",
            f"  HostName {login.host}",
            f"  Port {login.port}",
            f"  User {login.user}",
        ]
        if login.key_file:
            lines += [f'  IdentityFile "{login.path(login.key_file)}"', "  IdentitiesOnly yes"]
        if login.known_hosts:
            lines += [f'  UserKnownHostsFile "{login.path(login.known_hosts)}"', "  GlobalKnownHostsFile /dev/null"]
        lines.append("  StrictHostKeyChecking yes")
        if login.jump:
            lines.append(f"  ProxyJump {names.get(login.jump, login.jump)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
