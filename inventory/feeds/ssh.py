"""OpenSSH's own files: options of a login, an ssh_config for `ssh -F`, and the known hosts that go with it."""

from __future__ import annotations

import hmac
import shlex
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from inventory.access import Access, Login
from inventory.errors import InputError
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


def known_hosts(estate: Estate, access: Access) -> str:
    """The keys of all hosts with a login, by the address that is dialled and by name, from the files that the logins name; a host without one is told.

    Raises `InputError` for a file that cannot be read.
    """
    lines: dict[str, None] = {}
    read: dict[Path, list[tuple[str, str]]] = {}
    for host in hosts(estate, access):
        if host.login and host.login.known_hosts:
            address = host.login.host if host.login.port == 22 else f"[{host.login.host}]:{host.login.port}"
            file = host.login.path(host.login.known_hosts)
            if file not in read:
                read[file] = _keys(file)
            keys = [key for pattern, key in read[file] if _matches(pattern, address)]
            lines |= dict.fromkeys([f"{address},{host.name} {key}" for key in keys] or [f"# {host.name}: no key of {address} is known"])
    return "".join(f"{line}\n" for line in lines)


def _keys(file: Path) -> list[tuple[str, str]]:
    """Patterns of hosts and what follows them, of each line without a marker (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT")."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
    return list(_split(text))


def _split(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        pattern, _, key = line.strip().partition(" ")
        if key and not pattern.startswith(("#", "@")):
            yield pattern, " ".join(key.split()[:2])


def _matches(pattern: str, address: str) -> bool:
    """Whether a pattern names this address: a list of names, or the hash of one."""
    if not pattern.startswith("|1|"):
        return address in pattern.split(",")
    try:
        _, _, salt, digest = pattern.split("|")
        return hmac.digest(b64decode(salt), address.encode(), "sha1") == b64decode(digest)
    except ValueError:  # no hash after all
        return False
