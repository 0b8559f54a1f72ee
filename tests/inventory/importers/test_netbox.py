"""NetBox' CSVs come in: our own forms without a change, what a real NetBox exported row by row, and nothing of it is passed over without a word.

`netbox/en` and `netbox/zh` are what NetBox 4.4.10 exported ("All data (CSV)", English and Chinese) after it had imported the forms of the small estate and
then: a site renamed, a room being emptied, a device of another model and offline, a new site with a device, a server, a cable turned round, a new cable,
another MTU, a LAN renamed and one deleted, a container, an address with and one without tenant, a new tenant, a new region, a VLAN.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from inventory.checks import errors
from inventory.feeds import netbox as feed
from inventory.importers.changes import Known, Preview
from inventory.importers.collect import read_all, workbooks
from inventory.importers.mapping import load_mapping
from inventory.importers.netbox import kind_of
from inventory.importers.plan import preview
from inventory.load import load_estate, read_estate
from inventory.model import Estate, RoomStatus

EXPORTED = Path(__file__).parent / "netbox"
NINGXIA = Path(__file__).parents[3] / "estates" / "ningxia"


def imported(folder: Path, estate: Estate) -> Preview:
    books, refused = read_all(workbooks([folder]))
    assert not refused
    return preview(books, estate, load_mapping(Path("netbox")), Known(mentioned=tuple(estate.origins)))


def written(folder: Path, estate: Estate) -> Path:
    """A folder with the forms of an estate."""
    folder.mkdir()
    for name, text in feed.forms(estate).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def said(made: Preview, code: str) -> list[tuple[str, str]]:
    return [(str(problem.place), problem.en) for problem in made.problems if problem.code == code]


def run(*words: Any) -> Any:
    return CliRunner().invoke(app, ["inventory", *(str(word) for word in words)])


def test_our_own_forms_change_nothing(tmp_path: Path) -> None:
    estate = load_estate(NINGXIA)
    made = imported(written(tmp_path / "forms", estate), estate)
    assert (made.added, made.changed, made.vanished, made.errors) == ((), (), (), ())
    held = sum(len(getattr(estate, name)) for name in ("units", "sites", "rooms", "devices", "links", "lans", "addresses"))
    assert sum(account.unchanged for account in made.accounts) == held


@pytest.mark.parametrize("status", list(RoomStatus))
def test_what_netbox_says_less_of_is_no_change(small: Path, tmp_path: Path, status: RoomStatus) -> None:
    """Two sites of one name go by their ids; a room that is empty, withdrawn, ... closed is only retired in NetBox."""
    estate = read_estate(small)
    sites = {key: site.model_copy(update={"name": "同名"}) for key, site in estate.sites.items()}
    rooms = {key: room.model_copy(update={"status": status}) for key, room in estate.rooms.items()}
    changed = estate.model_copy(update={"sites": sites, "rooms": rooms})
    folder = written(tmp_path / "forms", changed)
    assert "site:990000-0001,site-990000-0001" in (folder / "04-sites.csv").read_text("utf-8")
    made = imported(folder, changed)
    assert (made.added, made.changed, made.errors) == ((), (), ())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_real_netbox_changed_is_previewed(small: Path, lang: str) -> None:
    made = imported(EXPORTED / lang, load_estate(small))
    assert {entry.id: entry.changes for entry in made.changed} == {
        "site:990000-0001": {"name": ("核心", "核心机房楼")},
        "room:990101-0001": {"status": ("surveyed", "emptying")},
        "device:core-2": {"model": ("FRR", "FRR-2")},
        "lan:room": {"name": ("机房网", "机房新网")},
    }
    assert [(entry.table, entry.values) for entry in made.added] == [
        ("sites", {"name": "某区新节点", "region": "990101", "kind": "county"}),
        ("devices", {"name": "edge-2", "role": "county-edge", "site": "site:990101-0002", "vendor": "frr", "model": "FRR"}),
        ("addresses", {"prefix": "203.0.113.0/24", "unit": "unit:990000-0001", "purpose": "互联网出口"}),
    ]
    assert made.vanished == (("lans", "lan:vpn-a", "专网甲"),)


def test_what_cannot_be_taken_is_said_at_its_cell(small: Path) -> None:
    made = imported(EXPORTED / "en", load_estate(small))
    assert [(str(problem.place), problem.code) for problem in made.errors] == [
        ("netbox_cables.csv!netbox_cables!1", "column-missing"),  # bandwidth
        ("netbox_cables.csv!netbox_cables!1", "column-missing"),  # metric
        ("netbox_devices.csv!netbox_devices!G4", "choice"),
        ("netbox_prefixes.csv!netbox_prefixes!F2", "required"),
        ("netbox_tenants.csv!netbox_tenants!1", "column-missing"),  # level
        ("netbox_tenants.csv!netbox_tenants!1", "column-missing"),  # region
    ]
    assert "(row 4)" in said(made, "column-missing")[0][1]
    assert [place for place, _ in said(made, "region-unknown")] == ["netbox_regions.csv!netbox_regions!F4"]
    assert said(made, "mtu") == [
        ("netbox_interfaces.csv!netbox_interfaces!K5", "lan:cloud has MTU 1500 in the estate, 9000 in NetBox: find out, and change one of them")
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_passed_over_without_a_word(small: Path, lang: str) -> None:
    """Each file is read, compared or named; each column with anything in it is read, ignored by the mapping, or named."""
    rules = load_mapping(Path("netbox"))
    made = imported(EXPORTED / lang, load_estate(small))
    read = {title for table in rules.tables.values() for column in table.columns.values() for title in column.titles}
    read |= {"MTU", "Parent", "上级", "Device", "设备"}
    nothing = {"", "0", "False", "True", "Active", "在线", "Connected", "已连接", "Global"}
    for book in read_all(workbooks([EXPORTED / lang]))[0]:
        mine = [problem for problem in made.problems if problem.place.workbook == book.name]
        accounts = [account for account in made.accounts if account.place.workbook == book.name]
        assert accounts or any(problem.code == "no-place" for problem in mine) or kind_of(book) in ("regions", "interfaces"), book.name
        for account in accounts:
            assert account.rows == account.taken + account.unchanged + account.refused + len(account.skipped) + account.empty
        if accounts or kind_of(book) in ("regions", "interfaces"):
            named = {problem.en.rpartition(": ")[2] for problem in mine if problem.code == "column-unknown"}
            titles, *rows = book.sheets[0].rows
            filled = {title for place, title in enumerate(titles) if any(row[place] not in nothing for row in rows)}
            assert filled - read - set(rules.ignore) - named == set(), book.name
    assert ("netbox_VLANs.csv!netbox_VLANs", "the estate has no place for NetBox' vlans: rows not read: 1") in said(made, "no-place") or lang == "zh"
    assert any("is a container" in text for _, text in said(made, "no-place"))
    assert any(text.startswith("2 interfaces") for _, text in said(made, "no-place"))


def test_what_is_switched_off_in_netbox_is_named(small: Path, tmp_path: Path) -> None:
    text = (EXPORTED / "en" / "netbox_interfaces.csv").read_text("utf-8")
    (tmp_path / "netbox_interfaces.csv").write_text(text.replace("lan1,core-1,,True", "lan1,core-1,,False"), "utf-8")
    assert ("netbox_interfaces.csv!netbox_interfaces!D1", "the mapping knows no such column, not read: Enabled") in said(
        imported(tmp_path / "netbox_interfaces.csv", load_estate(small)), "column-unknown"
    )


def test_good_rows_are_taken_and_then_are_no_change(small: Path) -> None:
    words = ("import", EXPORTED / "en", "--mapping", "netbox", "--estate", small)
    assert run(*words, "--yes").exit_code == 2
    taken = run(*words, "--partial", "--yes", "--json")
    assert taken.exit_code == 0, taken.output
    estate = load_estate(small)
    assert errors(estate) == []
    assert estate.sites["site:990000-0001"].name == "核心机房楼"
    assert estate.devices["device:990101-0001"].site == "site:990101-0002"
    again = imported(EXPORTED / "en", estate)
    assert (again.added, again.changed) == ((), ())


def test_what_is_no_workbook_in_the_folder_is_named(small: Path, tmp_path: Path) -> None:
    """NetBox gives device types as YAML; a unit's letter is no workbook either."""
    folder = written(tmp_path / "forms", load_estate(small))
    for name in ("netbox_device types.yaml", "说明.docx", ".hidden"):
        (folder / name).write_text("-", "utf-8")
    made = run("import", folder, "--mapping", "netbox", "--preview", "--estate", small, "--lang", "en")
    assert made.exit_code == 0, made.output
    assert [line for line in made.stdout.splitlines() if "no workbook" in line] == [
        "forms/netbox_device types.yaml: note: no workbook: it was not read",
        "forms/说明.docx: note: no workbook: it was not read",
    ]


def test_names_that_a_spreadsheet_would_run_are_harmless_in_the_forms(small: Path, tmp_path: Path) -> None:
    estate = read_estate(small)
    units = {key: unit.model_copy(update={"name": f"=cmd|'{key}'!A0"}) for key, unit in estate.units.items()}
    changed = estate.model_copy(update={"units": units})
    folder = written(tmp_path / "forms", changed)
    assert all(line.startswith(("name", "'=cmd")) for line in (folder / "03-tenants.csv").read_text("utf-8").splitlines())
    assert imported(folder, changed).changed == ()


def test_a_list_without_slugs_goes_by_names(small: Path, tmp_path: Path) -> None:
    """ "Current view" exports only the columns that are shown: a new name is then new, or a proposal."""
    folder = tmp_path / "view"
    folder.mkdir()
    (folder / "netbox_sites.csv").write_text("Name,Status,Region\n核心,Active,某省\n某区节点楼,Active,某区\n", "utf-8")
    made = imported(folder, load_estate(small))
    assert [(problem.code, problem.candidates) for problem in made.errors] == [("renamed", ("site:990101-0001",))]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("netbox_regions.csv", "Name,Sites\n某省,1\n", "no-header"),
        ("netbox_interfaces.csv", "Name,Type\neth1,x\n", "no-header"),
        ("netbox_cables.csv", "ID,Status\n1,Connected\n", "no-header"),
        ("netbox_prefixes.csv", "Prefix,Tenant,Description\n10.0.0.300/24,省某厅,x\n", "value"),
        ("netbox_locations.csv", "Name,Site,Status,Slug\n某区机房,某区节点,Retired,room-990101-0001\n", "choice"),
        ("netbox_devices.csv", "Name,Role,Site,Manufacturer,Type\nedge-9,core,没有的楼,H3C,M\n", "reference-unknown"),
        ("netbox_racks.csv", "Name\nA1\n", "no-place"),
    ],
)
def test_bad_lists_are_refused_by_name(small: Path, tmp_path: Path, name: str, text: str, code: str) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / name).write_text(text, "utf-8")
    made = imported(folder, load_estate(small))
    assert code in {problem.code for problem in made.problems}
    assert all(problem.place.workbook == name for problem in made.problems)
    assert (made.added, made.changed) == ((), ())


def test_netboxes_mapping_reads_csvs_and_writes_nothing(small: Path, tmp_path: Path) -> None:
    refused = run("export", "--mapping", "netbox", "--tables", "rooms", "--out", tmp_path / "a.xlsx", "--estate", small)
    assert refused.exit_code == 2
    assert "xiangyun inventory to netbox" in refused.stderr
    assert run("export", "--tables", "rooms", "--out", tmp_path / "netbox_sites.xlsx", "--estate", small).exit_code == 0
    made = imported(tmp_path / "netbox_sites.xlsx", load_estate(small))
    assert [problem.code for problem in made.errors] == ["no-table"]


def test_the_forms_are_csv_that_reads_back(small: Path, tmp_path: Path) -> None:
    for file in written(tmp_path / "forms", load_estate(small)).iterdir():
        rows = list(csv.reader(file.read_text("utf-8").splitlines()))
        assert len({len(row) for row in rows}) == 1
