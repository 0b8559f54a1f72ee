"""The program of one cloud, and the stack that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.access import load_access
from inventory.errors import InputError
from inventory.model import Cloud, Estate
from stacks.names import slug

if TYPE_CHECKING:
    from stacks.engine import Stack

STATE = "stacks"  # under the estate's .xiangyun
PASSPHRASE = Path("keys") / "passphrase"


def landing(estate: Estate, cloud_id: str, state_dir: Path) -> Callable[[], None]:
    """The program of a cloud. It exports `landings`: for each system that lands there its server, port, project and address."""
    cloud = cloud_of(estate, cloud_id)
    public_key = _public_key(state_dir) if cloud.landings else None

    def program() -> None:
        import pulumi

        from stacks.components.government_cloud import GovernmentCloud

        pulumi.export("landings", GovernmentCloud(estate, cloud, public_key).landings)

    return program


def cloud_of(estate: Estate, cloud_id: str) -> Cloud:
    if cloud_id not in estate.clouds:
        raise InputError(f"the estate has no cloud {cloud_id}: there are {', '.join(sorted(estate.clouds))}")
    return estate.clouds[cloud_id]


def stack_of(estate: Estate, cloud_id: str, state_dir: Path, program: bool = True) -> Stack:
    """The stack of a cloud with the embedded engine; state, key and clouds.yaml are under `state_dir` (the estate's .xiangyun)."""
    from stacks.engine import Stack
    from stacks.engine.secrets import from_environment, new_passphrase
    from stacks.provider.provider import OpenStackProvider

    cloud = cloud_of(estate, cloud_id)
    if cloud.os_cloud is None:
        raise InputError(f"{cloud_id} cannot be reached from here: it has no os_cloud in clouds.yaml of the estate")
    return Stack(
        project=cloud.kind,
        name=slug(cloud_id),
        program=landing(estate, cloud_id, state_dir) if program else None,
        state=state_dir / STATE,
        providers={"xiangyun": lambda: OpenStackProvider(state_dir)},
        config={"xiangyun:cloud": cloud.os_cloud},
        passphrase=from_environment() or new_passphrase(state_dir / PASSPHRASE),
    )


def _public_key(state_dir: Path) -> str | None:
    """The public half of the key that administrators use on servers: KEY_FILE.pub beside it."""
    servers = load_access(state_dir).servers
    if servers is None or servers.key_file is None:
        return None
    file = servers.path(servers.key_file)
    public = file.with_name(f"{file.name}.pub")
    try:
        return public.read_text().strip()
    except OSError as error:
        raise InputError(f"{public} cannot be read: servers are made with this public key; write it with `ssh-keygen -y -f {file} > {public}`") from error
