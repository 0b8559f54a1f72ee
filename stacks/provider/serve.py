"""`pulumi-resource-xiangyun`: the provider as a plugin of the real Pulumi CLI. The estate's clouds.yaml is found through XIANGYUN_ESTATE."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    from pulumi.provider.experimental.server import main as serve

    from stacks.provider.provider import VERSION, OpenStackProvider

    estate = os.environ.get("XIANGYUN_ESTATE")
    serve(sys.argv[1:], VERSION, OpenStackProvider(Path(estate) / ".xiangyun" if estate else None))


if __name__ == "__main__":
    main()
