"""clouds.yaml for openstacksdk and the OpenStack client, without a secret in it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from inventory.errors import InputError
from inventory.load.yamltext import NotYamlError, parsed
from inventory.model import Estate

SECRETS = ("password", "secret", "token", "passcode")  # any key that contains one of these


def clouds_yaml(estate: Estate, state: Path) -> str:
    """The entries of the estate's clouds, from `state`/clouds.yaml. Raises InputError where that file or an entry is missing."""
    file = state / "clouds.yaml"
    try:
        known: dict[str, Any] = (parsed(file.read_text("utf-8")) or {}).get("clouds") or {}
    except FileNotFoundError as error:
        raise InputError(f"{file} is missing: it says how clouds are reached; write it, or start the lab with `xiangyun lab up`") from error
    except (OSError, NotYamlError, UnicodeDecodeError, AttributeError) as error:
        raise InputError(f"{file}: cannot be read: {' '.join(str(error).split())}") from error
    wanted = sorted({cloud.os_cloud for cloud in estate.clouds.values() if cloud.os_cloud})
    if lacking := [name for name in wanted if name not in known]:
        raise InputError(f"{file} has no entry {', '.join(lacking)}")
    out = io.StringIO()
    out.write("# Made by `xiangyun inventory to clouds`; secrets belong into secure.yaml beside it.\n")
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.dump({"clouds": {name: _plain(known[name]) for name in wanted}}, out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if not any(word in str(key).lower() for word in SECRETS)}
    return [_plain(item) for item in value] if isinstance(value, list) else value
