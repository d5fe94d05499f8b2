"""Walking through the portal as a consumer does, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from cases.complaints.models import Complaint
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.base.dates import CST, pinned
from jike.privacy import open_sealed

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CST)
LATER = NOW + timedelta(hours=2)
STORY = {
    "matter": "training",
    "narrative": "商户收费后停业，电话无人接听。",
    "served": "none",
    "signed_how": "self",
    "merchant": "",
    "amount": "",
    "claim": "要求退款",
    "who": "self",
}
CONTACT = {"name": "王小明", "phone": "138 0013 8000"}


def code_just_sent() -> str:
    """The six digits of the newest challenge, as its text message says them."""
    return codes.code_of(PhoneChallenge.objects.order_by("-created_at", "-id").first().pk)


def address_of(question: str) -> str:
    return "/complain/" if question == "matter" else f"/complain/q/{question}/"


def tell(client: Client, **words: Any) -> None:
    """Answer every question of the story, one page after the other."""
    for question, answer in ({**STORY, **{k: v for k, v in words.items() if k not in CONTACT}}).items():
        client.post(address_of(question), {question: answer})


def write_down(client: Client, **words: Any) -> HttpResponse:
    """Go as far as the page that asks to check everything."""
    tell(client, **words)
    client.post("/complain/you/", {**CONTACT, **{k: v for k, v in words.items() if k in CONTACT}})
    client.post("/complain/code/", {"code": code_just_sent()})
    for page in ("loan", "same"):
        client.post(f"/complain/{page}/", {"loan": "none", "same": "new"})
    return client.get("/complain/check/")


def file(client: Client, *, at: datetime = NOW, **words: Any) -> Complaint:
    with pinned(at):
        page = write_down(client, **words)
        client.post("/complain/send/", {"token": page.context["draft"].token})
    return Complaint.objects.order_by("-registered_at", "-id").first()


def receipt_code_of(case: Complaint) -> str:
    return open_sealed(case, "receipt_code")


def ask_to_enter(client: Client, receipt_code: str, phone: str) -> HttpResponse:
    return client.post("/track/", {"receipt_code": receipt_code, "phone": phone})


def enter(client: Client, case: Complaint, *, at: datetime = LATER, phone: str = CONTACT["phone"]) -> HttpResponse:
    """Sign in to a case with its receipt code and phone."""
    with pinned(at):
        ask_to_enter(client, receipt_code_of(case), phone)
        return client.post("/track/code/", {"code": code_just_sent()})


def urls_of(number: str, letter: str = "CODE-1") -> dict[str, str]:
    """Every address of one case, with the method that it is asked by."""
    return {
        f"/track/{number}/": "get",
        f"/track/{number}/message/": "post",
        f"/track/{number}/withdraw/": "post",
        f"/track/{number}/letter/{letter}/": "get",
        f"/track/{number}/papers/": "get",
        f"/track/{number}/asked/": "get",
        f"/track/{number}/asked/all/": "post",
        f"/track/{number}/seen/": "get",
        f"/track/{number}/phone/": "get",
        f"/track/{number}/phone/code/again/": "post",
        f"/track/{number}/after/facts/": "get",
    }
