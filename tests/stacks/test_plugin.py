"""`pulumi-resource-xiangyun`, the provider as a process of its own, spoken to as the Pulumi CLI speaks to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from stacks.engine.values import UNKNOWN, from_struct, to_struct
from stacks.provider.provider import VERSION
from stacks.provider.schema import schema

FLAVOR = "xiangyun:compute:Flavor"
URN = f"urn:pulumi:s::p::{FLAVOR}::x86.small"
WANT = {"name": "x86.small", "vcpus": 1, "memoryMib": 1024, "diskGib": 10}


@pytest.fixture(scope="module")
def plugin() -> Iterator[Any]:
    """The running plugin's stub."""
    process = subprocess.Popen([sys.executable, "-m", "stacks.provider.serve", "127.0.0.1:1"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.lab
def test_it_says_what_it_is_and_gives_its_schema(plugin: Any) -> None:
    assert plugin.GetPluginInfo(empty_pb2.Empty()).version == VERSION
    assert plugin.GetSchema(provider_pb2.GetSchemaRequest()).schema == schema(VERSION)


@pytest.mark.lab
def test_it_checks_and_compares_without_a_cloud(plugin: Any) -> None:
    checked = plugin.Check(provider_pb2.CheckRequest(urn=URN, name="x86.small", type=FLAVOR, news=to_struct(WANT)))
    inputs = from_struct(checked.inputs)
    assert not checked.failures
    assert inputs["public"] is True
    wrong = plugin.Check(provider_pb2.CheckRequest(urn=URN, name="x86.small", type=FLAVOR, news=to_struct({"name": "x", "colour": "red"})))
    assert {(item.property, item.reason) for item in wrong.failures} >= {("vcpus", "is missing"), ("colour", f"is not an input of {FLAVOR}")}
    changed = {**inputs, "vcpus": 2}
    diff = plugin.Diff(provider_pb2.DiffRequest(id="1", urn=URN, name="x86.small", type=FLAVOR, olds=to_struct(inputs), news=to_struct(changed)))
    assert (diff.changes, list(diff.replaces)) == (provider_pb2.DiffResponse.DIFF_SOME, ["vcpus"])
    same = plugin.Diff(provider_pb2.DiffRequest(id="1", urn=URN, name="x86.small", type=FLAVOR, olds=to_struct(inputs), news=to_struct(inputs)))
    assert not list(same.replaces)
    assert not list(same.diffs)


@pytest.mark.lab
def test_a_preview_of_a_create_keeps_what_is_not_known(plugin: Any) -> None:
    inputs = {**WANT, "description": UNKNOWN}
    made = plugin.Create(provider_pb2.CreateRequest(urn=URN, name="x86.small", type=FLAVOR, properties=to_struct(inputs), preview=True))
    assert made.id == ""
    assert from_struct(made.properties)["description"] is UNKNOWN


@pytest.mark.lab
def test_what_is_wrong_is_an_error_in_words(plugin: Any) -> None:
    missing = plugin.CheckConfig(provider_pb2.CheckRequest(urn="urn:pulumi:s::p::pulumi:providers:xiangyun::x", news=to_struct({})))
    assert [item.property for item in missing.failures] == ["cloud"]
    with pytest.raises(grpc.RpcError) as caught:
        plugin.Create(provider_pb2.CreateRequest(urn=URN, name="x86.small", type=FLAVOR, properties=to_struct(WANT)))
    assert "the provider is not configured" in caught.value.details()
