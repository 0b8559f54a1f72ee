"""How devices and hosts are reached: `.xiangyun/access.yaml` beside the estate, written by the operator (or by `xiangyun lab up`).

    devices:
      device:hn-core-1: {host: 127.0.0.1, port: 22001, user: netops, key_file: keys/netops, known_hosts: known_hosts}
    hosts:
      asset:430000-0001: {host: 127.0.0.1, port: 22100, user: ops, key_file: keys/ops, known_hosts: known_hosts}
      asset:430224-0001: {host: "2001:db8::10", user: ops, key_file: keys/ops, known_hosts: known_hosts, jump: asset:430000-0001}
    servers: {user: ops, key_file: keys/ops, known_hosts: known_hosts, jump: asset:430000-0001}   # instances in the cloud

Paths are relative to the file's folder. A password is a reference (`env:NAME`, `file:PATH`), never the text itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from inventory.errors import InputError
from inventory.load.yamltext import NotYamlError, parsed

FILE = "access.yaml"
SecretRef = Annotated[str, StringConstraints(pattern=r"^(env|file):.+$")]


class Login(BaseModel):
    """One SSH login; `jump` names the host of the same file to go through."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    host: str = ""
    port: int = Field(default=22, gt=0, le=65535)
    user: str
    key_file: Path | None = None
    known_hosts: Path | None = None
    password: SecretRef | None = None
    jump: str | None = None
    folder: Path = Path()

    def path(self, value: Path) -> Path:
        return self.folder / value

    def secret(self) -> SecretStr | None:
        """The password behind the reference; an unset one is an `InputError`."""
        if self.password is None:
            return None
        kind, _, name = self.password.partition(":")
        try:
            return SecretStr(os.environ[name] if kind == "env" else self.path(Path(name)).read_text().strip())
        except (KeyError, OSError) as error:
            raise InputError(f"the password {self.password} of {self.user}@{self.host} cannot be read: set it, or correct {self.folder / FILE}") from error


class Access(BaseModel):
    """All logins of an estate, by device id and by asset id."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    devices: dict[str, Login] = {}
    hosts: dict[str, Login] = {}
    servers: Login | None = None

    def device(self, device_id: str) -> Login:
        return _known(self.devices, device_id)

    def host(self, asset_id: str) -> Login:
        return _known(self.hosts, asset_id)


def _known(logins: dict[str, Login], key: str) -> Login:
    try:
        return logins[key]
    except KeyError as error:
        raise InputError(f"no login for {key} in {FILE}: add it, or start the lab with `xiangyun lab up`") from error


def load_access(state: Path) -> Access:
    """Read `state`/access.yaml (`state` is the estate's `.xiangyun` folder)."""
    file = state / FILE
    try:
        raw: dict[str, Any] = parsed(file.read_text("utf-8")) or {}
        for login in [*raw.get("devices", {}).values(), *raw.get("hosts", {}).values(), *filter(None, [raw.get("servers")])]:
            login["folder"] = state
        return Access.model_validate(raw)
    except FileNotFoundError as error:
        raise InputError(f"{file} is missing: it says how devices and hosts are reached; write it, or start the lab with `xiangyun lab up`") from error
    except NotYamlError as error:
        raise InputError(f"{file}:{error.line}: not YAML: {error}") from error
    except (OSError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise InputError(f"{file}: cannot be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
