"""SIDs of F3216 locators: block 32, node 16, function 16 bits (RFC 9800, NEXT-C-SID), and what each function number is used for.

FRR takes explicit functions from 0xFE00 to 0xFEFF only, so all that the plan fixes lies there, for every vendor alike; devices give the rest
of the local functions (0xE000 to 0xFDFF) to adjacencies by themselves.
"""

from __future__ import annotations

from netconf.text import ipv6_text, number_of

SERVICE_FUNCTION = 0xFE06  # the last digit says End.DT6
VPN_FUNCTION = 0xFE10  # first End.DT46 of a VPN
LAST_FUNCTION = 0xFEFF
VPNS = LAST_FUNCTION - VPN_FUNCTION + 1  # so many VPNs fit


def sid(locator: str, function: int) -> str:
    """The SID of a locator's function, which is the fourth 16-bit group."""
    return ipv6_text(number_of(locator) | function << 64)


def end_sid(locator: str) -> str:
    """The SID of the node itself, End: under NEXT-C-SID that is the address of its locator."""
    return locator.partition("/")[0]


def function_of(address: str) -> int:
    return number_of(address) >> 64 & 0xFFFF
