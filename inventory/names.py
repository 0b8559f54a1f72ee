"""Names as people write them, brought into one form so that they can be compared."""

from __future__ import annotations

import re
import unicodedata

ENDINGS = ("信息系统", "管理系统", "应用系统", "业务系统", "系统", "平台")
MARKS = re.compile(r"[\s“”\"'‘’()（）《》【】\[\]·、，,。.\-—_/]+")


def plain_name(name: str) -> str:
    """`就业信息登记` for ` 就业信息登记（系统） `: width, spaces, brackets and the general ending away; lower case."""
    text = MARKS.sub("", unicodedata.normalize("NFKC", name)).lower()
    for ending in ENDINGS:
        if text.endswith(ending) and text != ending:
            return text.removesuffix(ending)
    return text
