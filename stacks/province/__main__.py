"""For the real Pulumi CLI: `XIANGYUN_ESTATE=estates/hunan pulumi up -s hn-province` in this folder; the stack is named after the cloud's id."""

import os
from pathlib import Path

import pulumi

from inventory.load import load_estate
from stacks.programs.cloud import landing

folder = Path(os.environ["XIANGYUN_ESTATE"]).resolve()
landing(load_estate(folder), f"cloud:{pulumi.get_stack()}", folder / ".xiangyun")()
