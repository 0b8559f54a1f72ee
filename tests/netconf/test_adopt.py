"""Adoption: the configurations of a network become the rows and allocations that make the same configurations again."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import InputError
from inventory.model import Estate
from netconf.adopt import adopt, with_rows
from netconf.build import build
from netconf.compile import compile_device
from netconf.design import design
from netconf.vendors import render


@pytest.fixture(scope="module")
def built(hunan: Estate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built")
    build(hunan, design(hunan).network, out)
    return out / "configs"


@pytest.fixture(scope="module")
def bare(hunan: Estate) -> Estate:
    """The devices alone: nobody knows how they are connected."""
    return hunan.model_copy(update={"links": {}, "lans": {}, "allocations": ()})


def test_a_whole_province_is_adopted_and_comes_out_as_it_was(hunan: Estate, bare: Estate, built: Path) -> None:
    found = adopt(bare, built)
    assert found.devices == len(hunan.devices)
    assert {(row["a"], row["a_interface"], row["b"]) for row in found.rows["links"]} == {(row.a, row.a_interface, row.b) for row in hunan.links.values()}
    untold = {"device:cs-pe-1", "device:zz-pe-1", "device:hn-core-1"}  # FRR with VRFs: said in the notes
    assert {row["prefix"] for row in found.rows["lans"]} == {str(row.prefix) for row in hunan.lans.values() if row.device not in untold}
    assert {note.partition(": FRR's text")[0] for note in found.notes if "FRR's text" in note} == untold
    assert [note for note in found.notes if "not understood" in note or "not read" in note] == []
    network = design(with_rows(bare, found.rows)).network
    same = [d for d in hunan.devices if render(compile_device(network, d)) == (built / f"{hunan.devices[d].name}.cfg").read_text("utf-8")]
    assert (
        {line.partition(": ")[0] for line in found.differs} == set(hunan.devices) - set(same) == {*untold, "device:hn-fw-1"}
    )  # whose routes lead to those LANs


def test_what_is_not_understood_is_listed_with_its_place_and_the_rest_is_taken(bare: Estate, built: Path, tmp_path: Path) -> None:
    for name in ("hy-pe-1", "hengyang-pe-1"):
        (tmp_path / f"{name}.cfg").write_text((built / f"{name}.cfg").read_text("utf-8"), "utf-8")
    with (tmp_path / "hengyang-pe-1.cfg").open("r+", encoding="utf-8") as file:
        text = file.read().replace("#\nbgp 64512\n", "#\nospf 7\n area 0.0.0.0\n#\nbgp 64512\n")
        file.seek(0)
        file.write(text)
    (tmp_path / "stranger.cfg").write_text("#\nsysname stranger\n#\nreturn\n", "utf-8")
    found = adopt(bare, tmp_path)
    line = text.split("\n").index("ospf 7") + 1
    assert f"hengyang-pe-1.cfg:{line}: not understood: ospf 7" in found.notes
    assert f"hengyang-pe-1.cfg:{line + 1}: not understood: ospf 7 › area 0.0.0.0" in found.notes
    assert any(note.startswith("stranger.cfg: no device of that name in devices.csv") for note in found.notes)
    assert any("is in none of the texts: no link" in note for note in found.notes)
    assert [row["id"] for row in found.rows["links"]] == ["link:hy-pe-1--hengyang-pe-1"]


def test_what_the_model_would_not_write_again_is_listed_with_its_place(bare: Estate, built: Path, tmp_path: Path) -> None:
    text = (built / "hengyang-pe-1.cfg").read_text("utf-8")
    before, line, after = text.partition(" export-extcommunity")
    text = f"{before}{line}{after.partition(chr(10))[0]}\n  vpn-target 9:9{line}{after}"
    (tmp_path / "hengyang-pe-1.cfg").write_text(text, "utf-8")
    found = adopt(bare, tmp_path)
    number = next(n for n, line in enumerate(text.split("\n"), 1) if "9:9" in line)
    assert any(note.startswith(f"hengyang-pe-1.cfg:{number}: not kept: ip vpn-instance ") for note in found.notes)


def test_a_vpn_that_the_estate_lacks_is_named_as_the_line_to_add(bare: Estate, built: Path, tmp_path: Path) -> None:
    (tmp_path / "hengyang-pe-1.cfg").write_text((built / "hengyang-pe-1.cfg").read_text("utf-8"), "utf-8")
    found = adopt(bare.model_copy(update={"vpns": {}}), tmp_path)
    assert "vpns.yaml lacks: - {id: vpn:vpn4, name: 水利业务专网, unit: }" in found.notes
    assert {row.get("vpn") for row in found.rows["lans"]} == {""}


def test_an_empty_folder_is_refused(bare: Estate, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no configurations there"):
        adopt(bare, tmp_path)
