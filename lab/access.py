"""Writes what the product needs to log in, as an operator would at a real site: a key, known hosts, access.yaml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ruamel.yaml import YAML

from lab.spec import LabSpec

KEY = "keys/lab"
KNOWN = "known_hosts"


def ensure_key(state: Path) -> str:
    """The lab's SSH key pair, made on first use (private key mode 600); the public key's line."""
    file = state / KEY
    public = file.with_suffix(".pub")
    if not (file.exists() and public.exists()):
        file.parent.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        write_private(file, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()))
        line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        public.write_bytes(line + b" xiangyun lab\n")
    return public.read_text()


def write_private(file: Path, data: bytes) -> None:
    """Write a file that nobody else may ever read."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)


def write_access(state: Path, spec: LabSpec, nodes: dict[str, dict[str, Any]]) -> None:
    """access.yaml and known_hosts. Routers and the bastion are reached on the machine's loopback, every other host through the bastion."""
    common = {"key_file": KEY, "known_hosts": KNOWN}
    known = []
    devices: dict[str, Any] = {}
    hosts: dict[str, Any] = {}
    for router in spec.routers:
        node = nodes[router.name]
        devices[router.id] = {"host": "127.0.0.1", "port": node["port"], "user": "auto", **common}
        known.append(f"[127.0.0.1]:{node['port']} {node['host_key']}")
    for machine in spec.machines:
        node, address = nodes[machine.id], machine.address.split("/")[0]
        if machine is spec.bastion:
            hosts[machine.id] = {"host": "127.0.0.1", "port": node["port"], "user": "ops", **common}
            known.append(f"[127.0.0.1]:{node['port']} {node['host_key']}")
        else:
            hosts[machine.id] = {"host": address, "user": "ops", **common, **_jump(spec)}
            known.append(f"{address} {node['host_key']}")
    document = {"devices": devices, "hosts": hosts, "servers": {"user": "ops", **common, **_jump(spec)}}
    (state / KNOWN).write_text("".join(f"{line}\n" for line in known))
    with (state / "access.yaml").open("w") as out:
        out.write("# Written by `xiangyun lab up`. The routers also take the user netops (a vtysh for people) by the same key.\n")
        YAML().dump(document, out)


def _jump(spec: LabSpec) -> dict[str, str]:
    return {"jump": spec.bastion.id} if spec.bastion else {}
