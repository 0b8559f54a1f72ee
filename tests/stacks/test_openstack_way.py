"""What stands between us and a cloud is configured: a certificate authority of one's own, and a proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lab.cloud.config import PATHS, TYPES
from lab.session import Session
from stacks.components.resources import Network, Project
from stacks.engine import Stack, StackError
from stacks.provider.provider import OpenStackProvider
from tests.lab.pilot import Pilot
from tests.stacks.memory import counts, records
from tests.stacks.proxy import proxy
from tests.stacks.test_openstack import run
from tests.stacks.tls import Authority, fronted

pytestmark = pytest.mark.lab
Write = Callable[..., None]
CLEAR = ("http_proxy", "https_proxy", "no_proxy", "REQUESTS_CA_BUNDLE")


def program() -> None:
    project = Project("p", name="way", domain="default")
    Network("n", name="way", project=project.id)


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@pytest.fixture
def write(pilot: Pilot, ours: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """`write(**entry)`: the pilot's cloud by TLS only, in the pilot's clouds.yaml."""
    for name in CLEAR:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    file = pilot.state / "clouds.yaml"
    kept = file.read_text()
    entry: dict[str, Any] = YAML(typ="safe").load(kept)["clouds"]["province"]
    ports = {name: port for name, port in Session(pilot.estate).record["ports"].items() if name in TYPES}
    with fronted(ports.values(), ours.server()) as front:
        urls = {name: f"https://127.0.0.1:{front[port]}{PATHS.get(name, '')}" for name, port in ports.items()}
        services = {f"{TYPES[name].replace('-', '_')}_endpoint_override": url for name, url in urls.items()}

        def clouds_yaml(**more: str) -> None:
            whole = {**entry, "auth": {**entry["auth"], "auth_url": urls["keystone"]}, **services, **more}
            with file.open("w") as out:
                YAML().dump({"clouds": {"province": whole}}, out)

        try:
            yield clouds_yaml
        finally:
            file.write_text(kept)


@pytest.fixture
def stack(pilot: Pilot, tmp_path: Path) -> Stack:
    return Stack(
        "lab", "way", program, tmp_path / "state", {"xiangyun": partial(OpenStackProvider, pilot.state)}, {"xiangyun:cloud": "province"}, passphrase="x"
    )


def test_an_authority_of_ones_own_and_a_proxy_are_configured(stack: Stack, write: Write, ours: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    write(cacert=str(ours.file))
    asked: list[str] = []
    try:
        with proxy(lambda method, path: asked.append(f"{method} {path}") or "") as address:  # type: ignore[func-returns-value]
            monkeypatch.setenv("https_proxy", address)
            assert counts(stack.up()) == {"create": 3}
            assert {line.split()[0] for line in asked} == {"CONNECT"}
            asked.clear()
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            assert counts(stack.up()) == {"same": 3}
            assert asked == []
        write()
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ours.file))
        assert counts(stack.up()) == {"same": 3}
    finally:
        write(cacert=str(ours.file))
        stack.destroy()


def test_what_is_not_trusted_is_one_line_and_the_state_stays_true(
    pilot: Pilot, stack: Stack, write: Write, ours: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cacert=str(ours.file))
    stack.up()
    before = records(stack)
    try:
        write(cacert=str(Authority(tmp_path, "another").file))
        found = run(pilot, "preview")
        assert found.exit_code == 1
        assert found.stderr.startswith("xiangyun: cloud:hn-province: cloud province: https://127.0.0.1:")
        assert "/v3 is not trusted: certificate verify failed: unable to get local issuer certificate: `cacert` of" in found.stderr
        assert found.stderr.count("\n") == 1
        with pytest.raises(StackError, match="is not trusted"):
            stack.destroy()
        write(cacert="/nowhere.pem")
        with pytest.raises(StackError, match=r"cannot be trusted: .*invalid path: /nowhere.pem: correct `cacert`"):
            stack.up()
        write(cacert=str(ours.file))
        with proxy(lambda *_: "refuse") as address:
            monkeypatch.setenv("https_proxy", address)
            with pytest.raises(StackError, match="behind a proxy that does not let us through: Tunnel connection failed: 403 Forbidden"):
                stack.up()
            monkeypatch.delenv("https_proxy")
        assert records(stack) == before
        assert counts(stack.up()) == {"same": 3}
    finally:
        write(cacert=str(ours.file))
        stack.destroy()
