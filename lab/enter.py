"""`python -m lab.enter --see PATH … -- COMMAND`: run COMMAND as root of the lab's user namespace, with PATHs in reach; ends with its parent."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inventory.errors import XiangyunError
from lab.namespaces import run_inside


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--see", action="append", type=Path, default=[])
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    try:
        return run_inside(asked.command, asked.see)
    except XiangyunError as error:
        sys.stderr.write(f"xiangyun: {error}\n")
        return int(error.exit)


if __name__ == "__main__":
    sys.exit(main())
