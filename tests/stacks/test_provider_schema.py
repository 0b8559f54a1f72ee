"""What the Pulumi CLI and people are told of the provider's types."""

from __future__ import annotations

import json
from pathlib import Path

from stacks.provider.resources import TYPES
from stacks.provider.schema import page, schema

FILE = Path(__file__).parents[2] / "docs" / "reference" / "cloud-types.md"


def test_the_page_is_current() -> None:
    assert FILE.read_text("utf-8") == page(), "run `python -m stacks.provider.schema`"


def test_every_input_has_a_type_and_every_required_one_is_named() -> None:
    told = json.loads(schema("1.0.0"))
    assert told["resources"].keys() == TYPES.keys()
    rule = told["resources"]["xiangyun:network:SecurityGroupRule"]
    assert (rule["requiredInputs"], rule["inputProperties"]["portMin"]["type"]) == (["group"], "integer")
    assert rule["inputProperties"]["direction"] == {"type": "string", "willReplaceOnChanges": True}
    assert told["resources"]["xiangyun:identity:ApplicationCredential"]["properties"]["secret"]["secret"] is True
