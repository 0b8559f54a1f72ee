"""Merkle tree hashes of RFC 6962, section 2.1, grown leaf by leaf.

A tree of n leaves is the list of its perfect subtrees' roots, largest first: one for each bit set in n ("frontier").
"""

from __future__ import annotations

from hashlib import sha256

SIZE = 32  # bytes of a hash
Frontier = tuple[bytes, ...]


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def grown(frontier: Frontier, size: int, added: bytes) -> Frontier:
    """The frontier of `size` + 1 leaves: `added` is the new leaf's hash."""
    roots, carry = list(frontier), added
    while size & 1:
        carry = node(roots.pop(), carry)
        size >>= 1
    return (*roots, carry)


def root(frontier: Frontier) -> bytes:
    """The tree's root; of no leaves, the hash of nothing."""
    if not frontier:
        return sha256().digest()
    *rest, result = frontier
    for left in reversed(rest):
        result = node(left, result)
    return result
