"""Remediation of a large configuration, beside hier_config on the same two texts.

The two do not promise the same: ours orders by references and replays every command on a model; hier_config orders by fixed weights and proves nothing.
Both are one thread that only computes, so processor time is taken: a busy machine does not change the ratio.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from netconf.tree.parse import parse
from netconf.tree.remediate import commands, remediate
from netconf.vendors.huawei.grammar import VRP
from tests.bench.peers import peer_python
from tests.bench.registry import Record
from tests.bench.texts import configuration

PEER = "hier-config==3.7.1"
NAME = "remediation, 10,000 lines, processor time"
SCRIPT = Path(__file__).parent / "peer_hier_config.py"


@pytest.mark.bench
def test_remediation_of_a_large_configuration(record: Record, tmp_path: Path) -> None:
    texts = [configuration(0), configuration(1)]
    files = [tmp_path / "running.cfg", tmp_path / "intended.cfg"]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, "utf-8")
    start = time.process_time()
    running, intended = (parse(text, VRP) for text in texts)
    made = commands(remediate(running, intended, VRP), VRP)
    took = time.process_time() - start
    assert made
    if (python := peer_python(PEER)) is None:
        record(NAME, took, "s")
        return
    peer = statistics.median(_peer(python, files) for _ in range(3))
    record(NAME, took, "s", peer=PEER, peer_value=peer)
    record(f"{NAME}, beside hier_config", took / peer, "ratio", goal=1.0, peer=PEER, peer_value=peer)


def _peer(python: Path, files: list[Path]) -> float:
    done = subprocess.run([str(python), str(SCRIPT), *map(str, files)], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert said["commands"]
    return float(said["seconds"])
