"""The folder of configurations and documents: `configs/<name>.cfg`, `<lang>/devices/<name>.md`, `<lang>/network.md`, `topology.svg`.

`build.json` remembers the digest of what each device's configuration was made of, this code included, so that the next time only what changed is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import XiangyunError
from inventory.model import Estate
from netconf.compile import compile_device
from netconf.documents import LANGS, device_document, network_document
from netconf.model.network import Network
from netconf.plan import node_digests
from netconf.topology import svg
from netconf.vendors import require_all, vendor_of

MANIFEST = "build.json"


@dataclass(frozen=True, slots=True)
class Built:
    written: list[str]  # names of devices
    kept: int
    removed: list[str]
    lines: int  # of the configurations that were written


def require_possible(estate: Estate, network: Network) -> None:
    """Raise InputError with everything that the design asks of a device and its vendor's language does not have here."""
    require_all((compile_device(network, device) for device in network.nodes), estate.origins)


def build(estate: Estate, network: Network, out: Path, say: Callable[[str], None] = lambda _: None) -> Built:
    """Bring `out` up to date. Everything is compiled before anything is written: a device that cannot be is an InputError, and nothing changes."""
    code = _code_digest()
    digests = {network.nodes[device].name: f"{code}{digest}" for device, digest in node_digests(network).items()}
    before = _manifest(out)
    written, lines = [], 0
    files: dict[Path, str] = {}
    changed = [node for node in network.nodes.values() if before.get(node.name) != digests[node.name] or not all(p.exists() for p in _paths(out, node.name))]
    configs = {node.device: compile_device(network, node.device) for node in changed}
    require_all(configs.values(), estate.origins)
    for node in changed:
        paths, config = _paths(out, node.name), configs[node.device]
        language = vendor_of(config.vendor)
        made = language.lines(config, estate.origins)
        files[paths[0]] = language.text(made)
        files |= {path: device_document(node, lang) for path, lang in zip(paths[1:], LANGS, strict=True)}
        written.append(node.name)
        lines += len(made)
        if len(written) % 500 == 0:
            say(f"{len(written)} devices compiled")
    removed = sorted(before.keys() - digests.keys())
    if written or removed:
        files[out / "topology.svg"] = svg(estate, "电子政务外网拓扑 Topology")
        files |= {out / lang / "network.md": network_document(network, lang) for lang in LANGS}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        for name in removed:
            for path in _paths(out, name):
                path.unlink(missing_ok=True)
        (out / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise XiangyunError(f"{error.filename}: {error.strerror}") from error
    return Built(written, len(digests) - len(written), removed, lines)


def _paths(out: Path, name: str) -> list[Path]:
    """A device's configuration, then its documents by language."""
    return [out / "configs" / f"{name}.cfg", *(out / lang / "devices" / f"{name}.md" for lang in LANGS)]


def _code_digest() -> str:
    """Of the design, the compiler and the vendors' words: another release may say the same intent otherwise."""
    whole = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _manifest(out: Path) -> dict[str, str]:
    """Digests of the last time; none when the folder is new or the file cannot be read."""
    try:
        known: dict[str, str] = json.loads((out / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
