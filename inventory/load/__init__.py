"""Parse, check and cross-check the files of an estate; every fault with file:row:column."""

from inventory.load.estate import is_estate, load_estate, read_estate
from inventory.load.faults import EstateFaults, Fault

__all__ = ["EstateFaults", "Fault", "is_estate", "load_estate", "read_estate"]
