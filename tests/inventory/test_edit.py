"""One row changes, nothing else; a change that does not load is not written."""

from __future__ import annotations

import multiprocessing
from hashlib import sha256
from pathlib import Path

import pytest

from inventory.edit import append_rows, set_fields
from inventory.errors import InputError
from inventory.load import EstateFaults, load_estate


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_moves_a_system_and_changes_its_line_alone(small: Path) -> None:
    before = content(small)
    digests = set_fields(small, "systems", "system:1", {"room": None, "cloud": "cloud:p"})
    after = content(small)
    assert digests == (sha256(before["systems.csv"]).hexdigest(), sha256(after["systems.csv"]).hexdigest())
    assert {name for name in after if after[name] != before[name]} == {"systems.csv"}
    pairs = list(zip(before["systems.csv"].splitlines(), after["systems.csv"].splitlines(), strict=True))
    assert [old != new for old, new in pairs] == [False, True, False, False]
    assert load_estate(small).systems["system:1"].cloud == "cloud:p"


def test_the_same_again_changes_nothing(small: Path) -> None:
    first = set_fields(small, "rooms", "room:990101-0001", {"status": "emptying"})
    second = set_fields(small, "rooms", "room:990101-0001", {"status": "emptying"})
    assert first[0] != first[1]
    assert second == (first[1], first[1])


@pytest.mark.parametrize(
    ("table", "row", "values", "error"),
    [
        ("systems", "system:1", {"cloud": "cloud:p"}, EstateFaults),  # in both a room and a cloud
        ("rooms", "room:990101-0001", {"status": "gone"}, EstateFaults),
        ("rooms", "room:none", {"status": "empty"}, InputError),
        ("rooms", "room:990101-0001", {"colour": "red"}, InputError),
        ("rooms", "room:990101-0001", {"id": "room:other"}, InputError),
        ("tables", "room:990101-0001", {"status": "empty"}, InputError),
    ],
)
def test_refused_whole(small: Path, table: str, row: str, values: dict[str, str], error: type[InputError]) -> None:
    before = content(small)
    with pytest.raises(error):
        set_fields(small, table, row, values)
    assert content(small) == before


def test_windows_line_ends_quotes_and_the_byte_order_mark_stay(small: Path) -> None:
    file = small / "rooms.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_text("utf-8").replace("某区机房", '"某区, ""一号"" 机房"').replace("\n", "\r\n").encode())
    before = file.read_bytes()
    set_fields(small, "rooms", "room:990101-0001", {"status": "emptying"})
    assert file.read_bytes() == before.replace(b"surveyed", b"emptying")


def test_separators_that_are_no_line_ends_for_csv(small: Path) -> None:
    file = small / "units.csv"
    file.write_text(file.read_text("utf-8").replace("省某厅", "省\u2028某\x85厅"), "utf-8")
    before = file.read_bytes()
    set_fields(small, "units", "unit:990101-0001", {"name": "新名"})
    assert file.read_bytes() == before.replace("某区某局".encode(), "新名".encode())


def test_regions_are_named_by_their_id(small: Path) -> None:
    set_fields(small, "regions", "region:990101", {"name_en": "Other District"})
    assert load_estate(small).regions["990101"].name_en == "Other District"


def test_rows_are_added_at_the_end_or_not_at_all(small: Path) -> None:
    before = content(small)
    new = {"kind": "loopback", "owner": "device:core-2", "value": "2001:db8:9900:ffff::2/128", "source": "sample"}
    append_rows(small, "allocations", [new])
    assert (small / "allocations.csv").read_bytes() == before["allocations.csv"] + b"loopback,device:core-2,2001:db8:9900:ffff::2/128,sample\n"
    after = content(small)
    with pytest.raises(EstateFaults):
        append_rows(small, "allocations", [{**new, "owner": "device:edge-1"}])  # the same value to another owner
    with pytest.raises(InputError):
        append_rows(small, "allocations", [{"colour": "red"}])
    assert content(small) == after


def _set(folder: Path, number: int) -> None:
    set_fields(folder, "assets", f"asset:{number}", {"status": "shut-down"})


@pytest.mark.lab
def test_two_editors_lose_nothing(small: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_set, args=(small, number)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [load_estate(small).assets[f"asset:{number}"].status for number in (1, 2)] == ["shut-down", "shut-down"]


def test_a_file_from_before_a_column_gets_it(small: Path) -> None:
    before = (small / "rooms.csv").read_text("utf-8")
    assert "staff" not in before
    set_fields(small, "rooms", "room:990101-0001", {"staff": 3})
    assert load_estate(small).rooms["room:990101-0001"].staff == 3
    set_fields(small, "rooms", "room:990101-0001", {"staff": 4})
    assert (small / "rooms.csv").read_text("utf-8").splitlines()[0] == before.splitlines()[0] + ",staff"


def test_a_table_that_is_missing_and_may_be_is_made(small: Path) -> None:
    (small / "egresses.csv").unlink()
    row = {"id": "egress:1", "name": "出口", "unit": "unit:990000-0001", "site": "site:990000-0001", "operator": "某运营商", "bandwidth_mbps": 100}
    append_rows(small, "egresses", [row])
    assert load_estate(small).egresses["egress:1"].bandwidth_mbps == 100
