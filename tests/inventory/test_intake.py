"""Project intake: what the estate says of an application, signed verdicts, and a place on the cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inventory.errors import InputError, XiangyunError
from inventory.intake.placing import free, place
from inventory.intake.precheck import Level, precheck
from inventory.intake.review import decide, enrol, project_of, sign, standing
from inventory.load import read_estate
from inventory.model import DataItem, DataResource, Estate, Project
from ledger import Ledger

ROLES = "roles:\n  - {name: office, may: [review]}\n  - {name: money, may: [review]}\n  - {name: audit, may: [review]}\n  - {name: other, may: [plan]}\n"
REVIEWS = "reviews:\n  - {roles: [office, money]}\n  - {roles: [audit], over_cny: 5000000}\n"
HEADER = "id,name,unit,year,kind,purpose,cost_cny,users,vcpus"
ROWS = ["project:1,养老平台,unit:990101-0001,2026,new,养老服务,1000000,100,4", "project:2,大平台,unit:990101-0001,2026,new,巨型,6000000,100,4"]


@pytest.fixture
def folder(small: Path) -> Path:
    (small / "roles.yaml").write_text(ROLES, "utf-8")
    (small / "reviews.yaml").write_text(REVIEWS, "utf-8")
    (small / "projects.csv").write_text("\n".join([HEADER, *ROWS, ""]), "utf-8")
    return small


@pytest.fixture
def estate(folder: Path) -> Estate:
    return read_estate(folder)


def against(estate: Estate, **fields: Any) -> dict[str, str]:
    """Aspects that are not fine, with the level, for project:1 with changed fields."""
    project = Project.model_validate({**estate.projects["project:1"].model_dump(), **fields})
    return {opinion.aspect: opinion.level.value for opinion in precheck(estate, project) if opinion.level is not Level.FINE}


QUIET = {"cost": "ask"}  # two applications are too few to compare; it names no platform, and the estate has one


@pytest.mark.parametrize(
    ("fields", "aspect", "level"),
    [
        ({"classified": True}, "kind", "against"),
        ({"kind": "upgrade"}, "kind", "against"),
        ({"kind": "upgrade", "system": "system:9"}, "kind", "against"),
        ({"kind": "upgrade", "system": "system:1"}, "kind", ""),
        ({"purpose": "系统二"}, "exists", "against"),  # the province's system 2 does it
        ({"purpose": "系统二二"}, "exists", ""),
        ({"own_room": True}, "own", "against"),
        ({"own_network": True}, "own", "against"),
        ({"mlps_level": 4}, "cloud", "against"),
        ({"mlps_level": 3}, "cloud", ""),
        ({"vcpus": 28}, "cloud", ""),  # 8 processors, 4 promised for each, less half of the quota of 8
        ({"vcpus": 29}, "cloud", "against"),
        ({"arch": "loongarch64"}, "cloud", "against"),
        ({"xinchuang": True}, "cloud", "against"),  # the only Xinchuang pool is aarch64
        ({"xinchuang": True, "arch": "aarch64"}, "cloud", ""),
        ({"users": 0}, "cost", "ask"),
        ({"platforms": "platform:1"}, "platforms", ""),
        ({"platforms": ""}, "platforms", "ask"),
    ],
)
def test_each_aspect_speaks_and_near_misses_do_not(estate: Estate, fields: dict[str, Any], aspect: str, level: str) -> None:
    assert against(estate, **fields).get(aspect, "") == level


def test_data_that_has_a_source_is_not_collected_again(estate: Estate) -> None:
    resource = DataResource(id="resource:1", name="r", unit="unit:990000-0001")
    item = DataItem(id="item:1", resource="resource:1", name="公民身份号码", element="citizen-id", authoritative=True)
    held = estate.model_copy(update={"data_resources": {resource.id: resource}, "data_items": {item.id: item}})
    assert against(held, elements="citizen-id")["data"] == "ask"
    assert "data" not in against(held, elements="citizen-name")


def test_a_cost_far_above_the_peers_is_asked_about(estate: Estate) -> None:
    peers = {f"project:p{n}": estate.projects["project:1"].model_copy(update={"id": f"project:p{n}", "cost_cny": 10_000.0}) for n in range(6)}
    crowd = estate.model_copy(update={"projects": {**estate.projects, **peers}})
    assert against(crowd)["cost"] == "ask"
    assert "cost" not in against(crowd, cost_cny=20_000)


def test_the_default_place_is_a_cloud_of_its_own_unit_or_region(estate: Estate) -> None:
    project = estate.projects["project:1"]
    assert (found := place(estate, project)) is not None
    assert found.id == "cloud:p"
    hpc = estate.clouds["cloud:p"].model_copy(update={"kind": "hpc"})
    assert place(estate.model_copy(update={"clouds": {"cloud:p": hpc}}), project) is None
    assert free(estate.clouds["cloud:p"], "x86_64", xinchuang=True) is None


def test_two_roles_sign_and_the_system_stands_on_the_cloud(folder: Path, estate: Estate, tmp_path: Path) -> None:
    ledger = Ledger(folder / ".xiangyun")
    project = project_of(estate, "project:1")
    keys = {role: tmp_path / f"{role}.pem" for role in ("office", "money")}
    for role, key in keys.items():
        enrol(folder, estate, role, key)
        assert key.stat().st_mode & 0o777 == 0o600
    assert standing(folder, estate, ledger, project).missing == ("office", "money")
    assert decide(folder, estate, ledger, project).state == "waiting"
    sign(folder, estate, ledger, project, "office", keys["office"], approve=True, note="")
    assert standing(folder, estate, ledger, project).missing == ("money",)
    changed = project.model_copy(update={"cost_cny": 2.0})
    assert standing(folder, estate, ledger, changed).missing == ("office", "money")  # what was signed was another text
    sign(folder, estate, ledger, project, "money", keys["money"], approve=True, note="")
    assert decide(folder, estate, ledger, project).state == "approved"
    after = read_estate(folder)
    made = after.projects["project:1"].system
    assert after.projects["project:1"].status == "approved"
    assert made == "system:990101-0001"
    assert (after.systems[made].name, after.systems[made].cloud, after.systems[made].status) == ("养老平台", "cloud:p", "stopped")
    count = len(ledger.entries())
    assert decide(folder, after, ledger, after.projects["project:1"]).state == "approved"
    assert len(ledger.entries()) == count


def test_a_decision_that_was_cut_off_is_carried_on(folder: Path, estate: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, project = Ledger(folder / ".xiangyun"), estate.projects["project:1"]
    for role in ("office", "money"):
        enrol(folder, estate, role, tmp_path / role)
        sign(folder, estate, ledger, project, role, tmp_path / role, approve=True, note="")
    with monkeypatch.context() as patch:
        patch.setattr("inventory.intake.review.set_fields", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            decide(folder, estate, ledger, project)
    between = read_estate(folder)
    assert between.projects["project:1"].status == "applied"
    decide(folder, between, ledger, between.projects["project:1"])
    after = read_estate(folder)
    assert [system.id for system in after.systems.values() if system.name == "养老平台"] == [after.projects["project:1"].system]


def _interrupted(*_: object) -> tuple[str, str]:
    raise KeyboardInterrupt


def test_one_refusal_refuses(folder: Path, estate: Estate, tmp_path: Path) -> None:
    ledger, project = Ledger(folder / ".xiangyun"), estate.projects["project:1"]
    enrol(folder, estate, "office", tmp_path / "k")
    with pytest.raises(InputError, match="says why"):
        sign(folder, estate, ledger, project, "office", tmp_path / "k", approve=False, note=" ")
    sign(folder, estate, ledger, project, "office", tmp_path / "k", approve=False, note="已有平台")
    assert decide(folder, estate, ledger, project).state == "refused"
    assert read_estate(folder).projects["project:1"].status == "refused"


def test_dear_applications_need_the_auditors_too(folder: Path, estate: Estate) -> None:
    assert standing(folder, estate, Ledger(folder / ".xiangyun"), estate.projects["project:2"]).missing == ("office", "money", "audit")


def test_who_may_not_sign(folder: Path, estate: Estate, tmp_path: Path) -> None:
    ledger, project = Ledger(folder / ".xiangyun"), estate.projects["project:1"]
    enrol(folder, estate, "office", tmp_path / "office")
    enrol(folder, estate, "money", tmp_path / "money")
    for role, key, words in [
        ("other", "office", "may not review"),
        ("nobody", "office", "there is no role"),
        ("audit", "office", "is not asked"),
        ("office", "money", "is not the key that is enrolled"),
    ]:
        with pytest.raises(InputError, match=words):
            sign(folder, estate, ledger, project, role, tmp_path / key, approve=True, note="")
    with pytest.raises(InputError, match="is there already"):
        enrol(folder, estate, "office", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not ledger.entries()


def test_a_key_that_cannot_be_written_or_read_is_one_line(folder: Path, estate: Estate, tmp_path: Path) -> None:
    with pytest.raises(XiangyunError, match="none/key cannot be written"):
        enrol(folder, estate, "office", tmp_path / "none" / "key")
    (folder / "roles").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(XiangyunError, match=r"roles/office\.pem cannot be written"):
        enrol(folder, estate, "office", tmp_path / "key")
    assert not (tmp_path / "key").exists()
    (folder / "roles").unlink()
    enrol(folder, estate, "office", tmp_path / "key")
    with pytest.raises(InputError, match="no such key file"):
        sign(folder, estate, Ledger(folder / ".xiangyun"), estate.projects["project:1"], "office", tmp_path / "other", approve=True, note="")


def test_one_key_does_not_sign_for_two_roles(folder: Path, estate: Estate, tmp_path: Path) -> None:
    """A copied public key would let one hand approve alone."""
    ledger, project = Ledger(folder / ".xiangyun"), estate.projects["project:1"]
    enrol(folder, estate, "office", tmp_path / "key")
    sign(folder, estate, ledger, project, "office", tmp_path / "key", approve=True, note="")
    (folder / "roles" / "money.pem").write_bytes((folder / "roles" / "office.pem").read_bytes())
    with pytest.raises(InputError, match="money and office are enrolled with one key"):
        sign(folder, estate, ledger, project, "money", tmp_path / "key", approve=True, note="")
    assert standing(folder, estate, ledger, project).missing == ("office", "money")
    (folder / "roles" / "money.pem").unlink()
    assert standing(folder, estate, ledger, project).missing == ("money",)


def test_a_forged_entry_counts_for_nothing(folder: Path, estate: Estate, tmp_path: Path) -> None:
    """Whoever can write the ledger still cannot sign for a role."""
    ledger, project = Ledger(folder / ".xiangyun"), estate.projects["project:1"]
    enrol(folder, estate, "office", tmp_path / "office")
    sign(folder, estate, ledger, project, "office", tmp_path / "office", approve=False, note="no")
    said = json.loads(ledger.entries()[-1].note)
    ledger.record("intake.review", project.id, note=json.dumps({**said, "verdict": "approve"}))
    ledger.record("intake.review", project.id, note="not json")
    ledger.record("intake.review", project.id, note=json.dumps({**said, "signature": "%%%"}))
    (verdict,) = standing(folder, estate, ledger, project).verdicts
    assert not verdict.approve
