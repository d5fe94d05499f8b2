"""The papers of the demo story, drawn here: a contract, a payment on a telephone's screen, a chat, an e-mail, a recording. All invented."""

from __future__ import annotations

import io
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from django.template.loader import render_to_string
from PIL import Image, ImageDraw, ImageFont

from jike.files import pdf
from jike.files.kinds import AMR, EML, JPEG, PDF, TEXT

SCREEN = (1080, 2100)
_QUIET = b"\x3c" + bytes(31)


def drawn(at: datetime) -> list[tuple[str, str, bytes]]:
    """Name, kind and content of each. Without the renderer those that need it are left out."""
    found = [("聊天记录.txt", TEXT, _chat()), ("退款沟通.eml", EML, _mail(at)), ("与前台通话.amr", AMR, _call())]
    if pdf.is_available()[0]:
        contract = pdf.render(render_to_string("demo/contract.html"), title="个人消费贷款合同")
        found = [("借款合同.pdf", PDF, contract), ("付款记录.jpg", JPEG, _screen()), *found]
    return found


def _chat() -> bytes:
    lines = (
        "2026-10-02 14:11 咨询师小敏：姐，这个套餐分期零利息，每个月就八百多",
        "2026-10-02 14:12 我：除了本金还有别的费用吗",
        "2026-10-02 14:12 咨询师小敏：没有的，手机给我帮您操作一下就行",
        "2026-11-03 10:40 我：为什么 App 里有服务费？",
        "2026-11-03 18:25 咨询师小敏：这个是资金方收的，跟我们没关系哦",
    )
    return "\r\n".join(lines).encode("gb18030")


def _mail(at: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "陈晓雯 <chenxiaowen@example.com>", "yueyan@example.com"
    mail["Subject"], mail["Date"] = "要求退还服务费和未做项目", at
    mail.set_content("我在贵院办理的分期含有未告知的服务费 6820 元，水光只做了 2 次。请在三日内答复。\n陈晓雯")
    return mail.as_bytes()


def _call(seconds: int = 42) -> bytes:
    """Silence, as a telephone records it: fifty frames a second."""
    return b"#!AMR\n" + _QUIET * 50 * seconds


def _screen() -> bytes:
    """The screen of a telephone after a payment."""
    picture = Image.new("RGB", SCREEN, "#f4f5f7")
    draw, face = ImageDraw.Draw(picture), io.BytesIO(pdf.face("regular"))
    large, plain, small = (ImageFont.truetype(io.BytesIO(face.getvalue()), size) for size in (120, 46, 38))
    draw.rounded_rectangle((60, 320, 1020, 1500), 36, fill="white")
    draw.text((540, 470), "扣款成功", font=plain, fill="#1b7f4b", anchor="mm")
    draw.text((540, 640), "¥ 1,109.17", font=large, fill="#111111", anchor="mm")
    for n, (name, value) in enumerate(
        (
            ("贷款编号", "DEMO-L-0001"),
            ("本期", "1 / 24"),
            ("本金", "¥ 825.00"),
            ("服务费", "¥ 284.17"),
            ("时间", "2026-11-12 09:00"),
        )
    ):
        draw.text((130, 860 + n * 110), name, font=small, fill="#6b7280", anchor="lm")
        draw.text((950, 860 + n * 110), value, font=small, fill="#111111", anchor="rm")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
