"""What a move needs to know, read afresh from the estate at every step: a step may run in another process than the one before."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv6Address
from itertools import pairwise
from pathlib import Path

from inventory.access import Access, Login, load_access
from inventory.edit import set_fields
from inventory.errors import InputError, XiangyunError
from inventory.load import load_estate
from inventory.model import Asset, Cloud, Estate, Landing, Migration, System
from migration.postgres import Database
from netconf.ssh import Shell, connect

Say = Callable[[str], None]


@dataclass
class Move:
    """One system's way from its room to its place in the cloud."""

    folder: Path
    system_id: str
    scope: str | None
    say: Say

    @property
    def state(self) -> Path:
        return self.folder / ".xiangyun"

    @cached_property
    def estate(self) -> Estate:
        return load_estate(self.folder)

    def edit(self, table: str, row: str, fields: dict[str, str]) -> tuple[str, str]:
        """Change a row of the estate and forget what was read before; the digests of the table before and after."""
        digests = set_fields(self.folder, table, row, fields)
        vars(self).pop("estate", None)
        return digests

    @cached_property
    def access(self) -> Access:
        return load_access(self.state)

    @cached_property
    def system(self) -> System:
        try:
            return self.estate.systems[self.system_id]
        except KeyError as error:
            raise InputError(f"no system {self.system_id} in this estate") from error

    @cached_property
    def recipe(self) -> Migration:
        try:
            return self.estate.migrations[self.system_id]
        except KeyError as error:
            raise InputError(f"migrations.yaml does not say how {self.system_id} is moved") from error

    @cached_property
    def place(self) -> tuple[Cloud, Landing]:
        for cloud in self.estate.clouds.values():
            for landing in cloud.landings:
                if landing.system == self.system_id:
                    return cloud, landing
        raise InputError(f"no cloud has a landing for {self.system_id}")

    @cached_property
    def source_asset(self) -> Asset:
        """The server in the room that holds the system's database."""
        for part in sorted(self.estate.components.values(), key=lambda c: c.id):
            if part.system == self.system_id and part.kind == "database" and part.asset:
                return self.estate.assets[part.asset]
        raise InputError(f"{self.system_id}: no database component with a host is recorded")

    def standing(self, room: str | None) -> Estate:
        """The estate with the system in `room`, or for None in its cloud."""
        system = self.system.model_copy(update={"room": room, "cloud": None if room else self.place[0].id})
        return self.estate.model_copy(update={"systems": {**self.estate.systems, system.id: system}})

    @property
    def source_address(self) -> IPv6Address:
        if self.source_asset.address is None:
            raise InputError(f"{self.source_asset.id} has no address")
        return self.source_asset.address

    @property
    def target_address(self) -> IPv6Address:
        return self.place[1].address

    @property
    def service_url(self) -> str:
        return f"http://[{self.system.service_address}]:{self.recipe.port}{self.recipe.health}"

    # ways in

    @property
    def source_login(self) -> Login:
        return self.access.host(self.source_asset.id)

    @property
    def target_login(self) -> Login:
        """The cloud server's login; its host keys are those that it printed on its console (see host_keys)."""
        if self.access.servers is None:
            raise InputError("access.yaml has no `servers` login: it says how instances in the cloud are reached")
        keys = self.known_servers
        if not keys.exists():
            raise XiangyunError(f"the host keys of {self.target_address} are not known yet: run `xiangyun cloud up` and start the move again")
        return self.access.servers.model_copy(update={"host": str(self.target_address), "known_hosts": keys})

    @property
    def known_servers(self) -> Path:
        return self.state / f"known_hosts.{self.system_id.replace(':', '-')}"

    def source(self) -> Shell:
        return connect(self.source_asset.name, self.source_login, self.access)

    def target(self) -> Shell:
        return connect(f"server of {self.system_id}", self.target_login, self.access)

    def database(self, shell: Shell) -> Database:
        return Database(shell, self.recipe.database)

    def replication_password(self) -> str:
        """Made once, kept for this move only, readable by its owner alone."""
        file = self.state / "keys" / f"replication-{self.system_id.replace(':', '-')}"
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            part = file.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(secrets.token_urlsafe(24))
            part.replace(file)
        return file.read_text()

    def forget_password(self) -> None:
        (self.state / "keys" / f"replication-{self.system_id.replace(':', '-')}").unlink(missing_ok=True)


def learn_host_keys(move: Move, console: str) -> bool:
    """Write the keys that the server printed between cloud-init's marks as its known hosts. False while it has printed none."""
    _, begin, rest = console.rpartition("-----BEGIN SSH HOST KEY KEYS-----")
    keys, end, _ = rest.partition("-----END SSH HOST KEY KEYS-----")
    lines = [" ".join(line.split()[:2]) for line in keys.splitlines() if line.strip()]
    if not (begin and end and lines):
        return False
    move.known_servers.write_text("".join(f"{move.target_address} {line}\n" for line in lines))
    return True


def acknowledged(move: Move) -> tuple[dict[str, float], float]:
    """Writes that the client saw acknowledged, with their times, and the longest gap between two of them in seconds."""
    log = move.recipe.acknowledged
    if log is None:
        return {}, 0.0
    with connect(log.host, move.access.host(log.host), move.access) as shell:
        text = shell.run("sudo", "-n", "cat", log.file).out
    try:  # the last line may be being written
        rows = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
        writes = {"|".join(str(row[f]) for f in log.fields): float(row[log.time]) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise XiangyunError(f"{log.host}: {log.file} is not a log of acknowledged writes with {', '.join((*log.fields, log.time))}: {error!r}") from error
    times = sorted(writes.values())
    return writes, max((b - a for a, b in pairwise(times)), default=0.0)
