"""A merchant never sees a consumer's phone, identity number, name, papers, other cases or internal notes: by no page, file or message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.evidence.models import Item
from cases.mediation import actions, links
from cases.mediation.merchant.urls import urlpatterns
from jike.base.dates import pinned
from jike.outbox import jobs
from tests.accounts.signing_in import sign_in
from tests.attachments import pdfs
from tests.factories import complaints as complaint_factory
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.conftest import Gateway
from tests.mediation.test_talks import click, merchant_in
from tests.people import Cast
from tests.security.detector import found_in

NOW = RECEIVED + timedelta(hours=12)
CANARIES = {
    "name": "龘靐齉",
    "phone": "13976543219",
    "identity number": "11010519491231002X",
    "narrative": "金丝雀在旧矿井第七层唱了四句歌",
    "claim": "请归还那只会唱歌的金丝雀笼子",
    "note": "来电人谈到第七层矿井的鸟",
    "mediator to consumer": "请您补交矿井口的照片",
    "consumer to mediator": "我最低可以接受八百元",
    "paper": "鸟笼收据第七层",
    "paper's name": "鸟笼收据照片",
}


def address_of(pattern: URLPattern, token: str, paper: UUID) -> str:
    route = str(pattern.pattern)
    return "/" + route.replace("<slug:token>", token).replace("<uuid:paper>", str(paper))


def whole_matter(cast: Cast) -> tuple[Any, dict[str, str], UUID]:
    """A mediation with everything a merchant must not see, and what else must not be named: the numbers of the other cases."""
    people = {field: CANARIES[field] for field in ("name", "phone", "narrative", "claim")}
    origin = factory.complaint(cast, **people)
    mine = complaint_factory.examined(
        origin, pdfs.chinese(CANARIES["paper"]), name=CANARIES["paper's name"] + ".pdf", pages=1, now=NOW
    )
    complaints.add_note(origin, actor=cast.handler.actor, now=NOW, text=CANARIES["note"])
    case = factory.mediation(cast, at="offered", origin=Complaint.objects.get(pk=origin.pk))
    other = factory.complaint(cast, phone="13900139000")
    actions.add_note(case, actor=cast.handler.actor, now=NOW, text=CANARIES["note"])
    given = {"actor": cast.handler.actor, "now": NOW}
    actions.write_to_side(case, side="consumer", text=CANARIES["mediator to consumer"], **given)
    actions.ask_mediator(case, actor=factory.consumer_of(case), now=NOW, text=CANARIES["consumer to mediator"])
    complaints.register_evidence(Complaint.objects.get(pk=origin.pk), **given)
    jobs.run_due()
    item = Item.objects.get(attachment=mine)
    complaints.release_evidence(Complaint.objects.get(pk=origin.pk), item=item, audience="consumer", **given)
    hidden = CANARIES | {"complaint": origin.number, "other case": other.number}
    return case, hidden, item.pk


def test_no_page_file_or_message_shows_the_merchant_what_is_the_consumers(
    cast: Cast, gateway: Gateway, client: Client
) -> None:
    with pinned(NOW):
        case, hidden, paper = whole_matter(cast)
        merchant, home = merchant_in(case)
        token = links.token_of(case.merchant_links.get(revoked_at=None))
        seen: dict[str, bytes] = {}

        def keep(where: str, answer: Any) -> None:
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            seen[where] = body + str(answer.headers).encode()

        pages = [address_of(pattern, token, paper) for pattern in urlpatterns]
        for page in pages:
            if not page.endswith("sign-out/"):
                keep(f"GET {page}", merchant.get(page))
                keep(f"POST {page}", merchant.post(page, {"act": "accept", "offer": "x", "q": CANARIES["phone"][:3]}))
        for act in ("release", "take_back", "no_longer", "bid", "report", "refuse", "answer_facts"):
            keep(act, click(merchant, f"{home}act/", act))
        file = SimpleUploadedFile("证据.pdf", pdfs.chinese("鸟笼已发货"))
        keep("file", merchant.post(f"{home}files/", {"file": [file]}))
        who = {"name": "陈静", "phone": "13700137000", "email": "chen@shop.example", "key": "d1"}
        keep("colleague", merchant.post(f"{home}people/", who))
        jobs.run_due()
        told = [
            body for address, body in gateway.sent if address in (factory.MERCHANT_PHONE, who["phone"], who["email"])
        ]

        assert len(seen) >= 2 * (len(pages) - 1) and any(case.number.encode() in body for body in seen.values())
        assert told and any(case.number in body for body in told)
        places = seen | {f"message {n}": body.encode() for n, body in enumerate(told)}
        assert {where: traces for where, body in places.items() if (traces := found_in(body, hidden))} == {}

        # The same detector, where these words are meant to be.
        sign_in(client, cast.handler.user)
        staff = (
            client.get(f"/staff/cases/{case.number}/").content
            + client.get(f"/staff/cases/{case.origin.number}/").content
        )
        staff += client.get(f"/staff/cases/{case.number}/talks/").content
        here = {trace.split(" (")[0] for trace in found_in(staff, hidden)}
        assert {
            "name",
            "narrative",
            "claim",
            "note",
            "mediator to consumer",
            "consumer to mediator",
            "paper's name",
        } <= here
