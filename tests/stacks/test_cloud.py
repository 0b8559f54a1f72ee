"""`xiangyun cloud` from the estate to the cloud's objects, on a cloud in memory behind the real engine and provider."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from inventory.edit import set_fields
from inventory.errors import InputError, XiangyunError
from inventory.load import load_estate
from inventory.model import Estate
from stacks import api, operations
from stacks.engine import Stack
from stacks.programs.cloud import stack_of
from tests.stacks.conftest import Kinds, loaded
from tests.stacks.fakecloud import FakeCloud

PROVINCE = "cloud:hn-province"


def run(estate: Path, *words: str) -> Result:
    from cli.cloud import app

    return CliRunner().invoke(app, [*words, "--estate", str(estate), "--scope", "pilot"])


def test_preview_up_nothing_to_do_drift_and_destroy_by_their_exit_codes(estate: Path, cloud: FakeCloud) -> None:
    found = run(estate, "preview")
    assert found.exit_code == 3, found.output
    assert 'address: "2001:db8:4300:c10::31"' in found.output
    assert 'flavor: "(known after up)"' in found.output
    assert cloud.calls == []
    assert run(estate, "up").exit_code == 2  # nobody can be asked
    assert run(estate, "up", "--yes").exit_code == 0
    again = run(estate, "up", "--yes")
    assert (again.exit_code, again.output) == (0, f"{PROVINCE}: nothing to do\n")
    assert run(estate, "preview").exit_code == 0
    assert run(estate, "drift").exit_code == 0
    cloud.change("xiangyun:compute:Flavor", "x86.medium", extraSpecs={})
    cloud.of("xiangyun:network:Subnet").clear()
    drift = run(estate, "drift")
    assert drift.exit_code == 3
    assert 'xiangyun:compute:Flavor x86.medium\n      extraSpecs.trait:CUSTOM_POOL_X86: "required" → (none)' in drift.output
    assert "xiangyun:network:Subnet hn-cloud is gone" in drift.output
    assert run(estate, "drift").exit_code == 3  # asking took nothing into the state
    assert run(estate, "up", "--yes").exit_code == 0
    assert cloud.named("xiangyun:compute:Flavor", "x86.medium").inputs["extraSpecs"] == {"trait:CUSTOM_POOL_X86": "required"}
    assert run(estate, "drift").exit_code == 0
    assert run(estate, "destroy", "--yes").exit_code == 0
    assert not any(cloud.objects.values())


def test_json_has_plan_digest_changes_and_counts(estate: Path, cloud: FakeCloud) -> None:
    found = json.loads(run(estate, "preview", "--json").output)
    assert [item["cloud"] for item in found] == [PROVINCE]
    assert found[0]["counts"] == {"create": 61}
    assert json.loads(run(estate, "preview", "--json").output)[0]["digest"] == found[0]["digest"]
    done = json.loads(run(estate, "up", "--yes", "--json").output)
    assert done[0]["counts"] == {"create": 61}
    assert done[0]["before"] != done[0]["after"]
    landing = json.loads(run(estate, "outputs", "--json").output)[PROVINCE]["landings"]["system:430224-0001"]
    assert landing["address"] == "2001:db8:4300:c10::31"


def test_up_is_recorded_in_the_ledger_with_the_plans_digest(estate: Path, cloud: FakeCloud) -> None:
    from ledger import Ledger

    run(estate, "up", "--yes")
    run(estate, "up", "--yes")
    entries = [entry for entry in Ledger(estate / ".xiangyun").entries() if entry.what == "cloud.up"]
    assert len(entries) == 1
    assert entries[0].on == PROVINCE
    assert entries[0].note == "create 61"
    assert len(entries[0].evidence["plan"]) == 64


def test_a_cloud_that_refuses_is_one_line_that_names_it(estate: Path, cloud: FakeCloud) -> None:
    cloud.refuse = "refused user admin: wrong name or password"
    for command in (["preview"], ["up", "--yes"]):
        found = run(estate, *command)
        assert found.exit_code == 1
        assert found.stderr == f"xiangyun: {PROVINCE}: cloud province: refused user admin: wrong name or password\n"
    cloud.refuse = ""
    run(estate, "up", "--yes")
    cloud.refuse = "does not answer: Connection refused"
    assert run(estate, "drift").exit_code == 1
    assert run(estate, "drift").stderr.count("\n") == 1


def test_a_failed_create_names_the_resource_and_the_rest_is_kept(estate: Path, cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("no valid host was found")

    monkeypatch.setattr(kinds["xiangyun:compute:Server"], "create", full)
    found = run(estate, "up", "--yes")
    assert found.exit_code == 1
    assert f"xiangyun: {PROVINCE}: xiangyun:compute:Server (430224-0001): create failed: no valid host was found" in found.stderr
    assert len(cloud.of("xiangyun:network:Port")) == 1


def test_one_object_of_each_kind_follows_from_the_estate(estate: Path, cloud: FakeCloud) -> None:
    run(estate, "up", "--yes")
    whole = loaded(estate)
    entry = whole.clouds[PROVINCE]
    assert {remote.inputs["name"] for remote in cloud.of("xiangyun:compute:Flavor").values()} == {flavor.name for flavor in entry.flavors}
    hosts = {name for pool in entry.pools for group in pool.hosts for name in group.names}
    assert {remote.inputs["host"] for remote in cloud.of("xiangyun:placement:ProviderTraits").values()} == hosts
    assert len(cloud.of("xiangyun:identity:Project")) == len(entry.tenants)
    subnet = cloud.named("xiangyun:network:Subnet", "hn-cloud").inputs
    assert (subnet["cidr"], subnet["gateway"], subnet["dhcp"]) == ("2001:db8:4300:c10::/64", "2001:db8:4300:c10::1", False)
    network = cloud.named("xiangyun:network:Network", "hn-cloud").inputs
    assert (network["type"], network["physicalNetwork"], network["mtu"], network["shared"]) == ("flat", "extranet", 1500, False)
    port = cloud.named("xiangyun:network:Port", "430224-0001").inputs
    assert port["allowed"] == ["2001:db8:4300:5000::1/128"]
    rules = cloud.of("xiangyun:network:SecurityGroupRule").values()
    assert sorted(rule.inputs["portMin"] for rule in rules) == [0, *sorted(entry.landings[0].ports)]
    assert cloud.named("xiangyun:compute:Keypair", "hn-province-ops").inputs["publicKey"] == "ssh-ed25519 AAAA test"


def test_each_type_is_listed_once_a_run(estate: Path, cloud: FakeCloud) -> None:
    run(estate, "up", "--yes")
    cloud.lists.clear()
    operations.drift(loaded(estate), PROVINCE, estate / ".xiangyun")
    assert len(cloud.lists) == len(set(cloud.lists))


def test_a_changed_quota_updates_and_a_changed_flavor_is_deleted_first(estate: Path, cloud: FakeCloud) -> None:
    run(estate, "up", "--yes")
    file = estate / "clouds.yaml"
    text = file.read_text()
    text = text.replace("{cores: 64,", "{cores: 65,", 1)
    file.write_text(text.replace("name: x86.large, pool: pool:hn-x86, vcpus: 8", "name: x86.large, pool: pool:hn-x86, vcpus: 9", 1))
    cloud.calls.clear()
    found = run(estate, "preview")
    assert "~ xiangyun:compute:ComputeQuota 430000-0001\n      cores: 64 → 65" in found.output
    assert "± xiangyun:compute:Flavor x86.large\n      vcpus: 8 → 9" in found.output
    run(estate, "up", "--yes")
    assert [call for call in cloud.calls if call[1] == "Flavor"] == [("delete", "Flavor", "x86.large"), ("create", "Flavor", "x86.large")]
    assert [call for call in cloud.calls if call[1] != "Flavor"] == [("update", "ComputeQuota", "")]


def test_the_server_of_a_system(estate: Path, cloud: FakeCloud) -> None:
    whole, state = loaded(estate), estate / ".xiangyun"
    with pytest.raises(XiangyunError, match="run `xiangyun cloud up"):
        api.server_of(whole, state, "system:430224-0001")
    run(estate, "up", "--yes")
    found = api.server_of(whole, state, "system:430224-0001")
    assert (found.address, found.cloud) == ("2001:db8:4300:c10::31", PROVINCE)
    assert found.id in cloud.of("xiangyun:compute:Server")
    with pytest.raises(XiangyunError, match="lands in no reachable cloud"):
        api.server_of(whole, state, "system:430224-0002")


def test_what_is_wrong_with_the_input_is_said_before_anything_is_touched(estate: Path, cloud: FakeCloud) -> None:
    whole, state = loaded(estate), estate / ".xiangyun"
    with pytest.raises(InputError, match="cannot be reached"):
        stack_of(whole, "cloud:hn-hpc", state)
    with pytest.raises(InputError, match="has no cloud cloud:nowhere"):
        stack_of(whole, "cloud:nowhere", state)
    (state / "keys" / "ops.pub").unlink()
    with pytest.raises(InputError, match="ssh-keygen -y"):
        stack_of(whole, PROVINCE, state)
    assert run(estate, "up", "--yes").exit_code == 2
    assert cloud.calls == []


def test_another_province_needs_no_other_code(estate: Path, cloud: FakeCloud) -> None:
    """The same program on a cloud whose ids and names are all different."""
    whole = loaded(estate)
    entry = whole.clouds[PROVINCE]
    pools = tuple(pool.model_copy(update={"id": pool.id.replace("hn-", "xx-")}) for pool in entry.pools)
    flavors = tuple(flavor.model_copy(update={"pool": flavor.pool.replace("hn-", "xx-")}) for flavor in entry.flavors)
    other = entry.model_copy(update={"id": "cloud:xx", "pools": pools, "flavors": flavors})
    operations.up(whole.model_copy(update={"clouds": {"cloud:xx": other}}), "cloud:xx", estate / ".xiangyun")
    assert cloud.named("xiangyun:identity:Domain", "xx")
    assert cloud.named("xiangyun:compute:Aggregate", "xx-x86")


def test_the_passphrase_is_made_once_and_only_its_owner_reads_it(estate: Path, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XIANGYUN_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    run(estate, "up", "--yes")
    file = estate / ".xiangyun" / "keys" / "passphrase"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    run(estate, "preview")
    assert file.read_text() == before


def test_the_landing_needs_its_unit_as_a_tenant(estate: Path, cloud: FakeCloud) -> None:
    whole: Estate = loaded(estate)
    entry = whole.clouds[PROVINCE]
    without = entry.model_copy(update={"tenants": tuple(tenant for tenant in entry.tenants if tenant.unit != "unit:430224-0002")})
    changed = whole.model_copy(update={"clouds": {PROVINCE: without}})
    with pytest.raises(XiangyunError, match="is no tenant"):
        operations.preview(changed, PROVINCE, estate / ".xiangyun")


def test_ctrl_c_ends_at_a_safe_point_and_what_was_done_is_recorded(estate: Path, cloud: FakeCloud, kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger import Ledger

    real = kinds["xiangyun:compute:Flavor"].create

    once, heard, cancel = threading.Lock(), threading.Event(), Stack.cancel

    def hear(stack: Stack) -> None:
        cancel(stack)
        heard.set()

    def press(*arguments: Any) -> Any:
        if once.acquire(blocking=False):  # flavors are made side by side, and a second Ctrl-C would not wait
            os.kill(os.getpid(), signal.SIGINT)
        assert heard.wait(60)  # every flavor: what needs one comes after it
        return real(*arguments)

    monkeypatch.setattr(Stack, "cancel", hear)

    monkeypatch.setattr(kinds["xiangyun:compute:Flavor"], "create", press)
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with SIGINT ignored
    try:
        found = run(estate, "up", "--yes")
    finally:
        signal.signal(signal.SIGINT, inherited)
    assert found.exit_code == 130, found.output
    assert "interrupted" in found.stderr
    made = sum(len(items) for items in cloud.objects.values())
    assert made
    stack = stack_of(loaded(estate), PROVINCE, estate / ".xiangyun")
    exported = stack.export_stack().deployment or {}
    assert "pending_operations" not in exported
    assert len([record for record in exported["resources"] if record["type"].startswith("xiangyun:") and record["custom"]]) == made
    assert next(entry.note for entry in Ledger(estate / ".xiangyun").entries()).startswith("failed: interrupted")
    monkeypatch.setattr(kinds["xiangyun:compute:Flavor"], "create", real)
    assert run(estate, "up", "--yes").exit_code == 0
    assert made < sum(len(items) for items in cloud.objects.values())  # it did end before all was made


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("clouds.yaml", "clouds: {other: {}}\n", "its entry belongs into"),
        ("clouds.yaml", "clouds: {province: {auth: {username: a}}}\n", "auth_url"),
        ("clouds.yaml", "clouds: [\n", "is not YAML"),
        ("secure.yaml", "clouds: [\n", "is not YAML"),
        ("secure.yaml", "clouds: {}\n", "no password: it belongs into"),
    ],
)
def test_what_is_wrong_with_the_login_is_known_before_the_cloud_is_asked(estate: Path, cloud: FakeCloud, file: str, text: str, words: str) -> None:
    (estate / ".xiangyun" / file).write_text(text)
    for command in (["preview"], ["up", "--yes"], ["drift"]):
        found = run(estate, *command)
        assert (found.exit_code, found.stderr.count("\n")) == (2, 1)
        assert words in found.stderr
        assert file in found.stderr
    assert not cloud.calls


def test_a_cloud_in_which_a_system_stands_is_not_destroyed(estate: Path, cloud: FakeCloud) -> None:
    run(estate, "up", "--yes")
    before = load_estate(estate)
    set_fields(estate, "systems", "system:430224-0001", {"room": "", "cloud": PROVINCE})
    moved = load_estate(estate)
    with pytest.raises(InputError, match="system:430224-0001 stand there"):
        operations.refuse_if_systems_stand(moved, PROVINCE)
    operations.refuse_if_systems_stand(before, PROVINCE)
