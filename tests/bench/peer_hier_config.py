"""Run by the peer's own interpreter: remediation of two VRP files by hier_config; prints processor seconds and number of commands as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hier_config import Platform, WorkflowRemediation, get_hconfig  # type: ignore[import-not-found]

running, intended = (Path(name).read_text("utf-8") for name in sys.argv[1:])
start = time.process_time()
workflow = WorkflowRemediation(get_hconfig(Platform.HUAWEI_VRP, running), get_hconfig(Platform.HUAWEI_VRP, intended))
lines = [line.cisco_style_text() for line in workflow.remediation_config.all_children_sorted()]
print(json.dumps({"seconds": time.process_time() - start, "commands": len(lines)}))
