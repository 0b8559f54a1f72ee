"""The certificate that a machine room is closed: one HTML page that opens offline, and the same facts as JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

VALUES = {  # of the estate's own words, in Chinese
    "server": "服务器",
    "storage": "存储设备",
    "switch": "交换机",
    "ups": "不间断电源",
    "terminal": "终端",
    "other": "其他",
    "disposed": "已处置",
    "clear": "清除（clear）",
    "purge": "净化（purge）",
    "destroy": "销毁（destroy）",
}
WORDS = {
    "zh": {
        "title": "机房关停证书",
        "statement": "兹证明{unit}所属“{room}”内的业务系统已全部迁出或下线，网络已撤除，存储介质已清除，资产已处置，机房予以关停。",
        "room": "机房",
        "unit": "所属单位",
        "size": "规模",
        "racks": "个机柜",
        "issued": "签发日期",
        "systems": "迁出的业务系统",
        "id": "编号",
        "name": "名称",
        "now": "现所在云",
        "none": "无",
        "assets": "资产处置",
        "kind": "类别",
        "purchased": "购置日期",
        "book_value": "账面价值（元）",
        "status": "状态",
        "sum": "合计",
        "media": "存储介质清除记录",
        "serial": "序列号",
        "method": "方法",
        "tool": "工具",
        "verification": "验证",
        "by": "执行人",
        "media_note": "方法的含义见 NIST SP 800-88 Rev. 2：clear 清除，purge 净化，destroy 销毁。",
        "record": "台账记录",
        "time": "时间",
        "who": "操作人",
        "what": "事项",
        "on": "对象",
        "verify": "以上记录可用 xiangyun audit verify 和公钥离线核验；本证书的摘要已记入台账。",
    },
    "en": {
        "title": "Certificate of a closed machine room",
        "statement": "The systems of “{room}” of {unit}, {region}, have all been moved or retired; its network is withdrawn, its storage media sanitised, "
        "its assets disposed of. The room is closed.",
        "room": "Machine room",
        "unit": "Owner",
        "size": "Size",
        "racks": "racks",
        "issued": "Issued",
        "systems": "Systems moved out",
        "id": "Id",
        "name": "Name",
        "now": "Stands now in",
        "none": "none",
        "assets": "Assets disposed of",
        "kind": "Kind",
        "purchased": "Purchased",
        "book_value": "Book value (CNY)",
        "status": "Status",
        "sum": "Sum",
        "media": "Sanitisation of storage media",
        "serial": "Serial number",
        "method": "Method",
        "tool": "Tool",
        "verification": "Verification",
        "by": "By",
        "media_note": "Methods as in NIST SP 800-88 Rev. 2: clear, purge, destroy.",
        "record": "Ledger entries",
        "time": "Time",
        "who": "Who",
        "what": "What",
        "on": "On",
        "verify": "The entries can be checked offline with xiangyun audit verify and the public key; this certificate's digest is in the ledger.",
    },
}


def write_certificate(facts: dict[str, Any], folder: Path, issued: str, lang: str) -> dict[str, str]:
    """Write `<room>.html` and `<room>.json` into `folder`; returns file name → SHA-256."""
    from jinja2 import Environment, FileSystemLoader

    folder.mkdir(parents=True, exist_ok=True)
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    total = sum(a.book_value_cny for a in facts["assets"])
    html = environment.get_template("certificate.html").render(
        **facts, t=WORDS[lang], word=lambda value: VALUES.get(value, value) if lang == "zh" else value, lang=lang, issued=issued, total=total
    )
    name = facts["room"].id.replace(":", "-")
    plain = {key: [_plain(v) for v in value] if isinstance(value, list) else _plain(value) for key, value in facts.items()}
    data = json.dumps({"issued": issued, **plain}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    digests = {}
    for file, text in ((f"{name}.html", html), (f"{name}.json", data)):
        (folder / file).write_text(text, "utf-8")
        digests[file] = hashlib.sha256(text.encode()).hexdigest()
    return digests


def _plain(value: Any) -> Any:
    from dataclasses import asdict

    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return value.body() if hasattr(value, "body") else asdict(value)
