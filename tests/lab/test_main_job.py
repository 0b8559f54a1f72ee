"""The main job on real counterparts, step by step, in this order; each step is also broken on purpose and must notice.

The commands are run as a user runs them, in processes of their own. Later tests stand on what earlier ones did.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from inventory.access import load_access
from migration import steps
from migration.context import Move
from migration.postgres import ReplicationError
from netconf.ssh import Shell, connect
from tests.lab.job import XIANGYUN, Job, wait
from tests.lab.pilot import Pilot

pytestmark = pytest.mark.lab
SCOPE = ("--scope", "pilot")
SYSTEM = "system:430224-0001"
ROOM = "room:430224-0001"


def start(job: Job, *words: str) -> subprocess.Popen[str]:
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
    return subprocess.Popen(job.command(*words), preexec_fn=default_sigint, **options)


def killed(process: subprocess.Popen[str], when: str) -> str:
    """Wait for a line that holds `when`, then SIGKILL; what was printed until then."""
    assert process.stdout
    seen = ""
    for line in process.stdout:
        seen += line
        if when in line:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return seen
    raise AssertionError(f"ended with {process.wait()} before {when!r}:\n{seen[-2000:]}")


def interrupted(process: subprocess.Popen[str], when: str) -> None:
    """Wait for a line that holds `when`, then Ctrl-C: exit 130, and no playbook and no folder of one is left."""
    assert process.stdout
    before = _folders()  # of runs that were killed here earlier
    for line in process.stdout:
        if when in line:
            process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    playbooks = ["pgrep", "-f", "ansible-playbook.*xiangyun-ansible-"]
    wait(lambda: subprocess.run(playbooks, capture_output=True, check=False).returncode == 1, 5, "a playbook goes on")
    assert _folders() <= before


def _folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("xiangyun-ansible-*"))


def default_sigint() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell starts background jobs with SIGINT ignored, and it is inherited


@pytest.fixture(scope="module")
def job(pilot: Pilot) -> Job:
    return Job(pilot.estate)


# 3: the network


def test_a_router_that_refuses_the_login_stops_the_push_before_anything_changes(job: Job) -> None:
    job.run("net", "plan", *SCOPE, expect=3)
    job.run("net", "plan", *SCOPE, "--accept")
    file = job.estate / ".xiangyun" / "access.yaml"
    good = file.read_text()
    head, device, tail = good.partition("device:zz-pe-2:")
    file.write_text(head + device + tail.replace("user: auto", "user: stranger", 1))
    try:
        said = job.run("net", "push", *SCOPE, "--yes", expect=1)
    finally:
        file.write_text(good)
    assert "nothing was changed" in said
    assert "device:zz-pe-2: refuses the login of stranger" in said
    assert "9 of 9 devices differ" in job.run("net", "diff", *SCOPE, expect=3)


def test_the_plan_is_pushed_and_then_nothing_differs(job: Job) -> None:
    assert "9 devices changed" in job.run("net", "push", *SCOPE, "--yes")
    assert "0 of 9 devices differ" in job.run("net", "diff", *SCOPE)
    assert "nothing to do" in job.run("net", "push", *SCOPE, "--yes")
    job.run("net", "plan", *SCOPE)


def test_traffic_takes_the_planned_path_and_stops_without_its_sid(job: Job) -> None:
    checks = {c["name"]: c for c in json.loads(job_out(job, "net", "verify", *SCOPE, "--negative", "--json"))}
    assert checks["path"]["ok"], checks["path"]
    assert "cl-pe-1 → zz-pe-1 → hn-core-1 → hn-cgw-1, and at no other router" in checks["path"]["detail"]
    assert any(name.startswith("20 MB over TCP") and c["ok"] for name, c in checks.items())
    assert any(name.startswith("without SID") and c["ok"] for name, c in checks.items())
    isolation = [c for name, c in checks.items() if "vpn:" in name]
    assert isolation
    assert all(c["ok"] is not None or "not run here" in c["detail"] for c in isolation)


def job_out(job: Job, *words: str) -> str:
    return subprocess.run(job.command(*words), capture_output=True, text=True, timeout=300, check=True).stdout


@pytest.mark.parametrize(
    ("device", "lines", "words"),
    [
        (
            "hn-cgw-1",
            ("router bgp 64512", "address-family ipv6 unicast", "no sid export explicit 5f00:4300:1:fe06::"),
            "5f00:4300:1:fe06:: (End.DT6) is not installed",
        ),
        ("zz-pe-1", ("interface eth3", "isis metric 1000"), "not planned"),
    ],
)
def test_verify_notices_what_someone_changed_on_a_device(job: Job, device: str, lines: tuple[str, ...], words: str) -> None:
    with job.device(device) as shell:
        shell.run("vtysh -c 'configure terminal' " + " ".join(f"-c '{line}'" for line in lines))
        if device == "zz-pe-1":  # both ends, so that the traffic really takes another way
            with job.device("cl-pe-1") as other:
                other.run("vtysh -c 'configure terminal' -c 'interface eth1' -c 'isis metric 1000'")
            time.sleep(3)  # SPF delay: there is no event to wait for that would not be what is tested
    assert words in job.run("net", "verify", *SCOPE, expect=3)
    job.run("net", "diff", *SCOPE, expect=3)
    job.run("net", "push", *SCOPE, "--yes")
    job.run("net", "verify", *SCOPE)


@pytest.mark.parametrize("when", ["stage:", "try: cl-pe-1", "verify:", "confirm:"])
def test_a_push_that_is_killed_is_finished_and_leaves_no_mixture(job: Job, when: str) -> None:
    file = job.estate / "links.csv"
    metric = 11 + ["stage:", "try: cl-pe-1", "verify:", "confirm:"].index(when)
    text = re.sub(r"(link:(?:zz-pe-1--cl-pe-1|hn-core-1--hn-cgw-1),.*?,\d+,)\d+(,9000)", rf"\g<1>{metric}\2", file.read_text())
    file.write_text(text)
    job.run("net", "plan", *SCOPE, "--accept")
    killed(start(job, "net", "push", *SCOPE, "--yes"), when)
    job.run("net", "resume", *SCOPE)
    differing = int(re.search(r"(\d+) of 9 devices differ", job_any(job, "net", "diff", *SCOPE))[1])  # type: ignore[index]
    assert differing in {0, 4}
    job.run("net", "push", *SCOPE, "--yes")
    assert "0 of 9" in job.run("net", "diff", *SCOPE)


def job_any(job: Job, *words: str) -> str:
    return subprocess.run(job.command(*words), capture_output=True, text=True, timeout=300, check=False).stdout


def test_a_device_takes_an_unconfirmed_change_back_by_itself(job: Job) -> None:
    """The timer alone, with the controller dead: the driver's own promise."""
    from netconf.drivers.frr import FrrDriver

    with job.device("cs-pe-2") as shell:
        driver = FrrDriver("cs-pe-2", "auto", "", optional_args={"shell": shell})
        driver.open()
        before = driver.get_config("running")["running"]
        driver.load_merge_candidate(config="interface eth1\n description nobody confirms this\n")
        driver.commit_config(message="test", revert_in=3)
        assert "nobody confirms this" in driver.get_config("running")["running"]
        wait(lambda: driver.get_config("running")["running"] == before, 20, "the change is still there")
        assert not driver.has_pending_commit()


# 4: the cloud


def test_a_wrong_password_is_one_line_and_changes_nothing(job: Job) -> None:
    secure = job.estate / ".xiangyun" / "secure.yaml"
    good = secure.read_text()
    secure.write_text(re.sub(r"password: .*", "password: sesame-1907", good))
    try:
        said = job.run("cloud", "preview", *SCOPE, expect=1)
    finally:
        secure.write_text(good)
    assert "cloud:hn-province" in said
    assert "Traceback" not in said
    assert "wrong name or password" in said
    assert "sesame-1907" not in said


def test_the_cloud_is_built_once(job: Job) -> None:
    job.run("cloud", "preview", *SCOPE, expect=3)
    job.run("cloud", "up", *SCOPE, "--yes")
    assert "nothing to do" in job.run("cloud", "up", *SCOPE, "--yes")
    job.run("cloud", "preview", *SCOPE)
    job.run("cloud", "drift", *SCOPE)


def test_drift_names_what_was_changed_behind_its_back(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    import openstack

    state = job.estate / ".xiangyun"
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(state / "clouds.yaml"))
    monkeypatch.setenv("OS_CLIENT_SECURE_FILE", str(state / "secure.yaml"))
    with openstack.connect(cloud="province") as cloud:
        flavor = next(f for f in cloud.compute.flavors() if f.name == "x86.medium")
        cloud.compute.update_flavor(flavor, description="changed by hand")
    said = job.run("cloud", "drift", *SCOPE, expect=3)
    assert "x86.medium" in said
    assert "changed by hand" in said
    job.run("cloud", "up", *SCOPE, "--yes")
    job.run("cloud", "drift", *SCOPE)


# 5: the migration


def hosts(job: Job, name: str) -> Shell:
    access = load_access(job.estate / ".xiangyun")
    return connect(name, access.host(name), access)


def serves(job: Job) -> bool:
    """Whether users are served: the hall's client goes on acknowledging writes."""
    with hosts(job, "asset:430224-0101") as shell:
        count = "sudo -n wc -l < /var/lib/client/acked.jsonl"
        before = int(shell.run(count).out)
        time.sleep(3)
        return int(shell.run(count).out) > before


def test_a_move_begins_only_if_its_network_can_follow(job: Job) -> None:
    """Without the scope there is no plan to push; it must be known before writes are stopped."""
    job.run("migrate", "approve", SYSTEM)
    said = job.run("migrate", "run", SYSTEM, "--yes", expect=1)
    assert "was never pushed" in said
    assert "stop writes" not in said
    job.run("migrate", "approve", SYSTEM)
    links = (job.estate / "links.csv").read_text("utf-8")
    (job.estate / "links.csv").write_text(links.replace(",10,9000,0,sample", ",20,9000,0,sample", 1), "utf-8")
    said = job.run("migrate", "run", SYSTEM, *SCOPE, "--yes", expect=1)
    (job.estate / "links.csv").write_text(links, "utf-8")
    assert "changes that were not pushed" in said
    assert serves(job)


def test_nothing_moves_without_an_approval(job: Job) -> None:
    assert "waits for approval" in job.run("migrate", "run", SYSTEM, *SCOPE, "--yes", expect=4)


def test_the_room_refuses_to_close_and_names_what_is_left(job: Job, tmp_path: Path) -> None:
    said = job.run("room", "retire", ROOM, "--media", str(media(tmp_path)), *SCOPE, "--yes", expect=3)
    assert f"{SYSTEM} 茶陵县就业信息登记系统 stands in it" in said


def test_a_move_is_taken_back_with_all_that_was_written_since(job: Job) -> None:
    recipes = job.estate / "migrations.yaml"
    recipe = recipes.read_text("utf-8")
    recipes.write_text(recipe.replace("watch_s: 15", "watch_s: 90"), "utf-8")
    job.run("migrate", "approve", SYSTEM)
    moving = start(job, "migrate", "run", SYSTEM, *SCOPE, "--yes", "--json")
    wait(lambda: "cut-over" in job_any(job, "migrate", "status") or moving.poll() is not None, 120, "no cut-over")
    with hosts(job, "asset:430224-0001") as old:  # an old place that cannot take over: the new one goes on serving
        old.run("sudo -n service postgresql stop")
        assert "svr-1" in job.run("migrate", "rollback", SYSTEM, *SCOPE, "--yes", expect=1)
        assert serves(job)
        old.run("sudo -n service postgresql start")
    job.run("migrate", "rollback", SYSTEM, *SCOPE, "--yes")
    out, _ = moving.communicate(timeout=120)
    assert moving.returncode == 0, out
    result = json.loads(out[out.index("{") :])
    recipes.write_text(recipe, "utf-8")
    assert result["state"] == "rolled back"
    assert result["acknowledged"] > 0
    assert result["lost"] == 0
    assert "stands in it" in job.run("room", "retire", ROOM, "--media", str(media(job.estate.parent)), *SCOPE, "--yes", expect=3)


def test_a_move_that_is_killed_goes_on_and_loses_no_acknowledged_write(job: Job) -> None:
    job.run("migrate", "approve", SYSTEM)
    interrupted(start(job, "migrate", "run", SYSTEM, *SCOPE, "--yes"), "prepare: Its files")
    killed(start(job, "migrate", "run", SYSTEM, *SCOPE, "--yes"), "state: prepared")
    killed(start(job, "migrate", "run", SYSTEM, *SCOPE, "--yes"), "switch and open")
    job.run("migrate", "run", SYSTEM, *SCOPE, "--yes")
    assert "done" in job.run("migrate", "status")
    assert "nothing to do" in job.run("migrate", "run", SYSTEM, *SCOPE, "--yes")
    assert "there is nothing to approve" in job.run("migrate", "approve", SYSTEM, expect=2)
    assert "done" in job.run("migrate", "status")
    assert "their data would be lost" in job.run("cloud", "destroy", *SCOPE, "--yes", expect=2)


def test_a_lost_write_is_found(job: Job) -> None:
    """A row that the client saw acknowledged is deleted behind everyone's back."""
    move = Move(job.estate, SYSTEM, "pilot", lambda _: None)
    measured = steps.no_write_lost(move, at_target=True)
    assert measured["acknowledged"] > 0
    with move.target() as target:
        move.database(target).sql("delete from records where id = (select id from records where client like 'hall%' order by seq limit 1)")
    with pytest.raises(ReplicationError, match=r"1 of \d+ acknowledged writes are not in the database"):
        steps.no_write_lost(move, at_target=True)


# 6: the room


def media(folder: Path) -> Path:
    file = folder / "media.csv"
    serials = ("WD-SMP224001A", "WD-SMP224001B", "WD-SMP224002A")
    file.write_text("serial,method,tool,verification,by\n" + "".join(f"{s},clear,sample,read back,operations on duty\n" for s in serials))
    return file


def test_a_medium_without_record_keeps_the_room_open(job: Job, tmp_path: Path) -> None:
    file = media(tmp_path)
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    assert "no sanitisation record for WD-SMP224002A" in job.run("room", "retire", ROOM, "--media", str(file), *SCOPE, "--yes", expect=3)


def test_the_room_stays_open_when_a_step_could_not_be_done(job: Job, tmp_path: Path) -> None:
    """No plan, nowhere to write, a host that refuses logins: each is known before a host is shut down."""
    retire = ("room", "retire", ROOM, "--media", str(media(tmp_path)), "--yes")
    assert "was never pushed" in job.run(*retire, expect=1)
    assert "cannot be written" in job.run(*retire, *SCOPE, "--out", "/proc/x", expect=1)
    with hosts(job, "asset:430224-0002") as shell:
        shell.run("sudo -n service ssh stop")
        try:
            assert "asset:430224-0002: no answer, which does not mean that they are off" in job.run(*retire, *SCOPE, expect=1)
        finally:
            shell.run("sudo -n service ssh start")
    assert "surveyed" in job.run("room", "show", ROOM)


def test_the_room_closes(job: Job, tmp_path: Path) -> None:
    killed(start(job, "room", "retire", ROOM, "--media", str(media(tmp_path)), *SCOPE, "--yes"), "shut down")
    killed(start(job, "room", "retire", ROOM, "--media", str(media(tmp_path)), *SCOPE, "--yes"), "try: cl-pe-1")
    job.run("room", "retire", ROOM, "--media", str(media(tmp_path)), *SCOPE, "--out", str(tmp_path / "out"), "--yes")
    certificate = (tmp_path / "out" / "room-430224-0001.html").read_text("utf-8")
    assert "机房关停证书" in certificate
    assert "WD-SMP224002A" in certificate
    with job.device("hn-core-1") as shell:
        assert "2001:db8:4302:2410::/64" not in shell.run("vtysh -c 'show bgp ipv6 unicast'").out


# 7: report and ledger


def test_the_auditor_checks_the_record_with_a_public_key_alone(job: Job, tmp_path: Path) -> None:
    job.run("report", "--out", str(tmp_path))
    assert "茶陵县就业信息登记系统" in (tmp_path / "inventory.html").read_text("utf-8")
    record, key = tmp_path / "ledger.jsonl", tmp_path / "ledger.pub"
    job.run("audit", "export", str(record))
    shutil.copy(job.estate / ".xiangyun" / "keys" / "ledger.pub", key)
    verify = [XIANGYUN, "audit", "verify", str(record), "--key", str(key)]
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    record.write_text(record.read_text().replace("room.closed", "room.opened"))
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "edited" in done.stdout + done.stderr
