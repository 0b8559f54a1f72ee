"""Record what the real CLI does: `python -m tests.stacks.record [PROGRAM …]`, with `pulumi` on PATH; about ten minutes for all of them.

Each program becomes recorded/<program>.json: the CLI's version, and the steps as sidebyside.py tells them.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.stacks.programs import PROGRAMS
from tests.stacks.sidebyside import Cli, settled

RECORDED = Path(__file__).parent / "recorded"


def record(name: str) -> str:
    """Carry out one program, and write down what happened."""
    version = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        run = Cli(Path(folder))
        PROGRAMS[name](run)
    (RECORDED / f"{name}.json").write_text(text({"cli": version, "steps": settled(run.steps)}) + "\n", "utf-8")
    return name


def text(value: Any, depth: int = 0) -> str:
    """JSON for people to read: a line for each resource, and for what has no parts of its own."""
    nested = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if depth < 4 and any(isinstance(item, (dict, list)) for item in nested):
        inner = " " * (depth + 1)
        keys = [f"{json.dumps(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
        lines = ",\n".join(f"{inner}{key}{text(item, depth + 1)}" for key, item in zip(keys, nested, strict=True))
        begin, end = "{}" if isinstance(value, dict) else "[]"
        return f"{begin}\n{lines}\n{' ' * depth}{end}"
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    names = sys.argv[1:] or list(PROGRAMS)
    if unknown := set(names) - set(PROGRAMS):
        sys.exit(f"no such program: {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    # a process each: a failed inline run can leave the SDK in a state in which the next one fails
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        for name in pool.map(record, names):
            print(name, flush=True)


if __name__ == "__main__":
    main()
