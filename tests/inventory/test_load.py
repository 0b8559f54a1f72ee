"""Bad files are refused whole, with every fault's file, row and column."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from inventory.errors import Exit, InputError
from inventory.load import EstateFaults, load_estate, read_estate
from inventory.model import Estate, Level
from tests.lab.pilot import HUNAN


def faults(folder: Path) -> list[str]:
    with pytest.raises(EstateFaults) as caught:
        load_estate(folder)
    assert caught.value.exit == Exit.USAGE
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
    return [fault.place for fault in caught.value.faults]


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def test_loads_the_province(hunan: Estate) -> None:
    assert hunan.province == "430000"
    levels = [region.level for region in hunan.regions.values()]
    assert (levels.count(Level.CITY), levels.count(Level.COUNTY)) == (14, 122)
    assert hunan.origins["region:430000"] == "regions.csv:2"
    assert hunan.regions["430224"].name == "茶陵县"
    assert hunan.origins["cloud:hn-province"].startswith("clouds.yaml:")


def test_loads_in_under_two_seconds() -> None:
    start = time.process_time()
    load_estate(HUNAN)
    assert time.process_time() - start < 2


def test_several_faults_are_told_at_once(small: Path) -> None:
    edit(small, "regions.csv", "990100,某市", "9901,某市")
    edit(small, "devices.csv", "county-edge", "hub")
    edit(small, "links.csv", ",1000,100,9000,", ",fast,100,9000,")
    edit(small, "clouds.yaml", "kind: kunpeng", "kind: sparc")
    assert faults(small) == ["clouds.yaml:16:pools[1].kind", "devices.csv:4:role", "links.csv:2:bandwidth_mbps", "regions.csv:3:code"]


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("units.csv", "id,name,level,region", "id,name,region", "units.csv:1:level"),
        ("units.csv", "id,name,level", "id,name,lvl", "units.csv:1:lvl"),
        ("units.csv", "id,name,level", "id,name,name", "units.csv:1:name"),
        ("units.csv", "unit:990000-0001,省某厅", ",省某厅", "units.csv:2:id"),
        ("units.csv", "省某厅,province", '"省某\n厅",nation', "units.csv:2:level"),
        ("units.csv", "省某厅,province", '"省某厅,province', "units.csv:2"),
        ("units.csv", "省某厅,province,", "省某厅,province,,", "units.csv:2"),
        ("plan.yaml", "asn: 64512", "asn: many", "plan.yaml:4:asn"),
        ("plan.yaml", "asn: 64512\n", "", "plan.yaml:1:asn"),
        ("plan.yaml", "asn: 64512", "asn: [64512", "plan.yaml:5"),
        ("plan.yaml", "asn: 64512", "asn: 64512\nowner: me", "plan.yaml:5:owner"),
        ("scopes.yaml", "scopes:", "scope:", "scopes.yaml:1:scope"),
        ("clouds.yaml", "clouds:\n  - id: cloud:p", "clouds:\n    id: cloud:p", "clouds.yaml:1:clouds"),
        ("clouds.yaml", "vcpus: 8", "cpus: 8", "clouds.yaml:13:pools[0].hosts[0].vcpus"),
        ("regions.csv", "某市,Some City,city", "某市,Some City,province", "regions.csv:level"),
    ],
)
def test_fault(small: Path, file: str, old: str, new: str, place: str) -> None:
    edit(small, file, old, new)
    assert place in faults(small)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("units.csv", ",", ";", "units.csv:1: the columns are separated by semicolons"),
        ("assets.csv", "2020-01-01", "1.1.2020", "assets.csv:2:purchased: '1.1.2020': expected a date"),
        ("lans.csv", "2001:db8:1:10::/64", "2001:db8:1:10::1/64", "lans.csv:2:prefix: '2001:db8:1:10::1/64': expected an IPv6 prefix"),
        ("scopes.yaml", "rooms: [room:990101-0001]", "rooms: room:990101-0001", "scopes.yaml:4:one.rooms: 'room:990101-0001': expected a list"),
        ("links.csv", ",9000,", ",big,", "links.csv:2:mtu: 'big': expected a whole number"),
        ("plan.yaml", "5f00:9900::/32", "5f00:9900::/44", "plan.yaml:9:locators: '5f00:9900::/44': a block of SRv6 locators is a /32"),
        ("plan.yaml", "5f00:9900::/32", "2001:db8::/32", "plan.yaml:6:loopbacks: 2001:db8:9900:ffff::/64 of loopbacks overlaps 2001:db8::/32 of locators"),
        ("units.csv", "unit:990000-0001,", "Unit 1,", "units.csv:2:id: 'Unit 1': does not match"),
    ],
)
def test_words_say_what_was_expected(small: Path, file: str, old: str, new: str, words: str) -> None:
    text = (small / file).read_text("utf-8")
    (small / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(EstateFaults) as caught:
        load_estate(small)
    assert words in str(caught.value)


def test_gbk_is_named(small: Path) -> None:
    text = (small / "units.csv").read_text("utf-8")
    (small / "units.csv").write_bytes(text.encode("gbk"))
    with pytest.raises(EstateFaults, match=r"units\.csv:2: not UTF-8 \(it looks like GBK\)"):
        load_estate(small)


def test_a_byte_order_mark_and_windows_line_ends_are_read(small: Path) -> None:
    before = read_estate(small)
    text = (small / "units.csv").read_text("utf-8")
    (small / "units.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_estate(small).units == before.units


def test_rows_of_a_quoted_cell_with_line_breaks_keep_their_lines(small: Path) -> None:
    edit(small, "units.csv", "省某厅", '"省\n某\n厅"')
    estate = read_estate(small)
    assert (estate.origins["unit:990000-0001"], estate.origins["unit:990101-0001"]) == ("units.csv:2", "units.csv:5")


@pytest.mark.parametrize("file", ["units.csv", "plan.yaml", "clouds.yaml"])
def test_a_missing_file_is_a_fault(small: Path, file: str) -> None:
    (small / file).unlink()
    assert faults(small) == [file]


def test_duplicates_name_all_places(small: Path) -> None:
    with (small / "units.csv").open("a", encoding="utf-8") as out:
        out.write("unit:990000-0001,又一厅,province,990000,,sample\n" * 2)
    assert read_estate(small).duplicates == {"unit:990000-0001": ("units.csv:2", "units.csv:4", "units.csv:5")}
    with pytest.raises(EstateFaults, match=r"units\.csv:2, units\.csv:4, units\.csv:5"):
        load_estate(small)


def test_dangling_references_and_cycles_are_faults(small: Path) -> None:
    edit(small, "systems.csv", "room:990101-0001", "room:none")
    edit(small, "units.csv", "province,990000,,", "province,990000,unit:990101-0001,")
    assert faults(small) == ["systems.csv:2:room", "units.csv:2:parent"]


def test_a_folder_that_is_no_estate(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="xiangyun init"):
            load_estate(folder)
