"""Complaints planted so that they hang together, or do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint
from cases.search.text import tokens_of
from cases.ties.likeness import bands_of, likeness, minima_of
from lending.actions import register_salesperson
from lending.models import Merchant
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED

SHOP_CLOSED = (
    "我在启航报了编程课，上到第三个月周六送孩子过去发现门锁着，校长电话停机，家长群也解散了，可是每个月还在自动扣款。"
)
SAID_ANEW = "我给孩子在启航报了编程课，上到第三个月周六送孩子过去发现门锁着，校长电话停机，家长群也解散了，每个月还在自动扣我的款。"
RETELLINGS = [f"{SHOP_CLOSED[:n]}贷款公司却照样按月扣钱，说与他们无关。" for n in range(20, len(SHOP_CLOSED))]
BEAUTY = (
    "咨询师一直说零利息分期，当场拿我的手机办了贷款，后来才发现有一笔服务费没人提过，水光项目只做了两次仪器就坏了。"
)
PHONE_SHOP = "买手机办了以租代购，拿到手是翻新机，电池健康度只有八成，客服让我寄回去检测又不给换新，租金照扣不误。"


def retold() -> str:
    """The closed shop in other words: alike enough for the same merchant and not for another, under the keys of this run."""
    rule, ours = house_rules().likeness, minima_of(tokens_of(SHOP_CLOSED))
    for text in RETELLINGS:
        theirs = minima_of(tokens_of(text))
        share, meet = likeness(ours, theirs), set(bands_of(ours)) & set(bands_of(theirs))
        if meet and rule.percent_same_merchant / 100 <= share < rule.percent / 100:
            return text
    raise AssertionError("no retelling stands between the two limits")


def merchant(at: int = 0) -> Merchant:
    return list(Merchant.objects.order_by("uscc"))[at]


def filed(n: int, narrative: str = SHOP_CLOSED, **given: Any) -> Complaint:
    """The n-th complaint, each of a person of its own, an hour after the one before."""
    at = given.pop("now", RECEIVED + timedelta(hours=n))
    return factory.file(phone=f"1390000{n:04}", name=f"赵{n}", narrative=narrative, now=at, **given)


def school(count: int, *, first: int = 1) -> list[Complaint]:
    """Parents of one school, in much the same words."""
    words = (SHOP_CLOSED, SAID_ANEW)
    return [filed(n, words[n % 2], merchant=merchant(2)) for n in range(first, first + count)]


def ring(count: int, *, first: int = 1, shop: int = 0, seller: str = "钱顾问") -> list[Complaint]:
    """Complaints about one salesperson."""
    cases = [filed(n, BEAUTY, merchant=merchant(shop)) for n in range(first, first + count)]
    sold_by = register_salesperson(merchant=merchant(shop), name=seller, now=RECEIVED)
    Complaint.objects.filter(pk__in=[case.pk for case in cases]).update(salesperson=sold_by)
    return cases
