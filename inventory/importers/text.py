"""Text as people type it, made comparable: width, spaces, line breaks, brackets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("【】〔〕〖〗[]{}", "()()()()()")
_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def plain(text: str) -> str:
    """Half-width, without white space at the ends; inner runs of it are one blank. For numbers, dates and words of a value."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=200_000)
def key(text: str) -> str:
    """What two spellings of one name or title have in common: no white space, one kind of brackets, no case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub("", text).translate(_BRACKETS).replace("·", "").casefold()


def tidy(text: str) -> str:
    """A name as it is kept: full-width letters and digits become half-width, Chinese punctuation and brackets stay as they were written."""
    if text.isascii():
        return _SPACES.sub(" ", text).strip()
    narrowed = "".join(chr(ord(char) - 0xFEE0) if "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ" else char for char in text)
    joined = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])", "", _SPACES.sub(" ", narrowed))
    return joined.strip()
