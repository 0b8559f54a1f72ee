"""What the migration asks of the cloud: which server a system has, and what its console says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inventory.errors import XiangyunError
from inventory.model import Estate
from stacks.programs.cloud import stack_of


@dataclass(frozen=True, slots=True)
class ServerOf:
    """A system's server in the cloud where it lands."""

    system: str
    cloud: str
    id: str
    address: str
    project: str


def server_of(estate: Estate, state_dir: Path, system_id: str) -> ServerOf:
    """The server that `cloud up` made for a system; a `XiangyunError` that says what to do where there is none."""
    for cloud in estate.clouds.values():
        if cloud.os_cloud and any(landing.system == system_id for landing in cloud.landings):
            outputs = stack_of(estate, cloud.id, state_dir, program=False).outputs()
            found = outputs["landings"].value.get(system_id) if "landings" in outputs else None
            if found is None:
                raise XiangyunError(f"{system_id} has no server in {cloud.id} yet: run `xiangyun cloud up --cloud {cloud.id}`")
            return ServerOf(system_id, cloud.id, found["server"], found["address"], found["project"])
    raise XiangyunError(f"{system_id} lands in no reachable cloud: give it a landing in clouds.yaml of the estate")


def console_output(estate: Estate, state_dir: Path, system_id: str) -> str:
    """The console log of a system's server. It prints the SSH host keys, which is how they are learnt on a real cloud too."""
    from stacks.provider.cloud import Cloud, CloudError, retry, words

    server = server_of(estate, state_dir, system_id)
    try:
        cloud = Cloud(estate.clouds[server.cloud].os_cloud or "", state_dir)
        found = retry(lambda: cloud.sdk.compute.get_server_console_output(server.id))
    except CloudError as error:
        raise XiangyunError(str(error)) from error
    except Exception as error:
        raise XiangyunError(f"{server.cloud}: the console of {system_id} cannot be read: {words(error)}") from error
    return str(found["output"])
