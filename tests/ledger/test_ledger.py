"""The ledger keeps what was recorded; any change of an export is found, with its place."""

from __future__ import annotations

import getpass
import json
import signal
import sqlite3
import stat
import string
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import Ledger, LedgerError, UnreadableError, keys, merkle, transfer, verify
from ledger import checkpoint as checkpoints
from ledger.canonical import canonical

SIZE = 9
ALPHABET = (string.ascii_letters + string.digits + "+/").encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return filled(tmp_path / ".xiangyun", SIZE)


def filled(state: Path, size: int) -> Ledger:
    ledger = Ledger(state)
    for number in range(size):
        ledger.record(
            "net.push", f"scope:{number}", who="ops", after="ab" * 32, evidence={"plan.json": "cd" * 32}, note="说明", time=datetime(2026, 1, 1, tzinfo=UTC)
        )
    return ledger


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path, Path]:
    """The bytes of an export, the public key, and a folder to write in."""
    folder = tmp_path_factory.mktemp("ledger")
    ledger = filled(folder / ".xiangyun", SIZE)
    ledger.export(folder / "export")
    return (folder / "export").read_bytes(), ledger.public_key_file, folder


def problems(raw: bytes, key: Path, folder: Path, checkpoint: Path | None = None) -> list[str]:
    file = folder / "changed"
    file.write_bytes(raw)
    return [str(problem) for problem in verify(file, key, checkpoint).problems]


def test_records_and_verifies(ledger: Ledger, tmp_path: Path) -> None:
    entry = ledger.record("cloud.up", "cloud:p", note="")
    assert (entry.seq, entry.who) == (SIZE + 1, getpass.getuser())
    assert [one.seq for one in ledger.entries()] == list(range(1, SIZE + 2))
    assert ledger.export(tmp_path / "export") == SIZE + 1
    verdict = verify(tmp_path / "export", ledger.public_key_file)
    assert (verdict.ok, verdict.size, verdict.root) == (True, SIZE + 1, ledger.checkpoint().root.hex())


def test_an_empty_ledger_verifies(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "state")
    ledger.export(tmp_path / "export")
    assert verify(tmp_path / "export", ledger.public_key_file).ok


def test_the_private_key_is_its_owners_alone(ledger: Ledger) -> None:
    file = ledger.public_key_file.with_name("ledger.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert b"PUBLIC KEY" in ledger.public_key_file.read_bytes()


def test_a_lost_key_is_not_replaced(ledger: Ledger, tmp_path: Path) -> None:
    ledger.public_key_file.with_name("ledger.key").unlink()
    with pytest.raises(LedgerError, match="gone"):
        Ledger(tmp_path / ".xiangyun")


@pytest.mark.parametrize("value", [1.5, ["x"], True, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(LedgerError):
        canonical({"a": value})


# any single change


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_found(exported: tuple[bytes, Path, Path], data: st.DataObject) -> None:
    raw, key, folder = exported
    place = data.draw(st.integers(0, len(raw) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    changed = raw[:place] + bytes([value]) + raw[place + 1 :]
    try:
        found = problems(changed, key, folder)
    except UnreadableError:
        assert place < raw.index(b"\n") + 1  # only without its header is it no ledger at all
        return
    assert found
    lines = raw[:place].count(b"\n")
    if 1 <= lines <= SIZE and raw[place : place + 1] != b"\n" and value != 10:
        assert found[0].startswith(f"entry {lines}:"), found


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_inserted_or_deleted_byte_is_found(exported: tuple[bytes, Path, Path], data: st.DataObject) -> None:
    raw, key, folder = exported
    place = data.draw(st.integers(0, len(raw)))
    insert = data.draw(st.booleans())
    changed = raw[:place] + bytes([data.draw(st.integers(0, 255))]) + raw[place:] if insert else raw[:place] + raw[place + 1 :]
    if changed == raw:
        return
    try:
        assert problems(changed, key, folder)
    except UnreadableError:
        assert place <= raw.index(b"\n") + 1


@pytest.mark.parametrize("seq", range(1, SIZE + 1))
def test_a_removed_entry_is_named(exported: tuple[bytes, Path, Path], seq: int) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    found = problems(b"\n".join(lines[:seq] + lines[seq + 1 :]), key, folder)
    assert found == [f"entry {seq}: removed"] if seq < SIZE else f"entries {SIZE} to {SIZE} are missing" in found[0]


@pytest.mark.parametrize("seq", range(1, SIZE + 1))
def test_an_edited_entry_is_named_alone(exported: tuple[bytes, Path, Path], seq: int) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    lines[seq] = lines[seq].replace(b'"who":"ops"', b'"who":"oops"')
    found = problems(b"\n".join(lines), key, folder)
    assert [one.split(":")[0] for one in found] == [f"entry {seq}"]
    assert "edited" in found[0]


def test_two_edits_are_both_named(exported: tuple[bytes, Path, Path]) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    for seq in (2, 6):
        lines[seq] = lines[seq].replace(b'"who":"ops"', b'"who":"oops"')
    assert [one.split(":")[0] for one in problems(b"\n".join(lines), key, folder)] == ["entry 2", "entry 6"]


def test_edits_side_by_side_stop_the_walk_and_say_so(exported: tuple[bytes, Path, Path]) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    for seq in (3, 4):
        lines[seq] = lines[seq].replace(b'"who":"ops"', b'"who":"oops"')
    found = problems(b"\n".join(lines), key, folder)
    assert [one.split(":")[0] for one in found] == ["entry 3", "entry 4"]
    assert "cannot be checked one by one" in found[1]


def test_a_broken_chain_is_found_even_when_every_signature_holds(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "state")
    signer = keys.ensure(tmp_path / "state" / "keys")
    rows: list[tuple[bytes, bytes]] = []
    frontier: merkle.Frontier = ()
    for size, prev in enumerate(["", "ab" * 32]):
        body = canonical({"seq": size + 1, "prev": prev})
        frontier = merkle.grown(frontier, size, merkle.leaf(body))
        rows.append((body, checkpoints.Checkpoint(ledger.origin, size + 1, merkle.root(frontier)).signed(signer).signature))
    file = tmp_path / "export"
    file.write_bytes(transfer.text(ledger.origin, rows, rows[-1][1]))
    assert [problem.seq for problem in verify(file, ledger.public_key_file).problems] == [2]


@pytest.mark.parametrize("seq", range(1, SIZE + 2))
def test_another_base64_form_of_a_signature_is_found(exported: tuple[bytes, Path, Path], seq: int) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    end = lines[seq].rindex(b'=="')
    tail = lines[seq][end - 2 : end]  # two letters of which the last four bits are not used
    twin = next(tail[:1] + bytes([code]) for code in ALPHABET if code != tail[1] and b64decode(tail[:1] + bytes([code]) + b"==") == b64decode(tail + b"=="))
    lines[seq] = lines[seq][: end - 2] + twin + lines[seq][end:]
    assert problems(b"\n".join(lines), key, folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(SIZE)))
def test_any_reorder_is_found(exported: tuple[bytes, Path, Path], order: list[int]) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    body = [lines[1 + index] for index in order]
    found = problems(b"\n".join([lines[0], *body, *lines[1 + SIZE :]]), key, folder)
    assert bool(found) == (order != sorted(order))


@pytest.mark.parametrize("at", range(1, SIZE + 2))
def test_an_entry_inserted_from_another_place_is_found(exported: tuple[bytes, Path, Path], at: int) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    assert problems(b"\n".join([*lines[:at], lines[3], *lines[at:]]), key, folder)


def test_a_history_chained_anew_without_the_key_is_found(exported: tuple[bytes, Path, Path]) -> None:
    raw, key, folder = exported
    lines = raw.split(b"\n")
    prev = ""
    for seq in range(1, SIZE + 1):
        value = json.loads(lines[seq])
        value["entry"] |= {"who": "mallory", "prev": prev}
        prev = merkle.leaf(canonical(value["entry"])).hex()
        lines[seq] = canonical(value)
    assert problems(b"\n".join(lines), key, folder)[0].startswith("entry 1:")


def test_another_key_is_named(exported: tuple[bytes, Path, Path], tmp_path: Path) -> None:
    raw, _, folder = exported
    other = Ledger(tmp_path / "other").public_key_file
    assert "signed by another key" in problems(raw, other, folder)[0]


# checkpoints


def test_a_kept_checkpoint_finds_truncation(ledger: Ledger, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    early = tmp_path / "early"
    ledger.export(early)
    ledger.record("net.push", "scope:x")
    kept.write_text(ledger.note(ledger.checkpoint()), "utf-8")
    assert verify(early, ledger.public_key_file).ok
    found = verify(early, ledger.public_key_file, kept).problems
    assert [problem.what for problem in found] == [f"truncated: entry {SIZE + 1} is missing; the kept checkpoint was signed when there were {SIZE + 1}"]
    ledger.record("net.push", "scope:y")
    ledger.export(early)
    assert verify(early, ledger.public_key_file, kept).ok


def test_a_history_written_anew_with_the_key_is_found_by_the_checkpoint(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "state", 4)
    kept = tmp_path / "kept"
    kept.write_text(ledger.note(ledger.checkpoint()), "utf-8")
    (tmp_path / "state" / "ledger.sqlite").unlink()
    for file in (tmp_path / "state").glob("ledger.sqlite-*"):
        file.unlink()
    again = Ledger(tmp_path / "state")
    for _ in range(6):
        again.record("other", "thing")
    again.export(tmp_path / "export")
    assert verify(tmp_path / "export", again.public_key_file).ok
    assert "written anew" in str(verify(tmp_path / "export", again.public_key_file, kept).problems[0])


def test_a_changed_checkpoint_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    ledger.export(tmp_path / "export")
    note = ledger.note(ledger.checkpoint())
    kept = tmp_path / "kept"
    kept.write_text(note.replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n"), "utf-8")
    assert "not signed by this key" in str(verify(tmp_path / "export", ledger.public_key_file, kept).problems[0])
    assert checkpoints.read(_written(kept, note)).holds(keys.public(ledger.public_key_file))


def _written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("content", [b"", b"\n", b"not a ledger\n", b'{"format":"other"}\n', b"\xff\xfe", b"[1]\n", b"[" * 100_000])
def test_what_is_no_ledger_is_unreadable(ledger: Ledger, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(UnreadableError):
        verify(file, ledger.public_key_file)
    with pytest.raises(UnreadableError):
        checkpoints.read(file)
    with pytest.raises(UnreadableError):
        verify(file, file)


# the tree


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


@given(leaves=st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_is_that_of_rfc_6962(leaves: list[bytes]) -> None:
    frontier: merkle.Frontier = ()
    for size, data in enumerate(leaves):
        frontier = merkle.grown(frontier, size, merkle.leaf(data))
    assert merkle.root(frontier) == naive_root(leaves)


# processes

WRITER = """
import sys
from base64 import b64decode
from pathlib import Path
from ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    print(ledger.record("write", f"{sys.argv[2]}:{number}").seq, flush=True)
"""


def writer(state: Path, name: str, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(state), name, str(count)], stdout=subprocess.PIPE)


@pytest.mark.lab
def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    writers = [writer(tmp_path / "state", str(number), 15) for number in range(4)]
    assert [one.wait(120) for one in writers] == [0] * 4
    ledger = Ledger(tmp_path / "state")
    entries = ledger.entries()
    assert [entry.seq for entry in entries] == list(range(1, 61))
    for number in range(4):
        assert [entry.on for entry in entries if entry.on.startswith(f"{number}:")] == [f"{number}:{one}" for one in range(15)]
    ledger.export(tmp_path / "export")
    assert verify(tmp_path / "export", ledger.public_key_file).ok


@pytest.mark.lab
@pytest.mark.parametrize("after", [1, 4, 9])
def test_what_was_acknowledged_survives_sigkill(tmp_path: Path, after: int) -> None:
    process = writer(tmp_path / "state", "x", 10_000)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout.read().split()]
    process.wait(60)
    ledger = Ledger(tmp_path / "state")
    assert [entry.seq for entry in ledger.entries()][: len(acknowledged)] == acknowledged
    ledger.record("after", "the kill")
    ledger.export(tmp_path / "export")
    assert verify(tmp_path / "export", ledger.public_key_file).ok


def test_an_edit_of_the_database_is_found(ledger: Ledger, tmp_path: Path) -> None:
    with sqlite3.connect(ledger.file) as database:
        database.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'scope:3', 'scope:7') AS BLOB) WHERE seq = 4")
    database.close()
    ledger.record("more", "x")
    ledger.export(tmp_path / "export")
    assert [problem.seq for problem in verify(tmp_path / "export", ledger.public_key_file).problems] == [4]
