"""An Ironic deploy template: steps that a deployment takes besides its own, for who asks for the trait of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.baremetal.v1.deploy_templates import DeployTemplate as SdkDeployTemplate

from stacks.provider.baremetal import Metal


class DeployTemplate(Metal):
    """Its name is a trait, such as CUSTOM_HYPERTHREADING_ON. `steps`: interface, step, args and priority of each."""

    token, noun, sdk = "xiangyun:baremetal:DeployTemplate", "deploy_template", SdkDeployTemplate
    required = frozenset({"name", "steps"})
    optional: ClassVar[Mapping[str, Any]] = {"extra": {}}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "steps": "steps", "extra": "extra"}
    mappings = frozenset({"extra"})
    unordered = frozenset({"steps"})
