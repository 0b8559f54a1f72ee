"""Parts of the lab that need no process: the cache, the terminal's client, what a role carries, ids."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from inventory.errors import XiangyunError
from lab import cache, tools
from lab.cloud.up import free_ports
from lab.images import IMAGES, folder
from lab.images.mirror import source
from lab.machines import role_files
from lab.machines.client.client import last_number, value_of, write
from lab.spec import MachineSpec
from lab.supervisor.filters import PortFilter, ruleset


def test_what_is_built_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def fail(place: Path) -> None:
        (place / "half").touch()
        raise XiangyunError("no")

    place = tmp_path / "thing"
    with pytest.raises(XiangyunError):
        cache.built(place, fail, print)
    assert not place.exists()
    assert cache.built(place, lambda folder: (folder / "whole").touch(), print) == place
    assert [file.name for file in place.iterdir()] == ["whole"]


def test_a_second_builder_waits_and_finds_it(tmp_path: Path) -> None:
    place, builds, said = tmp_path / "thing", [], threading.Event()
    go = threading.Event()

    def build(folder: Path) -> None:
        builds.append(folder)
        go.wait(10)

    first = threading.Thread(target=cache.built, args=(place, build, print))
    first.start()
    while not builds:
        pass
    second = threading.Thread(target=cache.built, args=(place, build, lambda line: said.set()))
    second.start()
    assert said.wait(10), "the second builder did not say that it waits"
    go.set()
    first.join(10)
    second.join(10)
    assert len(builds) == 1


def test_an_image_is_another_when_its_recipe_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XIANGYUN_CACHE", str(tmp_path))
    before = folder("router")
    router = IMAGES["router"]
    monkeypatch.setitem(IMAGES, "router", type(router)(router.name, router.suite, (*router.packages, "vim-tiny")))
    assert before.parent == tmp_path / "images"
    assert folder("router") != before


def test_the_mirror_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYUN_DEBIAN_MIRROR", "http://mirror.example/debian")
    assert source("forky").endswith("http://mirror.example/debian forky main")


def test_missing_programs_are_named_with_the_command_that_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.tools.shutil.which", lambda program: None)
    with pytest.raises(XiangyunError, match=r"run `sudo apt-get install .*mmdebstrap"):
        tools.ensure(print)


def test_free_ports_are_free_and_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_only_the_roles_that_need_it_carry_files() -> None:
    def files(role: str) -> dict[str, str]:
        return role_files(MachineSpec("asset:1", "m", "lan:1", "2001:db8::2/64", "2001:db8::1", role, uses=("2001:db8::9",)))  # type: ignore[arg-type]

    assert files("bastion") == {}
    assert {"app.py", "first.sh", "schema.sql", "role.env"} <= files("room-system").keys()
    assert "USES='2001:db8::9'" in files("hall")["role.env"]


def test_the_client_goes_on_after_its_last_whole_line(tmp_path: Path) -> None:
    log = tmp_path / "acked.jsonl"
    assert last_number(log) == 0
    log.write_text('{"seq": 1}\n{"seq": 2}\n{"se')
    assert last_number(log) == 2
    assert log.read_text() == '{"seq": 1}\n{"seq": 2}\n'
    log.write_text('{"torn')
    assert last_number(log) == 0


def test_a_write_counts_only_when_it_is_acknowledged() -> None:
    answers = [503, 409, 201, 200]
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers[len(seen) - 1])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = urlsplit(f"http://127.0.0.1:{server.server_port}/records")
        record = {"client": "c", "seq": 1, "value": value_of("c", 1)}
        assert [write(url, record) for _ in answers] == [False, False, True, True]
        server.shutdown()
    assert seen == [record] * 4
    assert not write(url, record)


def test_filters_drop_what_no_rule_lets_through() -> None:
    text = ruleset({"eth0": PortFilter(ingress=["meta l4proto tcp tcp dport 22-22"])})
    assert 'iifname "eth0" jump input-eth0' in text
    assert text.count("  drop") == 2
    assert text.index("tcp dport 22-22 accept") < text.index("drop")
    assert "jump" not in ruleset({})
