"""Run as a process of its own, so that its memory is its own: design, compile and render a network's estate. Prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from inventory.load import load_estate
from netconf.compile import compile_device
from netconf.design import design
from netconf.vendors import vendor_of


def main(folder: Path) -> None:
    estate = load_estate(folder)
    start = time.process_time()
    network = design(estate).network
    designed = time.process_time()
    lines, edges = 0, []
    for node in network.nodes.values():
        language = vendor_of(node.vendor)
        made = language.lines(compile_device(network, node.device), estate.origins)
        language.text(made)
        lines += len(made)
        if node.role == "county-edge":
            edges.append(len(made))
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"design": designed - start, "all": done - start, "lines": lines, "devices": len(network.nodes), "least": min(edges), "gib": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
