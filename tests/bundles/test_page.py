"""Bundles on the workbench and in the portal: made, let out by a second person, handed to somebody who is named."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from cases.bundles.models import Binding, Bundle, Release
from cases.evidence.models import Custody
from cases.models import Event
from jike.base.dates import pinned
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.bundles.conftest import PAPERS, Desk, desk_of
from tests.complaints.portal_walk import enter
from tests.evidence.conftest import LATER
from tests.factories.complaints import PHONE
from tests.people import Cast


def address(desk: Desk, rest: str = "") -> str:
    return f"/staff/cases/{desk.case.number}/bundles/{rest}"


def posted(client: Client, where: str, **typed: Any) -> Any:
    with pinned(LATER):
        return client.post(where, typed)


def bytes_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer)  # type: ignore[arg-type]


def test_a_bundle_is_made_let_out_by_another_and_handed_out(cast: Cast) -> None:
    desk = desk_of(cast, PAPERS[:2])
    handler, supervisor = sign_in(Client(), cast.handler.user), sign_in(Client(), cast.supervisor.user)
    page = handler.get(address(desk)).content.decode()
    assert "证据名称2" in page and "还没有" in page

    posted(handler, address(desk, "build_bundle/"), profile="police", key="k1")
    assert "正在生成" in handler.get(address(desk)).content.decode()
    jobs.run_due()
    bundle = Bundle.objects.get()
    page = handler.get(address(desk)).content.decode()
    assert bundle.code in page and "尚未放行" in page and 'data-state="finished"' in page
    out = address(desk, f"{bundle.pk}/hand-out/")
    assert posted(handler, out, to="示例市公安局", key="k2").status_code == 409

    posted(handler, address(desk, "ask_bundle_release/"), bundle=str(bundle.pk), key="k3")
    vote = f"/staff/cases/{desk.case.number}/release_bundle/"
    shown = supervisor.get(vote).content.decode()
    assert bundle.code in shown and "公安机关" in shown and f'href="{address(desk)}"' in shown
    payload = re.search(r'name="payload" value="([0-9a-f]+)"', shown)
    assert payload
    assert posted(handler, vote, verdict="approved", payload=payload[1], key="k4").status_code == 403
    assert not Release.objects.exists()
    posted(supervisor, vote, verdict="approved", payload=payload[1], key="k5", version=shown_version(shown))

    assert Release.objects.filter(pk=bundle.pk, released_by_person=cast.supervisor.actor.person).exists()
    taken = posted(handler, out, to="示例市公安局", what="package", key="k6")
    assert bytes_of(taken) == desk.package(bundle) and "attachment" in taken.headers["Content-Disposition"]
    row = Custody.objects.filter(attachment=desk.item("2").pk, act="exported").get()
    assert open_sealed(row, "reason") == f"示例市公安局：{bundle.code}"
    assert Event.objects.filter(case=desk.case.pk, verb="complaints.hand_out_bundle").count() == 1
    assert "交给 示例市公安局" in handler.get(address(desk)).content.decode()


def shown_version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    return found[1] if found else ""


def test_gaps_stand_beside_the_items_and_above_the_button(cast: Cast) -> None:
    desk = desk_of(cast, PAPERS[:2])
    desk.describe("1", proves="")

    page = sign_in(Client(), cast.handler.user).get(address(desk)).content.decode()

    assert page.count("证明对象") >= 2 and "请补填，或不编入这一件" in page


def test_another_unit_and_another_case_see_nothing(cast: Cast) -> None:
    desk = desk_of(cast, PAPERS[:1])
    bundle = desk.build()

    stranger = sign_in(Client(), cast.stranger.user)
    assert stranger.get(address(desk)).status_code == 404
    assert stranger.post(address(desk, f"{bundle.pk}/look/")).status_code == 404


def test_the_database_lets_no_bundle_out_without_a_vote(cast: Cast) -> None:
    desk = desk_of(cast, PAPERS[:1])
    bundle = desk.build()

    with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
        Release.objects.create(
            bundle=bundle, case_id=desk.case.pk, asked_by_person=uuid7(), released_by_person=uuid7(), released_at=LATER
        )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Binding.objects.update(pages=1)


def test_the_consumer_takes_the_own_copy_away(client: Client, cast: Cast) -> None:
    desk = desk_of(cast, PAPERS[:2])
    enter(client, desk.case, phone=PHONE, at=LATER)
    where = f"/track/{desk.case.number}/copies/"
    with pinned(LATER):
        assert "生成副本" in client.get(where).content.decode()
        assert client.post(where, {"key": "own"}).status_code == 302
        assert "正在生成" in client.get(where).content.decode()
    jobs.run_due()
    bundle = Bundle.objects.get(profile="consumer")

    with pinned(LATER):
        page = client.get(where).content.decode()
        document = client.get(f"{where}{bundle.pk}/document/")
    assert bundle.code in page and bytes_of(document) == desk.document(bundle)
    assert "最新的副本就是全部" in page and "生成副本" not in page
    with pinned(LATER):
        assert client.get(f"{where}{desk.build('court').pk}/document/").status_code == 404
    assert Client().get(where).status_code in (302, 404)
