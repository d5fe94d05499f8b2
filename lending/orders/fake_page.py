"""The page on which a demonstration makes the pretended core system slow, failing, lying, repeating or silent."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lending.orders.fake import FakeLending

CONTROL = "/control/"
SHOWN = 200
ENDS = {"confirmed": "逐笔确认", "accepted": "一直没有结果", "failed": "拒绝"}
NEXT = {
    "422": "拒绝",
    "500": "出错",
    "lost": "断线，没收到",
    "reset": "收下但断线",
    "slow": "收下但很慢",
    "garbage": "收下但答非所问",
    "never": "收下但不了了之",
    "early": "还没回应就回调",
    "repeat": "回调一百次",
    "lie": "回调报错金额",
    "turned": "先说成再说败",
    "forged": "有人伪造回调",
}


def page_of(fake: FakeLending) -> str:
    """Buttons for how orders end and for what the next one meets, and the book."""
    buttons = "".join(f'<button name="ends" value="{value}">{label}</button> ' for value, label in ENDS.items())
    faults = "".join(f'<button name="next" value="{value}">{label}</button> ' for value, label in NEXT.items())
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(one['kind'])}</td><td>{escape(one.get('amount') or '')}</td>"
        f"<td>{fake.ended[number][0] if number in fake.ended else '—'}</td><td>{escape(one['key'])}</td></tr>"
        for number, one in list(reversed(list(fake.book.items())))[:SHOWN]
    )
    calls = "" if fake.callback else "<p>没有回调地址：会回调的几种只是收下。</p>"
    return f"""<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示用核心贷款系统</title><h1>演示用核心贷款系统</h1><p>只在本机，不动真钱。被问到时，订单现在：<strong>{ENDS[fake.ends_as]}</strong></p>
<form method="post">{buttons}</form><p>只影响下一笔：</p><form method="post">{faults}</form>{calls}
<h2>收到的订单（{len(fake.book)}）</h2><table border="1"><tr><th>编号</th><th>种类</th><th>金额</th><th>结果</th><th>键</th></tr>{rows}</table></html>"""
