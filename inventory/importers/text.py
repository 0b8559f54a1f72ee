"""Text as people type it, made comparable: width, spaces, line breaks, brackets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("【】〔〕〖〗[]{}", "()()()()()")
_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*")


_ODD = re.compile(r"[\s\u200b-\u200f\u2060\ufeff【】〔〕〖〗\[\]{}·]")
LOOSE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff０-９Ａ-Ｚａ-ｚ]")


def blank(text: str) -> bool:
    """Whether nothing in it can be seen."""
    return _BLANK.fullmatch(text) is not None


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
    if _ODD.search(text):
        text = _SPACES.sub("", text).translate(_BRACKETS).replace("·", "")
    return text.casefold()


_NARROW = {code: code - 0xFEE0 for code in (*range(ord("０"), ord("９") + 1), *range(ord("Ａ"), ord("Ｚ") + 1), *range(ord("ａ"), ord("ｚ") + 1))}
_WIDE_GAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


def tidy(text: str) -> str:
    """A name as it is kept: full-width letters and digits become half-width, Chinese punctuation and brackets stay as they were written."""
    if text.isascii():
        return text if text.isalnum() else _SPACES.sub(" ", text).strip()
    if not LOOSE.search(text):
        return text
    narrowed = _SPACES.sub(" ", text.translate(_NARROW)).strip()
    return _WIDE_GAP.sub("", narrowed) if " " in narrowed else narrowed
