"""Policy packs of `pulumi_policy`, unchanged, against the embedded engine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental import provider as sdk

import stacks.policies
from stacks.engine import StackError
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Thing, World, counts, records
from tests.stacks.packs import pack

PROVINCE = Path(stacks.policies.__path__[0]) / "province"


def big() -> None:
    Thing("a", size=9)
    Thing("b", size=7)


def test_a_preview_names_every_violation_and_fails(make: Make, tmp_path: Path) -> None:
    with pytest.raises(StackError) as caught:
        make(big).preview(policy_packs=[pack(tmp_path / "house")])
    assert caught.value.lines == (
        "error: mem:index:Thing (a): policy house@v1.2.3: small (mandatory): Things are small. a is too big",
        "error: mem:index:Thing (b): policy house@v1.2.3: small (mandatory): Things are small. b is too big",
    )
    assert not [name for name in sys.modules if name == "rules"]


def test_a_mandatory_violation_ends_an_update_before_the_provider_is_called(make: Make, world: World, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="small"):
        make(big).up(policy_packs=[pack(tmp_path / "house")], parallel=1)
    assert world.only("create") == []


def test_an_advisory_one_is_said_only(make: Make, tmp_path: Path) -> None:
    events: list[Any] = []
    result = make(big).up(policy_packs=[pack(tmp_path / "house", level="ADVISORY")], on_event=events.append)
    assert counts(result) == {"create": 3}
    assert "warning: mem:index:Thing (a): policy house@v1.2.3: small (advisory): Things are small. a is too big" in result.stdout
    said = [event.policy_event for event in events if event.policy_event]
    assert {(item.policy_name, item.policy_pack_name, item.enforcement_level) for item in said} == {("small", "house", "advisory")}


@pytest.mark.parametrize(
    ("config", "violations"),
    [({}, 2), ({"small": {"limit": 8}}, 1), ({"small": "disabled"}, 0), ({"all": "disabled"}, 0), ({"all": "advisory", "small": "mandatory"}, 2)],
)
def test_settings_and_levels_are_configured(make: Make, tmp_path: Path, config: dict[str, Any], violations: int) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    options: dict[str, Any] = {"policy_packs": [pack(tmp_path / "house")], "policy_pack_configs": [tmp_path / "config.json"]}
    if violations:
        with pytest.raises(StackError) as caught:
            make(big).preview(**options)
        assert len(caught.value.lines) == violations
    else:
        make(big).preview(**options)


def test_a_remediation_changes_the_inputs_before_the_provider_sees_them(make: Make, world: World, tmp_path: Path) -> None:
    policies = 'ResourceValidationPolicy("small", "Things are small.", small, remediate=shrink)'
    folder = pack(tmp_path / "house", policies, "REMEDIATE")

    def program() -> None:
        Thing("a", size=9, word=pulumi.Output.secret("hunter2"))

    stack = make(program)
    result = stack.up(policy_packs=[folder])
    assert "policy house@v1.2.3: small changed it" in result.stdout
    assert world.named("a")["size"] == 5
    assert "plaintext" in records(stack)["a"]["inputs"]["word"]  # still secret
    assert counts(stack.up(policy_packs=[folder])) == {"same": 2}


def test_a_stack_policy_sees_all_resources_with_their_outputs(make: Make, tmp_path: Path) -> None:
    folder = pack(tmp_path / "house", 'StackValidationPolicy("few", "Few things.", few)')
    stack = make(lambda: Group("g", 3) and None)
    with pytest.raises(StackError, match="too many: g-0 arn:g-0, g-1 arn:g-1, g-2 arn:g-2"):
        stack.up(policy_packs=[folder])


def test_what_is_not_known_yet_is_no_violation(make: Make, tmp_path: Path) -> None:
    def program() -> None:
        Thing("b", size=Thing("a").rev)

    result = make(program).preview(policy_packs=[pack(tmp_path / "house")])
    assert "can't run policy 'small'" in result.stdout


def test_a_policy_that_raises_is_named_by_its_line(make: Make, tmp_path: Path) -> None:
    head = "from pulumi_policy import *\ndef small(args, report_violation):\n    1 / 0\n"
    with pytest.raises(StackError, match=r"policy pack house@v1\.2\.3 failed: ZeroDivisionError: division by zero \(.*__main__\.py:3\)"):
        make(big).preview(policy_packs=[pack(tmp_path / "house", head=head)])


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda folder: (folder / "PulumiPolicy.yaml").unlink(), "is no policy pack: PulumiPolicy.yaml cannot be read"),
        (lambda folder: (folder / "PulumiPolicy.yaml").write_text("runtime: nodejs\n"), "runtime nodejs: only policy packs in Python run here"),
        (lambda folder: (folder / "PulumiPolicy.yaml").write_text("a: [\n"), "is not YAML"),
        (lambda folder: (folder / "__main__.py").unlink(), "there is no __main__.py"),
        (lambda folder: (folder / "__main__.py").write_text("x = 1\n"), "makes no PolicyPack"),
        (lambda folder: (folder / "__main__.py").write_text("import nowhere\n"), "cannot be loaded: ModuleNotFoundError: No module named 'nowhere'"),
        (lambda folder: (folder / "__main__.py").write_text("exit()\n"), "its program ended itself"),
    ],
)
def test_a_folder_that_is_no_pack_is_named(make: Make, tmp_path: Path, break_it: Any, words: str) -> None:
    folder = pack(tmp_path / "house")
    break_it(folder)
    with pytest.raises(StackError, match=r"policy pack|PulumiPolicy") as caught:
        make(big).preview(policy_packs=[folder])
    assert words in caught.value.lines[0]


def test_all_faults_of_a_configuration_are_told_at_once(make: Make, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"smal": "mandatory", "small": {"enforcementLevel": "strict", "limit": "five"}}')
    with pytest.raises(StackError) as caught:
        make(big).preview(policy_packs=[pack(tmp_path / "house")], policy_pack_configs=[tmp_path / "config.json"])
    text = "\n".join(caught.value.lines)
    assert "there is no policy smal: there are small" in text
    assert "enforcement level 'strict': known are advisory, mandatory, remediate, disabled" in text
    assert 'setting limit is "five": it must be of type number' in text
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(StackError, match="is not JSON"):
        make(big).preview(policy_packs=[tmp_path / "house"], policy_pack_configs=[tmp_path / "config.json"])


def test_the_provinces_pack_closes_login_ports_and_wants_a_system_on_every_server(make: Make) -> None:
    """With the types' own names, and a provider that only echoes."""

    class Other(pulumi.CustomResource):
        def __init__(self, kind: str, name: str, **inputs: Any) -> None:
            super().__init__(f"xiangyun:{kind}", name, inputs)

    def program() -> None:
        for name, inputs in {
            "open": {"protocol": "tcp", "portMin": 20, "portMax": 25, "remotePrefix": ""},
            "all": {"protocol": "", "portMin": 0, "portMax": 0, "remotePrefix": "0.0.0.0/0"},
            "known": {"protocol": "tcp", "portMin": 22, "portMax": 22, "remotePrefix": "2001:db8::/32"},
            "web": {"protocol": "tcp", "portMin": 80, "portMax": 80, "remotePrefix": ""},
            "out": {"direction": "egress", "protocol": "", "portMin": 0, "portMax": 0, "remotePrefix": ""},
        }.items():
            Other("network:SecurityGroupRule", name, **inputs)
        Other("compute:Server", "nobodys", metadata={})
        Other("compute:Server", "first", metadata={"system": "system:1"})
        Other("compute:Server", "second", metadata={"system": "system:1"})

    class Echo(sdk.Provider):
        async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
            return sdk.CreateResponse(None, request.properties)

    lines: list[str] = []
    with pytest.raises(StackError) as caught:
        make(program, providers={"xiangyun": Echo}).preview(policy_packs=[PROVINCE], on_output=lines.append)
    assert sorted(line.split(": ")[1].split(" ", 1)[1] + " " + line.split(": ")[3].split(" ")[0] for line in caught.value.lines) == [
        "(all) no-open-login",
        "(nobodys) server-names-its-system",
        "(open) no-open-login",
    ]
    assert any("system:1 has two servers: first and second" in line for line in lines)
