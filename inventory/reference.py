"""The reference of the estate's files, made from the model.

`python -m inventory.reference [en|zh]` writes docs/reference/estate.md and estate.zh.md; both without a word.
"""

from __future__ import annotations

import enum
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from inventory import titles
from inventory.checks.run import all_checks
from inventory.model import (
    AddressPlan,
    Cloud,
    Flavor,
    Image,
    Landing,
    Migration,
    Pool,
    PoolHost,
    Quota,
    Review,
    Role,
    Row,
    Scope,
    Target,
    Tenant,
    Vpn,
    WriteLog,
)
from inventory.policy import (
    Aaa,
    Access,
    Colour,
    EgressPolicy,
    FlexAlgo,
    Interconnect,
    Management,
    NetworkPolicy,
    Protection,
    Rule,
    ServiceClass,
    Slice,
    Snmp,
    Telemetry,
    Transition,
    Without,
)
from inventory.tables import REFERENCES, TABLES, columns

FILES = {"en": "estate.md", "zh": "estate.zh.md"}
NETWORK = (
    FlexAlgo,
    ServiceClass,
    Slice,
    Colour,
    Management,
    Snmp,
    Aaa,
    Telemetry,
    Protection,
    EgressPolicy,
    Rule,
    Interconnect,
    Access,
    Transition,
    Without,
)
POLICIES: dict[str, tuple[str, tuple[type[BaseModel], ...]]] = {
    "clouds.yaml": ("list", (Cloud, Pool, PoolHost, Flavor, Image, Tenant, Quota, Landing)),
    "plan.yaml": ("one", (AddressPlan,)),
    "vpns.yaml": ("list", (Vpn,)),
    "network.yaml": ("one", (NetworkPolicy, *NETWORK)),
    "migrations.yaml": ("list", (Migration, WriteLog)),
    "roles.yaml": ("list", (Role,)),
    "scopes.yaml": ("names", (Scope,)),
    "targets.yaml": ("list", (Target,)),
    "reviews.yaml": ("list", (Review,)),
}
OPTIONAL = ("targets.yaml", "reviews.yaml", "network.yaml")

EN = {
    "head": """# The estate's files

<!-- Made by `python -m inventory.reference`; do not edit. -->

[中文](estate.zh.md)

An estate is a folder: one CSV file a table, UTF-8, with a header, and YAML files for policy. Columns with a default may be left out or left empty;
unknown columns and keys are refused. References are by id. `xiangyun inventory check` reports everything that is wrong with file:row:column;
`xiangyun inventory schema --json` prints the tables as JSON Schema.
""",
    "tables": "Tables",
    "policy": "Policy",
    "checks": "Checks",
    "checks_head": "Nothing works on an estate with errors; warnings only tell. `xiangyun inventory check --explain ID` says a rule in both languages.",
    "check_columns": "| rule | severity | finding | why | what to do |\n|---|---|---|---|---|",
    "columns": "| column | type | default | notes |\n|---|---|---|---|",
    "required": "required",
    "empty": "empty",
    "in": "in {}",
    "or": " or ",
    "one of": "one of {}",
    "list of": "list of {}",
    "nothing": "nothing",
    "join": ", ",
    "semicolon": "; ",
    "may be missing": "The file may be missing. ",
    "list": "Form: a list under `{}:`.",
    "one": "Form: one mapping.",
    "names": "Form: a mapping of names under `{}:`.",
    "by name": "mapping of names to {}",
    "types": "text|whole number|number|true or false|date (ISO 8601)|IPv6 address|IPv6 prefix|IPv4 prefix|IPv6 address with length|IPv4 address"
    "|IPv4 address with length",
    "error": "error",
    "warning": "warning",
}
ZH = {
    "head": """# 台账文件

<!-- 由 `python -m inventory.reference` 生成，请勿手工修改。 -->

[English](estate.md)

台账是一个文件夹：每张表一个 CSV 文件（UTF-8，含表头），策略用 YAML 文件。有默认值的列可以省略或留空；不认识的列和键会被拒绝。
各表之间按标识引用。`xiangyun inventory check` 按“文件:行:列”报告全部问题；`xiangyun inventory schema --json` 输出各表的 JSON Schema。
""",
    "tables": "表",
    "policy": "策略",
    "checks": "检查规则",
    "checks_head": "“错误”级规则使台账无法用于后续工作，其余只是警告。`xiangyun inventory check --explain 编号` 以中英文说明规则。",
    "check_columns": "| 规则 | 级别 | 问题 | 依据 | 怎么办 |\n|---|---|---|---|---|",
    "columns": "| 列 | 中文名 | 类型 | 默认值 | 说明 |\n|---|---|---|---|---|",
    "required": "必填",
    "empty": "空",
    "in": "引用 {}",
    "or": " 或 ",
    "one of": "{} 之一",
    "list of": "{} 的列表",
    "nothing": "空",
    "join": "、",
    "semicolon": "；",
    "may be missing": "本文件可以没有。",
    "list": "形式：`{}:` 下的列表。",
    "one": "形式：一个映射。",
    "names": "形式：`{}:` 下的名称映射。",
    "by name": "名称到{}的映射",
    "types": "文本|整数|数字|true 或 false|日期（ISO 8601）|IPv6 地址|IPv6 前缀|IPv4 前缀|带长度的 IPv6 地址|IPv4 地址|带长度的 IPv4 地址",
    "error": "错误",
    "warning": "警告",
}
WORDS = {"en": EN, "zh": ZH}
TYPES = ("str", "int", "float", "bool", "date", "IPv6Address", "IPv6Network", "IPv4Network", "IPv6Interface", "IPv4Address", "IPv4Interface")


def estate_reference(lang: str = "en") -> str:
    """The whole document as Markdown, in `en` or `zh`."""
    return "\n".join([WORDS[lang]["head"], *_tables(lang), *_policies(lang), *_checks(lang)])


def _tables(lang: str) -> Iterator[str]:
    yield f"## {WORDS[lang]['tables']}\n"
    for table in TABLES.values():
        name, text = titles.TABLES[table.name]
        yield f"### {table.file}{f'（{name}）' if lang == 'zh' else ''}\n"
        missing = WORDS[lang]["may be missing"] if table.optional else ""
        yield f"{missing}{text if lang == 'zh' else _doc(table.row)}\n"
        yield WORDS[lang]["columns"]
        for column in columns(table.row):
            field = table.row.model_fields[column]
            note = titles.note(table.name, column) if lang == "zh" else field.description or ""
            yield _field(lang, column, titles.title(table.name, column), field, REFERENCES.get((table.name, column), ()), note)
        yield ""


def _policies(lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield f"## {words['policy']}\n"
    for file, (form, classes) in POLICIES.items():
        yield f"### {file}\n"
        yield f"{words['may be missing'] if file in OPTIONAL else ''}{words[form].format(file.removesuffix('.yaml'))}\n"
        for cls in classes:
            text, keys = titles.POLICIES[cls.__name__]
            yield f"**{cls.__name__}**: {text if lang == 'zh' else _doc(cls)}\n"
            yield words["columns"]
            for key, field in cls.model_fields.items():
                yield _field(lang, key, keys[key], field, (), field.description or "" if lang == "en" else "")
            yield ""


def _checks(lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield f"## {words['checks']}\n"
    yield f"{words['checks_head']}\n"
    yield words["check_columns"]
    for check in all_checks():
        texts = (getattr(text, lang) for text in (check.title, check.reason, check.advice))
        yield f"| {check.id} | {words[check.severity]} | {' | '.join(texts)} |"
    yield ""


def _field(lang: str, name: str, title: str, field: FieldInfo, references: tuple[str, ...], note: str) -> str:
    """One line of a table of columns."""
    words = WORDS[lang]
    default = words["required"] if field.is_required() else _default(words, field)
    notes = [words["in"].format(words["or"].join(references))] if references else []
    cells = [name, *([title] if lang == "zh" else []), _type(words, field.annotation), default, words["semicolon"].join([*notes, *([note] if note else [])])]
    return f"| {' | '.join(cells)} |"


def _default(words: dict[str, str], field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return words["join"].join(map(str, value)) or words["empty"]
    return words["empty"] if value in (None, "", {}) else str(value).lower() if isinstance(value, bool) else str(value)


def _type(words: dict[str, str], annotation: Any) -> str:
    """`one of a, b`, `whole number`, … for a field's annotation."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(words, arguments[0])
    if origin in (typing.Union, types.UnionType):
        return words["or"].join(_type(words, argument) for argument in arguments if argument is not type(None))
    if origin is typing.Literal:
        return words["one of"].format(words["join"].join(str(argument) or words["nothing"] for argument in arguments))
    if origin is dict:
        return words["by name"].format(_type(words, arguments[1]))
    if origin is tuple:
        return words["list of"].format(_type(words, arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return words["one of"].format(words["join"].join(str(member.value) for member in annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    return dict(zip(TYPES, words["types"].split("|"), strict=True))[annotation.__name__]


def _doc(cls: type[Row] | type[BaseModel]) -> str:
    return " ".join((cls.__doc__ or "").split())


def main(langs: list[str]) -> None:
    folder = Path(__file__).parents[1] / "docs" / "reference"
    for lang in langs or list(FILES):
        (folder / FILES[lang]).write_text(estate_reference(lang) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
