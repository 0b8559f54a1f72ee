"""SIDs of F3216 locators: block 32, node 16, function 16 bits (RFC 9800, NEXT-C-SID), and what each function number is used for.

A function is local to its node, so each vendor's fixed ones lie where it takes them: FRR's from 0xFE00 to 0xFEFF (measured), others' from 0xE000 on
(Huawei: `compress-static 8` and opcodes from ::E000, its guide's example). The rest of 0xE000 to 0xFEFF devices give to adjacencies by themselves.
"""

from __future__ import annotations

from netconf.text import ipv6_text, number_of

LOCAL_FUNCTIONS = 0xE000  # the first; smaller numbers are nodes
BASES = {"frr": 0xFE00}
SERVICE = 0x06  # the last digit says End.DT6
FIRST_VPN = 0x10  # End.DT46 of VPN number 1
VPNS = 0x100 - FIRST_VPN  # so many VPNs fit


def base_of(vendor: str) -> int:
    """The first of the 256 functions that the plan fixes on a vendor's devices."""
    return BASES.get(vendor, LOCAL_FUNCTIONS)


def sid(locator: str, function: int) -> str:
    """The SID of a locator's function, which is the fourth 16-bit group."""
    return ipv6_text(number_of(locator) | function << 64)


def end_sid(locator: str) -> str:
    """The SID of the node itself, End: under NEXT-C-SID that is the address of its locator."""
    return locator.partition("/")[0]


def function_of(address: str) -> int:
    return number_of(address) >> 64 & 0xFFFF


def is_sid_of(locator: str, address: str) -> bool:
    """Whether an address is that of a function of a locator."""
    return sid(locator, function_of(address)) == address
