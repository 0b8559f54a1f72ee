"""How `xiangyun cloud` runs: targets, saved plans, events, policy packs, refresh, several clouds side by side; and `cloud state` and `cancel`."""

from __future__ import annotations

import json
import os
import shutil
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent
from typer.testing import CliRunner, Result

import stacks.policies
from ledger import Ledger
from stacks.engine.journal import Lock
from stacks.programs.cloud import stack_of
from stacks.provider.base import Remote
from tests.stacks.conftest import Kinds, loaded
from tests.stacks.fakecloud import FakeCloud

PROVINCE, HPC, CITY = "cloud:hn-province", "cloud:hn-hpc", "cloud:430100"
QUOTA = ("{cores: 64,", "{cores: 65,")
PACK = Path(stacks.policies.__path__[0]) / "province"


def run(estate: Path, *words: str) -> Result:
    from cli.cloud import app

    return CliRunner().invoke(app, [*words, "--estate", str(estate)])


def edit(estate: Path, old: str, new: str) -> None:
    file = estate / "clouds.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


@pytest.fixture
def three(estate: Path) -> Path:
    """Three of the province's clouds can be reached."""
    names = {"province": PROVINCE, "hpc": HPC, "city": CITY}
    for name in ("hpc", "city"):
        edit(estate, f"  - id: {names[name]}\n", f"  - id: {names[name]}\n    os_cloud: {name}\n")
    auth = "{auth_url: 'http://127.0.0.1:1/v3', username: a, password: p, project_name: a, user_domain_name: d, project_domain_name: d}"
    (estate / ".xiangyun" / "clouds.yaml").write_text("clouds:\n" + "".join(f"  {name}: {{auth: {auth}}}\n" for name in names))
    return estate


_applied: list[tuple[Path, dict[str, dict[str, Remote]]]] = []


@pytest.fixture
def applied(estate: Path, cloud: FakeCloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `up` made is made once, and copied for each test."""
    state = estate / ".xiangyun"
    if not _applied:
        assert run(estate, "up", "--yes").exit_code == 0
        cloud.calls.clear()
        _applied.append((Path(shutil.copytree(state, tmp_path_factory.mktemp("applied") / "state")), deepcopy(cloud.objects)))
    folder, objects = _applied[0]
    shutil.rmtree(state)
    shutil.copytree(folder, state)
    cloud.objects, cloud.numbers = deepcopy(objects), count(1_000)
    return estate


def test_only_the_targets_are_touched(applied: Path, cloud: FakeCloud) -> None:
    edit(applied, *QUOTA)
    edit(applied, "name: x86.large, pool: pool:hn-x86, vcpus: 8", "name: x86.large, pool: pool:hn-x86, vcpus: 9")
    found = run(applied, "up", "--yes", "--target", "Flavor::x86.*", "--parallel", "1")
    assert found.exit_code == 0, found.output
    assert cloud.calls == [("delete", "Flavor", "x86.large"), ("create", "Flavor", "x86.large")]
    assert run(applied, "preview", "--exclude", "ComputeQuota::*").exit_code == 0
    assert run(applied, "preview").exit_code == 3


def test_a_target_that_is_nothing_is_named(applied: Path) -> None:
    found = run(applied, "up", "--yes", "--target", "nonesuch")
    assert (found.exit_code, found.stderr) == (1, f"xiangyun: {PROVINCE}: no resource named nonesuch found\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", "a", "--exclude", "b"], "--target and --exclude cannot be given together"),
        (["--all", "--cloud", PROVINCE], "--all and --cloud cannot be given together"),
        (["--policy-pack", "/nonesuch"], "/nonesuch is no policy pack"),
        (["--cloud", "cloud:nope"], "the estate has no cloud cloud:nope"),
    ],
)
def test_wrong_use_is_one_line_and_nothing_is_touched(estate: Path, cloud: FakeCloud, words: list[str], said: str) -> None:
    found = run(estate, "preview", *words)
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)
    assert said in found.stderr
    assert cloud.calls == []


def test_a_saved_plan_is_done_exactly_or_not_at_all(applied: Path, cloud: FakeCloud) -> None:
    plan = applied / "plan.json"
    edit(applied, *QUOTA)
    assert run(applied, "preview", "--save-plan", str(plan)).exit_code == 3
    edit(applied, "{cores: 65,", "{cores: 66,")
    edit(applied, "      - {name: x86.small", "      - {name: x86.tiny, pool: pool:hn-x86, vcpus: 1, memory_mib: 512, disk_gib: 5}\n      - {name: x86.small")
    found = run(applied, "up", "--yes", "--plan", str(plan))
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        f"xiangyun: {PROVINCE}: xiangyun:compute:Flavor x86.tiny: create is asked for now and was not approved",
        f"xiangyun: {PROVINCE}: xiangyun:compute:ComputeQuota 430000-0001: cores: 65 was approved, 66 is asked for now",
        f"xiangyun: {plan} is not what is asked for now: nothing was done; preview again and have it approved",
    ]
    edit(applied, "{cores: 66,", "{cores: 65,")
    edit(applied, "      - {name: x86.tiny, pool: pool:hn-x86, vcpus: 1, memory_mib: 512, disk_gib: 5}\n", "")
    cloud.change("xiangyun:network:Network", "hn-cloud", mtu=1400)
    assert "Network hn-cloud: update is asked for now and was not approved" in run(applied, "up", "--yes", "--plan", str(plan)).stderr
    assert cloud.calls == []
    cloud.change("xiangyun:network:Network", "hn-cloud", mtu=1500)
    assert run(applied, "up", "--yes", "--plan", str(plan)).exit_code == 0
    assert cloud.calls == [("update", "ComputeQuota", "")]


def test_a_plan_keeps_its_targets(applied: Path, cloud: FakeCloud) -> None:
    plan = applied / "plan.json"
    edit(applied, *QUOTA)
    edit(applied, "name: x86.large, pool: pool:hn-x86, vcpus: 8", "name: x86.large, pool: pool:hn-x86, vcpus: 9")
    run(applied, "preview", "--save-plan", str(plan), "--target", "x86.large")
    assert run(applied, "up", "--yes", "--plan", str(plan)).exit_code == 0
    assert {call[1] for call in cloud.calls} == {"Flavor"}


def test_what_is_no_plan_is_refused(applied: Path) -> None:
    plan = applied / "plan.json"
    edit(applied, *QUOTA)
    run(applied, "preview", "--save-plan", str(plan))
    text = plan.read_text()
    for written, words in (
        (text.replace('"cores": 65', '"cores": 64'), "was changed after it was saved"),
        ("{", "is not a saved plan: it is not JSON"),
        ("[]", "is not a saved plan: it is no JSON object"),
        ("{}", "is not a saved plan: make one with"),
        (text.replace('"format": 1', '"format": 2'), "has plan format 2"),
    ):
        plan.write_text(written)
        found = run(applied, "up", "--yes", "--plan", str(plan))
        assert found.exit_code == 2
        assert words in found.stderr
    plan.write_text(text)
    assert "these were named: cloud:hn-hpc" in run(applied, "up", "--yes", "--plan", str(plan), "--cloud", HPC).stderr
    assert "give them to preview" in run(applied, "up", "--yes", "--plan", str(plan), "--target", "x").stderr


def test_what_changes_between_the_question_and_the_answer_is_not_done(applied: Path, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The estate is read once; the cloud may be changed while somebody reads the plan."""
    edit(applied, *QUOTA)
    monkeypatch.setattr("cli.cloud.confirm", lambda *_: cloud.of("xiangyun:image:Image").clear())
    found = run(applied, "up", "--yes")
    assert found.exit_code == 1
    assert "Image (debian-12): not in the plan, and not done: create was not approved" in found.stderr
    assert ("create", "Image", "debian-12") not in cloud.calls


def test_events_are_pulumis_one_a_line(estate: Path, cloud: FakeCloud) -> None:
    file = estate / "events.jsonl"
    assert run(estate, "up", "--yes", "--events", str(file)).exit_code == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["cloud"] for line in lines} == {PROVINCE}
    events = [EngineEvent.from_json(line) for line in lines]
    assert sum(event.summary_event is not None for event in events) == 2  # of the preview and of the update
    created = [event.res_outputs_event for event in events if event.res_outputs_event and event.res_outputs_event.metadata.op.value == "create"]
    assert len([event for event in created if not event.planning]) == 62  # the default provider too
    found = run(estate, "up", "--yes", "--events", "/nonesuch/events")
    assert (found.exit_code, found.stderr) == (1, "xiangyun: /nonesuch/events cannot be written: No such file or directory\n")


def test_a_policy_pack_forbids_before_anything_is_done(estate: Path, cloud: FakeCloud) -> None:
    found = run(estate, "up", "--yes", "--policy-pack", str(PACK))
    assert found.exit_code == 1
    assert "(430224-0001-tcp-22): policy xiangyun-province@v1.0.0: no-open-login (mandatory)" in found.stderr
    assert cloud.calls == []
    config = estate / "policies.json"
    config.write_text('{"no-open-login": "advisory"}')
    found = run(estate, "up", "--yes", "--policy-pack", str(PACK), "--policy-pack-config", str(config))
    assert found.exit_code == 0
    assert "warning: xiangyun:network:SecurityGroupRule (430224-0001-tcp-22): policy" in found.stderr


def test_refresh_takes_what_is_there_into_the_state_and_touches_nothing(applied: Path, cloud: FakeCloud) -> None:
    assert run(applied, "refresh", "--yes").output == f"{PROVINCE}: nothing to do\n"
    cloud.change("xiangyun:network:Network", "hn-cloud", mtu=1400)
    found = run(applied, "refresh", "--yes")
    assert found.exit_code == 0
    assert "mtu: 1500 → 1400" in found.output
    assert cloud.calls == []
    assert run(applied, "drift").exit_code == 0
    assert "mtu: 1400 → 1500" in run(applied, "preview", "--no-refresh").output
    assert [entry.what for entry in Ledger(applied / ".xiangyun").entries()] == ["cloud.up", "cloud.refresh"]


def test_what_replaces_a_resource_is_marked(applied: Path) -> None:
    edit(applied, "name: x86.large, pool: pool:hn-x86, vcpus: 8, memory_mib: 16384", "name: x86.large, pool: pool:hn-x86, vcpus: 9, memory_mib: 16384")
    assert "± xiangyun:compute:Flavor x86.large\n      vcpus: 8 → 9  (replaced because of this)\n" in run(applied, "preview").output
    (found,) = json.loads(run(applied, "preview", "--json").output)
    assert found["changes"][0]["replaced_because"] == ["vcpus"]


def test_clouds_side_by_side_and_the_one_that_is_down_fails_alone(three: Path, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """In processes, so that what they make in the fake's memory ends with them; their states do not."""
    whole = cloud.connect

    def connect(name: str, folder: Any) -> FakeCloud:
        cloud.refuse = "does not answer: Connection refused" if name == "hpc" else ""
        return whole(name, folder)

    monkeypatch.setattr("stacks.provider.provider.Cloud", connect)
    found = run(three, "up", "--all", "--yes", "--jobs", "3", "--events", str(three / "events.jsonl"))
    assert found.exit_code == 1
    assert found.stderr == f"xiangyun: {HPC}: cloud hpc: does not answer: Connection refused\n"
    assert found.stdout.splitlines()[-2:] == [f"{PROVINCE}: 61 created", f"{CITY}: 29 created"]
    assert cloud.calls == []
    assert {json.loads(line)["cloud"] for line in (three / "events.jsonl").read_text().splitlines()} == {PROVINCE, HPC, CITY}
    listed = json.loads(run(three, "state", "list", "--json").output)
    assert {item["cloud"]: len(item["resources"]) for item in listed} == {PROVINCE: 62, HPC: 0, CITY: 30}
    assert sorted(entry.on for entry in Ledger(three / ".xiangyun").entries()) == [CITY, PROVINCE]


def test_a_plan_for_several_clouds_does_nothing_if_one_cannot_be_asked(three: Path, cloud: FakeCloud) -> None:
    plan = three / "plan.json"
    assert run(three, "preview", "--all", "--jobs", "1", "--save-plan", str(plan)).exit_code == 3
    assert set(json.loads(plan.read_text())["clouds"]) == {PROVINCE, HPC, CITY}
    cloud.refuse = "does not answer"
    found = run(three, "up", "--plan", str(plan), "--yes", "--jobs", "1")
    assert found.exit_code == 1
    assert found.stderr.splitlines()[-1] == f"xiangyun: {plan}: nothing was done"
    assert cloud.calls == []


def test_faults_of_all_clouds_logins_are_told_at_once(three: Path, cloud: FakeCloud) -> None:
    file = three / ".xiangyun" / "clouds.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if line.startswith(("clouds", "  province"))))
    found = run(three, "up", "--yes")
    assert found.exit_code == 2
    assert [line.split(": no such entry")[0].split(": ")[-1] for line in found.stderr.splitlines()] == ["cloud hpc", "cloud city"]
    assert cloud.calls == []


def test_the_state_is_listed_shown_and_changed_by_hand(applied: Path, cloud: FakeCloud) -> None:
    assert "  xiangyun:compute:Flavor x86.small flavor-" in run(applied, "state", "list").output
    assert "vcpus: 1" in run(applied, "state", "show", "x86.small").output
    assert json.loads(run(applied, "state", "show", "x86.small", "--json").output)["inputs"]["vcpus"] == 1
    found = run(applied, "state", "rm", "x86.medium", "--yes")
    assert found.exit_code == 1
    assert "xiangyun:compute:Flavor x86.medium is needed by xiangyun:compute:Server 430224-0001" in found.stderr
    assert run(applied, "state", "rm", "x86.small").exit_code == 2  # nobody can be asked
    assert run(applied, "state", "mv", "x86.small", "x86.mini", "--yes").exit_code == 0
    assert "+ xiangyun:compute:Flavor x86.small" in run(applied, "preview").output
    assert run(applied, "state", "mv", "x86.mini", "x86.small", "--yes").exit_code == 0
    assert run(applied, "preview").exit_code == 0
    assert run(applied, "state", "rm", "x86.small", "--yes").exit_code == 0
    assert run(applied, "state", "unprotect", "--all", "--yes").output == f"{PROVINCE}: nothing of this was protected\n"
    assert run(applied, "state", "unprotect").exit_code == 2
    assert cloud.calls == []
    (runs,) = json.loads(run(applied, "state", "history", "--json").output)
    assert [item["kind"] for item in runs["runs"]] == ["state unprotect", "state rm", "state mv", "state mv", "update"]
    assert all(item["who"] and item["result"] == "succeeded" for item in runs["runs"])
    assert runs["runs"][-1]["changes"] == {"create": 61}
    notes = [(entry.what, entry.note) for entry in Ledger(applied / ".xiangyun").entries()]
    assert notes[1:] == [("cloud.state", "mv x86.small x86.mini"), ("cloud.state", "mv x86.mini x86.small"), ("cloud.state", "rm x86.small")]


def test_a_state_goes_out_as_pulumis_json_and_comes_back(applied: Path, cloud: FakeCloud) -> None:
    file = applied / "state.json"
    assert run(applied, "state", "export", "--output", str(file)).exit_code == 0
    data = json.loads(file.read_text())
    assert data["version"] == 3
    assert json.loads(run(applied, "state", "export").output)["deployment"]["resources"] == data["deployment"]["resources"]
    run(applied, "state", "rm", "x86.small", "--yes")
    found = run(applied, "state", "import", str(file), "--yes")
    assert found.exit_code == 0
    assert "61 resources stay in the state, 1 are added, 0 are taken out" in found.output
    assert run(applied, "preview").exit_code == 0
    for text, words in (("{", "it is not JSON"), ("{}", "is not a deployment"), ('{"version": 2, "deployment": {}}', "deployment version 2")):
        file.write_text(text)
        found = run(applied, "state", "import", str(file), "--yes")
        assert found.exit_code in (1, 2)
        assert words in found.stderr
    assert run(applied, "preview").exit_code == 0


def test_the_state_of_a_cloud_where_nothing_was_done_is_empty(estate: Path, cloud: FakeCloud) -> None:
    assert run(estate, "state", "list").output == f"{PROVINCE}: 0 resources\n"
    assert run(estate, "state", "history").output == f"{PROVINCE}: nothing was run yet\n"
    for command in (["export"], ["rm", "x", "--yes"], ["show", "x"]):
        assert run(estate, "state", *command).exit_code == 1
    assert not list((estate / ".xiangyun").glob("stacks/**/*.sqlite"))


def test_cancel_stops_a_run_at_a_safe_point(estate: Path, cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(estate, "cancel").output == f"{PROVINCE}: nobody holds it\n"
    real = kinds["xiangyun:image:Image"].create
    said: list[Result] = []

    def first(*arguments: Any) -> Any:
        if not said:
            said.append(run(estate, "cancel", "--yes"))
        return real(*arguments)

    monkeypatch.setattr(kinds["xiangyun:image:Image"], "create", first)
    found = run(estate, "up", "--yes", "--parallel", "1")
    assert found.exit_code == 130
    assert said[0].output.startswith(f"{PROVINCE}: process {os.getpid()} of ")
    assert "was asked to stop" in said[0].output
    assert "interrupted: run it again to go on" in found.stderr
    (runs,) = json.loads(run(estate, "state", "history", "--json").output)
    assert [item["result"] for item in runs["runs"]] == ["failed"]
    assert run(estate, "up", "--yes").exit_code == 0


def test_a_run_on_another_machine_is_not_stopped_from_here(applied: Path) -> None:
    file = stack_of(loaded(applied), PROVINCE, applied / ".xiangyun").file.with_suffix(".lock")
    lock = Lock(file, "x")
    try:
        file.write_text(json.dumps({"process": 1, "who": "li", "host": "elsewhere", "since": "2026-01-01T00:00:00Z"}))
        found = run(applied, "cancel", "--yes")
        assert (found.exit_code, found.stderr.count("\n")) == (1, 1)
        assert "process 1 of li@elsewhere since 2026-01-01T00:00:00Z runs on it, on another machine" in found.stderr
    finally:
        lock.release()
