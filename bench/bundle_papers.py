"""The papers of a measured bundle: per ten pages four photos, two scans, two contracts in Chinese and two chats, the same at every run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

from PIL import Image

from jike.files import pdf
from jike.files.kinds import JPEG, PDF, TEXT

MIX = ("photo", "photo", "contract", "scan", "chat", "photo", "photo", "contract", "scan", "chat")
KINDS = {"photo": JPEG, "scan": PDF, "contract": PDF, "chat": TEXT}
WORDS = (
    "甲方与乙方约定课程分期付款共十二期，商户停业后消费者要求解除合同并退还未消费的款项，平台核实资金流向与还款记录。"
)


def papers(count: int) -> Iterator[tuple[str, bytes]]:
    """`count` papers of one page each with what they are. No two have the same bytes."""
    whole = {"photo": _photo(620, 877, 88), "scan": _scan(), "contract": _contract()}
    for number in range(count):
        what = MIX[number % len(MIX)]
        yield what, _chat(number) if what == "chat" else another(whole[what], number)


def another(content: bytes, number: int) -> bytes:
    """The same picture or document under a remark of its own."""
    remark = f"bench {number}".encode()
    if content.startswith(b"\xff\xd8"):
        return content[:2] + b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark + content[2:]
    return content + b"\n%" + remark + b"\n"


def _photo(width: int, height: int, quality: int) -> bytes:
    out, chance = io.BytesIO(), Random(7)
    grain = Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))
    grain.resize((width * 2, height * 2), Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _scan() -> bytes:
    out, chance = io.BytesIO(), Random(8)
    grain = Image.frombytes("L", (826, 1169), chance.randbytes(826 * 1169))
    grain.resize((1653, 2338), Image.Resampling.BICUBIC).save(out, "PDF", resolution=200, quality=85)
    return out.getvalue()


def _contract() -> bytes:
    return pdf.render("".join(f"<p>第{n}条　{WORDS}</p>" for n in range(1, 13)), title="合同")


def _chat(number: int) -> bytes:
    chance, said = Random(number), [f"聊天记录 {number}"]
    for minute in range(16):
        said.append(f"10:{minute:02} {'我' if minute % 2 else '商户'}：{''.join(chance.sample(WORDS, 20))}")
    return "\n".join([*said, ""]).encode("utf-8-sig")
