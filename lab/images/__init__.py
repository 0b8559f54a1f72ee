"""Root file systems of the lab's nodes, built once per recipe and kept in the cache."""

from __future__ import annotations

from lab.images.build import IMAGES, ensure, folder

__all__ = ["IMAGES", "ensure", "folder"]
