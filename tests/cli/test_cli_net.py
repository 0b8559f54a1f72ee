"""`xiangyun net`: the commands that show the design, on the whole of both estates."""

from __future__ import annotations

import csv
import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app

ESTATES = Path(__file__).parents[2] / "estates"


def net(*words: str | Path, estate: Path = ESTATES / "hunan") -> Result:
    return CliRunner().invoke(app, ["net", *map(str, words), "--estate", str(estate)])


@pytest.fixture
def hunan(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ESTATES / "hunan", tmp_path / "hunan", ignore=shutil.ignore_patterns(".xiangyun")))


def edit(estate: Path, file: str, old: str, new: str) -> None:
    text = (estate / file).read_text("utf-8")
    assert old in text
    (estate / file).write_text(text.replace(old, new, 1), "utf-8")


def test_an_address_is_told_from_the_widest_block_to_the_narrowest() -> None:
    done = net("address", "2001:db8:4302:2410::11")
    assert done.exit_code == 0
    kinds = [line.partition("  ")[2].partition(":")[0] for line in done.stdout.splitlines()]
    assert kinds == ["block of users", "block of a region", "LAN (room)", "host", ""]
    assert done.stdout.splitlines()[-1] == "numbering: region 430224 茶陵县, purpose 10 机房"


def test_an_ipv4_address_that_several_vpns_have_is_told_of_each() -> None:
    assert net("address", "10.3.81.9").stdout.count("LAN of vpn:") == 3


def test_an_address_that_nobody_has_exits_3_and_one_that_is_none_2() -> None:
    assert net("address", "192.168.77.1").exit_code == 3
    wrong = net("address", "2001:db8::g")
    assert (wrong.exit_code, wrong.stderr) == (2, "xiangyun: 2001:db8::g: neither an address nor a prefix\n")


def test_a_sid_is_told_by_block_node_and_function() -> None:
    said = net("sid", "5f00:4300:406:e012::").stdout
    assert "node 0x0406, function 0xe012" in said
    assert "hengyang-pe-1" in said
    assert "End.DT46: vpn:hn-natural" in said
    assert "ask the device" in net("sid", "5f00:4300:406:e456::").stdout
    assert "nobody in this scope has it" in net("sid", "5f00:4300:dfff::").stdout
    assert "in none of the blocks of locators" in net("sid", "2001:db8::1").stderr


def test_tables_are_exported_whole(tmp_path: Path) -> None:
    for verb, column in (("address", "prefix"), ("sid", "sid")):
        file = tmp_path / f"{verb}.csv"
        assert net(verb, "--export", file).exit_code == 0
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
        assert len(rows) == len(json.loads(net(verb, "--json").stdout)) > 1_000
        assert column in rows[0]


@pytest.mark.parametrize("estate", ["hunan", "ningxia"])
def test_topology_as_svg_and_mermaid(estate: str, tmp_path: Path) -> None:
    picture = tmp_path / "t.svg"
    assert net("topology", "--out", picture, estate=ESTATES / estate).exit_code == 0
    names = {element.text for element in ET.fromstring(picture.read_text("utf-8")).iter("{http://www.w3.org/2000/svg}text")}
    text = net("topology", estate=ESTATES / estate).stdout
    devices = [row["name"] for row in csv.DictReader((ESTATES / estate / "devices.csv").read_text("utf-8").splitlines())]
    assert set(devices) <= names
    assert all(f'"{name}"' in text for name in devices)
    assert net("topology", "--out", tmp_path / "t.png", estate=ESTATES / estate).exit_code == 2


@pytest.mark.parametrize("estate", ["hunan", "ningxia"])
def test_everything_is_built_and_only_what_changed_is_built_again(estate: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ESTATES / estate, tmp_path / "estate", ignore=shutil.ignore_patterns(".xiangyun")))
    out = tmp_path / "out"
    first = json.loads(net("build", "--out", out, "--json", estate=folder).stdout)
    names = {row["name"] for row in csv.DictReader((folder / "devices.csv").read_text("utf-8").splitlines())}
    assert set(first["written"]) == names == {file.stem for file in (out / "configs").iterdir()}
    assert {file.stem for lang in ("zh", "en") for file in (out / lang / "devices").iterdir()} == names
    assert "## VPN" in (out / "zh" / "network.md").read_text("utf-8")
    again = json.loads(net("build", "--out", out, "--json", estate=folder).stdout)
    assert (again["written"], again["kept"]) == ([], len(names))
    name, metric = next((row["a"], row) for row in csv.DictReader((folder / "links.csv").read_text("utf-8").splitlines()) if "pe-1" in row["b"])
    row = ",".join(metric.values())
    edit(folder, "links.csv", row, row.replace(f",{metric['metric']},{metric['mtu']},", f",77,{metric['mtu']},"))
    changed = json.loads(net("build", "--out", out, "--json", estate=folder).stdout)
    assert {f"device:{one}" for one in changed["written"]} == {name, metric["b"]}


def test_a_device_that_is_gone_is_taken_out_of_the_folder(hunan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    net("build", "--out", out, "--scope", "pilot", estate=hunan)
    edit(hunan, "scopes.yaml", "      - device:hn-hpc-1\n", "")
    assert json.loads(net("build", "--out", out, "--scope", "pilot", "--json", estate=hunan).stdout)["removed"] == ["hn-hpc-1"]
    assert not (out / "configs" / "hn-hpc-1.cfg").exists()


def test_another_release_builds_all_again(county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("build", "--out", tmp_path, "--scope", "pilot", "--json")
    first = json.loads(net(*words, estate=county).stdout)["written"]
    monkeypatch.setattr("netconf.build._code_digest", lambda: "another release")
    assert json.loads(net(*words, estate=county).stdout)["written"] == first


def test_a_line_leads_to_its_row_and_manual() -> None:
    said = net("explain", "hengyang-pe-1", "route-distinguisher 64512:4").stdout
    assert "ip vpn-instance vpn4 › ipv6-family › route-distinguisher 64512:4" in said
    assert "vpn:hn-water 水利业务专网 (vpns.yaml:" in said
    assert "NE40E command reference, BGP MPLS IP VPN: route-distinguisher (VPN instance view) (manual)" in said
    assert net("explain", "hengyang-pe-1", "no such line").exit_code == 2
    assert net("explain", "nobody", "x").stderr == "xiangyun: no device nobody in this scope\n"


def test_every_line_of_the_province_has_an_origin_that_is_found(hunan: Path) -> None:
    for device in ("hengyang-pe-1", "xt-pe-1", "hn-fw-1", "wugang-ce-1"):
        found = json.loads(net("explain", device, "", "--json", estate=hunan).stdout)
        assert found
        assert [one["path"] for one in found if not one["place"]] == []


def test_a_plan_tells_what_changes_in_words(hunan: Path) -> None:
    done = net("plan", estate=hunan)
    assert done.exit_code == 3
    lines = done.stdout.splitlines()
    assert any(line.startswith("new: VPN vpn:hn-health at xt-pe-1: RD 64512:") for line in lines)
    assert any(line.startswith("new: policy SAFE of xt-pe-1 to hn-cgw-1: colour 129, over ") for line in lines)
    assert any(line.startswith("new: 5G hrss.gov.hn: vpn:hn-hrss at xt-pe-1") for line in lines)
    assert any(line.startswith("new: network:430000-0006 meets vpn:hn-hrss: at hn-core-1") for line in lines)


# bad input


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("plan.yaml", "links: 2001:db8:4300:fffe::/64", "links: 2001:db8:4300:ffff::/80", "links overlaps"),
        ("network.yaml", 'locators: "5f00:4302::/32"', 'locators: "5f00:4301::/32"', "overlaps 5f00:4301::/32 of flex_algos of DELAY"),
        ("vpns.yaml", "vpns:\n", "vpns:\n  - {id: vpn:empty, name: 空, unit: unit:430000-0006}\n", "no LAN belongs to vpn:empty"),
        ("units.csv", "unit:430000-0002,", "unit:430000-0002,省自然资源厅,city,430000,,plan\nunit:430000-0002,", "unit:430000-0002"),
        ("network.yaml", "weight: 30", "weight: 3000", "network.yaml"),
        ("network.yaml", "number: 129, metric: igp", "number: 12, metric: igp", "flex_algos[1].number"),
        ("devices.csv", "huawei_vrp,NE40E-X3A", "cisco_ios,NE40E-X3A", "vendor"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_written(hunan: Path, tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    edit(hunan, file, old, new)
    done = net("build", "--out", tmp_path / "out", estate=hunan)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "out" / "configs").exists()


def test_what_a_language_lacks_is_named_with_device_tier_and_row_for_all_devices_at_once(hunan: Path, tmp_path: Path) -> None:
    edit(hunan, "network.yaml", "{models: [ZXR10 1800-2S, RSR20-X], features: [clock, ", "{models: [ZXR10 1800-2S, RSR20-X], features: [")
    edit(hunan, "devices.csv", "NE40E-X3A", "NE99X")
    for words in (("build", "--out", tmp_path / "out"), ("plan", "--accept")):
        done = net(*words, estate=hunan)
        assert done.exit_code == 2
        assert "3 devices are asked for what their languages do not have here; nothing was done" in done.stderr
        assert "device:wugang-ce-1 (devices.csv:173): RSR20-X (Ruijie RGOS, tier basic) cannot do clock (asked in network.yaml:" in done.stderr
        assert "nobody here knows the model NE99X of Huawei VRPv8" in done.stderr
    assert not (tmp_path / "out" / "configs").exists()
    assert (hunan / "allocations.csv").read_text("utf-8") == (ESTATES / "hunan" / "allocations.csv").read_text("utf-8")


def test_a_classified_private_network_is_never_connected(hunan: Path, tmp_path: Path) -> None:
    edit(hunan, "network.yaml", "network: network:430000-0006", "network: network:430000-0007")
    assert "network:430000-0007 is classified: it is not connected to vpn:hn-hrss" in net("plan", estate=hunan).stderr


# check-config

TEXT = "sysname a\r\n#\r\ninterface 10GE0/2/0\r\n description 株洲\r\n unheard of\r\n#\r\nreturn\r\n"


def check(file: Path, vendor: str = "huawei_vrp") -> Result:
    return CliRunner().invoke(app, ["net", "check-config", "--vendor", vendor, str(file)])


def test_a_configuration_with_crlf_and_gbk_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.cfg"
    file.write_bytes(TEXT.encode("gbk"))
    done = check(file)
    assert done.exit_code == 0
    assert f"{file}:5: not managed: interface 10GE0/2/0 › unheard of" in done.stdout
    assert "3 of 4 lines are managed" in done.stdout
    assert "read as gb18030" in done.stderr


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("sysname a\n#\ninterface 10GE0/2/0\n\tdescription x\n#\nreturn\n", 4, "a tab"),
        ("sysname a\n#\ninterface 10GE0/2/0\n descr", 4, "it may have been cut off"),
        ("sysname a\n" + "x" * 10_000_000 + "\nreturn\n", 2, "a line of 10000000 characters"),
        ('sysname a\nheader login information "one\ntwo\nreturn\n', 2, "begins here and never ends"),
        (" description x\nhostname a\n", 1, "no section is open"),
    ],
)
def test_what_cannot_be_read_is_listed_by_line_and_exits_3(tmp_path: Path, text: str, line: int, why: str) -> None:
    file = tmp_path / "a.cfg"
    file.write_text(text, "utf-8")
    done = check(file, "frr" if "hostname" in text else "huawei_vrp")
    assert done.exit_code == 3
    assert f"{file}:{line}: not read: " in done.stdout
    assert why in done.stdout


def test_folders_are_counted_and_what_does_not_come_back_exits_3(tmp_path: Path) -> None:
    good, bad = (
        "sysname a\n#\ninterface 10GE0/2/0\n unheard of\n#\nreturn\n",
        "ip vpn-instance a\n ipv4-family\n  vpn-target 1:1 {0}\n  vpn-target 2:2 {0}\n#\nreturn\n",
    )
    (tmp_path / "below").mkdir()
    (tmp_path / "a.cfg").write_bytes(good.encode() + b"\x00")  # as VRP saves it
    done = check(tmp_path)
    assert done.exit_code == 0
    assert re.search(r"3 +2 +1 +0  1 files$", done.stdout, re.MULTILINE)
    assert "1  interface › unheard of" in done.stdout
    (tmp_path / "below" / "b.cfg").write_text(bad.format("export-extcommunity"), "utf-8")
    assert check(tmp_path).exit_code == 0
    words = ["net", "check-config", "--round-trip", "--vendor", "huawei_vrp"]
    done = CliRunner().invoke(app, [*words, str(tmp_path)])
    assert done.exit_code == 3
    assert "2  ip › vpn-target … export-extcommunity" in done.stdout
    found = json.loads(CliRunner().invoke(app, [*words, "--json", str(tmp_path)]).stdout)
    assert (found["summary"]["files"], found["summary"]["lost"]) == (2, 2)
    (tmp_path / "c.cfg").write_bytes(b"a\x00b")
    (tmp_path / "d.cfg").write_bytes(b"a\x00b")
    refused = check(tmp_path)
    assert refused.exit_code == 2
    assert "2 files cannot be read; nothing was checked" in refused.stderr


def test_what_is_no_text_or_no_vendor_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.cfg"
    file.write_bytes(b"a\x00b")
    assert (check(file).exit_code, check(file).stderr) == (2, f"xiangyun: {file}: a NUL byte: this is no configuration text\n")
    assert "is not known: huawei_vrp, h3c_comware, frr" in check(file, "ios").stderr
    assert "No such file" in check(tmp_path / "none").stderr
