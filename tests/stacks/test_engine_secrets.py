"""Secrets: marked all the way, never in clear on disk, in the CLI's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import Output, ResourceOptions

from stacks.engine import Stack, StackError
from stacks.engine.secrets import Crypter
from tests.stacks.conftest import Make
from tests.stacks.memory import Memory, Thing, World, counts, records

SIGNATURE = "4dabf18193072939515e22adb298388d"


def secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE) == "1b47061264138c4ac30d75fd1eb44270"


def test_secret_inputs_stay_secret_wherever_they_go(make: Make) -> None:
    def program() -> None:
        a = Thing("a", word=Output.secret("hunter2"), map={"inner": Output.secret("hunter3")})
        pulumi.export("word", a.word)  # type: ignore[attr-defined]
        pulumi.export("more", Output.concat("x-", a.word))  # type: ignore[attr-defined]
        pulumi.export("map", {"deep": a.word, "plain": 1})  # type: ignore[attr-defined]
        pulumi.export("arn", a.arn)

    stack = make(program)
    outputs = stack.up().outputs
    assert {key: item.secret for key, item in outputs.items()} == {"word": True, "more": True, "map": True, "arn": False}
    assert outputs["more"].value == "x-hunter2"
    assert outputs["map"].value == {"deep": "hunter2", "plain": 1}
    record = records(stack)["a"]
    assert secret(record["inputs"]["word"])
    assert record["inputs"]["word"]["plaintext"] == '"hunter2"'
    assert secret(record["outputs"]["word"])
    assert secret(record["inputs"]["map"]["inner"])
    files = b"".join(file.read_bytes() for file in stack.file.parent.glob("*"))
    assert b"hunter" not in files


def test_a_secret_that_becomes_plain_keeps_its_outputs_secret(make: Make) -> None:
    state: dict[str, Any] = {"word": lambda: Output.secret("w")}
    stack = make(lambda: Thing("a", word=state["word"]()) and None)
    stack.up()
    state["word"] = lambda: "w"
    assert counts(stack.up()) == {"same": 2}
    record = records(stack)["a"]
    assert record["inputs"]["word"] == "w"
    assert secret(record["outputs"]["word"])


def test_additional_secret_outputs(make: Make) -> None:
    state: dict[str, Any] = {"names": ["password"]}

    def program() -> None:
        a = Thing("a", ResourceOptions(additional_secret_outputs=state["names"]), size=2)
        pulumi.export("password", a.password)

    stack = make(program)
    assert stack.up().outputs["password"].secret
    record = records(stack)["a"]
    assert secret(record["outputs"]["password"])
    assert record["additionalSecretOutputs"] == ["password"]
    assert record["inputs"] == {"size": 2}
    state["names"] = []
    assert counts(stack.up()) == {"same": 2}
    assert secret(records(stack)["a"]["outputs"]["password"])


def test_a_provider_that_cannot_carry_secrets_gets_plain_values_and_they_come_back_secret(make: Make, world: World) -> None:
    from pulumi.provider.experimental import provider as sdk

    class Old(Memory):
        async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
            return sdk.ConfigureResponse(accept_secrets=False, supports_preview=True)

        async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
            assert not any(value.contains_secret() for value in request.properties.values())
            return await super().create(request)

    stack = make(lambda: Thing("a", word=Output.secret("w")) and None, providers={"mem": lambda: Old(world)})
    stack.up()
    assert secret(records(stack)["a"]["outputs"]["word"])


def test_secret_configuration(make: Make) -> None:
    def program() -> None:
        pulumi.export("word", pulumi.Config().require_secret("word"))

    stack = make(program, secrets={"word": "hunter2"})
    result = stack.up(show_secrets=False)
    assert (result.outputs["word"].value, result.outputs["word"].secret) == ("hunter2", True)
    assert result.summary.config["p:word"].value == "[secret]"


def test_the_wrong_passphrase_is_refused_and_an_unchanged_secret_is_stored_unchanged(make: Make, tmp_path: Path) -> None:
    program = lambda: Thing("a", word=Output.secret("w")) and None  # noqa: E731
    stack = make(program)
    stack.up()
    digest = stack.digest()
    stack.up()
    assert stack.digest() == digest
    with pytest.raises(StackError, match="incorrect passphrase"):
        make(program, passphrase="another").up()


def test_without_a_passphrase_one_is_made_that_only_the_owner_reads(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XIANGYUN_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)

    def program() -> None:
        Thing("a", word=Output.secret("w"))

    stack = Stack("p", "dev", program, tmp_path, {"mem": Memory(world)})
    stack.up()
    assert (tmp_path / "passphrase").stat().st_mode & 0o777 == 0o600
    assert records(stack)["a"]["inputs"]["word"]["plaintext"] == '"w"'
    (tmp_path / "passphrase").unlink()
    with pytest.raises(StackError, match="no passphrase"):
        stack.up()


def test_the_salt_and_the_ciphertext_are_the_clis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The salt string is the one in Pulumi's own test of its passphrase manager (pkg/secrets/passphrase)."""
    monkeypatch.setattr("stacks.engine.secrets.ROUNDS", 1_000_000)
    salt = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="
    theirs = Crypter(salt, Path("/nonexistent"), "password")
    sealed = theirs.seal('"x"')
    assert sealed["ciphertext"].split(":")[0] == "v1"
    assert Crypter(salt, Path("/nonexistent"), "password").unseal(sealed) == '"x"'
    with pytest.raises(StackError, match="incorrect passphrase"):
        Crypter(salt, Path("/nonexistent"), "no").unseal(sealed)


def test_a_salt_of_our_own_opens_again() -> None:
    first = Crypter(None, Path("/nonexistent"), "pw")
    sealed = first.seal('"x"')
    assert [first.salt.split(":")[index] for index in (0, 2)] == ["v1", "v1"]
    assert Crypter(first.salt, Path("/nonexistent"), "pw").unseal(sealed) == '"x"'
