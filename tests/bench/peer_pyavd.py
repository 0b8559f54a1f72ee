"""Run in pyavd's own environment: a fabric of two spines and many leaves with tenants, from inputs to text. Prints devices, lines and processor seconds."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pyavd  # type: ignore[import-not-found]

VRFS, NETWORKS = 6, 5  # so that a leaf has some 390 lines, as much as an edge router of ours


def inputs(leaves: int) -> dict[str, dict[str, Any]]:
    spines: list[dict[str, Any]] = [{"name": f"spine{n}", "id": n} for n in (1, 2)]
    nodes: list[dict[str, Any]] = [
        {"name": f"leaf{n}", "id": n, "bgp_as": str(65200 + n), "uplink_switch_interfaces": [f"Ethernet{n}"] * 2} for n in range(1, leaves + 1)
    ]
    common: dict[str, Any] = {
        "fabric_name": "FABRIC",
        "underlay_routing_protocol": "ebgp",
        "spine": {"defaults": {"platform": "vEOS-lab", "bgp_as": "65100", "loopback_ipv4_pool": "10.0.0.0/24"}, "nodes": spines},
        "l3leaf": {
            "defaults": {
                "platform": "vEOS-lab",
                "loopback_ipv4_pool": "10.1.0.0/16",
                "loopback_ipv4_offset": 2,
                "vtep_loopback_ipv4_pool": "10.2.0.0/16",
                "uplink_interfaces": ["Ethernet1", "Ethernet2"],
                "uplink_switches": ["spine1", "spine2"],
                "uplink_ipv4_pool": "10.16.0.0/12",
                "mlag": False,
                "spanning_tree_mode": "mstp",
                "virtual_router_mac_address": "00:1c:73:00:dc:01",
            },
            "nodes": nodes,
        },
        "tenants": [{"name": "T", "mac_vrf_vni_base": 10000, "vrfs": [_vrf(n) for n in range(1, VRFS + 1)]}],
    }
    return {**{f"spine{n}": {**common, "type": "spine"} for n in (1, 2)}, **{node["name"]: {**common, "type": "l3leaf"} for node in nodes}}


def _vrf(n: int) -> dict[str, Any]:
    svis = [{"id": 100 * n + m, "name": f"N{n}-{m}", "enabled": True, "ip_address_virtual": f"10.{100 + n}.{m}.1/24"} for m in range(1, NETWORKS + 1)]
    return {"name": f"V{n}", "vrf_vni": n, "svis": svis}


def main(leaves: int) -> None:
    given = inputs(leaves)
    start = time.process_time()
    for host in given:
        result = pyavd.validate_inputs(given[host])
        assert not getattr(result, "failed", False), result
    facts = pyavd.get_avd_facts(given)
    lines = 0
    for host in given:
        structured = pyavd.get_device_structured_config(host, given[host], facts)
        pyavd.validate_structured_config(structured)
        lines += pyavd.get_device_config(structured).count("\n")
    took = time.process_time() - start
    print(json.dumps({"devices": len(given), "lines": lines, "seconds": took}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
