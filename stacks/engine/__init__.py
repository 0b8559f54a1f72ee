"""The embedded Pulumi engine: runs programs of the unchanged SDK without the Pulumi CLI."""

from stacks.engine.errors import ConcurrentUpdateError, InlineSourceRuntimeError, StackError, StackNotFoundError
from stacks.engine.refreshing import Drift, drifts
from stacks.engine.report import Step
from stacks.engine.stack import Stack

__all__ = ["ConcurrentUpdateError", "Drift", "InlineSourceRuntimeError", "Stack", "StackError", "StackNotFoundError", "Step", "drifts"]
