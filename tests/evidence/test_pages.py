"""The register on the workbench and in the portal: what is shown, and what each form does without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.complaints.models import Complaint
from cases.evidence.models import Description, ListLock
from cases.models import Event
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import enter
from tests.evidence.conftest import WORDS, Register, register_of
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast


@pytest.fixture
def signed_in(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.handler.user)


def address(register: Register, verb: str = "") -> str:
    return f"/staff/cases/{register.case.number}/evidence/" + (f"{verb}_evidence/" if verb else "")


def test_the_case_page_leads_to_the_register(signed_in: Client, empty: Register) -> None:
    page = signed_in.get(f"/staff/cases/{empty.case.number}/").content.decode()
    assert f'hx-get="{address(empty)}"' in page and f'href="{address(empty)}"' in page
    assert "/register_evidence/" not in page, "it stands on its own page, not among the gates"

    page = signed_in.get(address(empty)).content.decode()
    assert "3份材料尚未登记" in page and "证据清单还是空的" in page
    part = signed_in.get(address(empty), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="evidence"' in part


def test_registering_describing_and_locking_by_forms_alone(signed_in: Client, empty: Register) -> None:
    assert signed_in.post(address(empty, "register")).headers["Location"] == address(empty)
    page = signed_in.get(address(empty)).content.decode()
    assert "缺少" in page and "证明对象" in page and empty.labels() == ["1", "2", "3"]

    item = empty.item("2")
    answer = signed_in.post(address(empty, "describe"), WORDS | {"item": item.pk, "proves": "<b>没有</b>提供服务"})
    assert answer.status_code == 302
    page = signed_in.get(address(empty)).content.decode()
    assert "&lt;b&gt;没有&lt;/b&gt;提供服务" in page and "书证" in page and "<b>没有" not in page

    assert signed_in.post(address(empty, "lock")).status_code == 302
    page = signed_in.get(address(empty)).content.decode()
    assert ListLock.objects.filter(pk=empty.case.pk).exists()
    assert "data-jike-move" not in page and "清单已锁定" in page


@pytest.mark.parametrize(("move", "wanted"), [("up", [1, 0, 2]), ("down", [0, 2, 1])])
def test_an_item_moves_by_its_button(signed_in: Client, full: Register, move: str, wanted: list[int]) -> None:
    order = [item.pk for item in full.items()]
    signed_in.post(address(full, "reorder"), {"order": order, "move": f"{order[1]}:{move}"})
    assert [item.pk for item in full.items()] == [order[n] for n in wanted]

    first = full.items()[0].pk
    signed_in.post(address(full, "reorder"), {"order": [item.pk for item in full.items()], "move": f"{first}:up"})
    assert full.items()[0].pk == first, "the first stays the first"


def test_what_was_dragged_is_sent_whole_and_comes_back_as_a_part(signed_in: Client, full: Register) -> None:
    order = [item.pk for item in full.items()][::-1]
    answer = signed_in.post(address(full, "reorder"), {"order": order}, headers={"HX-Request": "true"})

    assert answer.status_code == 200 and "<html" not in answer.content.decode()
    assert [item.pk for item in full.items()] == order


def test_a_stale_page_is_told_and_keeps_the_list(signed_in: Client, full: Register) -> None:
    version = Complaint.objects.get(pk=full.case.pk).version
    full.do("describe", item=full.item("1"), **WORDS)
    order = [item.pk for item in full.items()][::-1]

    answer = signed_in.post(address(full, "reorder"), {"order": order, "version": version})
    assert answer.status_code == 409 and 'data-code="case.changed"' in answer.content.decode()
    assert [item.pk for item in full.items()] == order[::-1]


def test_what_was_typed_wrongly_comes_back_with_its_reason(signed_in: Client, full: Register) -> None:
    item = full.item("2")
    answer = signed_in.post(address(full, "describe"), WORDS | {"item": item.pk, "title": "", "summary": "打过的字"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "打过的字" in page, page
    assert "证据名称：" in page
    answer = signed_in.post(address(full, "describe"), WORDS | {"item": item.pk, "page_from": 5, "page_to": 2})
    assert answer.status_code == 409 and 'data-code="pages.impossible"' in answer.content.decode()
    assert Description.objects.filter(item=item).count() == 1
    assert signed_in.post(address(full, "describe"), WORDS | {"item": full.case.pk}).status_code == 400
    assert signed_in.post(f"/staff/cases/{full.case.number}/evidence/close/").status_code == 404


def test_a_superseded_item_is_struck_out(signed_in: Client, full: Register) -> None:
    given = {"item": full.item("1").pk, "by": full.item("3").pk, "reason": "更清楚"}
    assert signed_in.post(address(full, "supersede"), given).status_code == 302

    page = signed_in.get(address(full)).content.decode()
    assert '<s class="evidence-title">证据0.pdf</s>' in page and "已由3号替代" in page and "更清楚" in page


def test_refused_papers_are_counted_and_not_offered(signed_in: Client, full: Register) -> None:
    full.paper(verdict="refused", name="木马.pdf")
    page = signed_in.get(address(full)).content.decode()
    assert "另有1份材料不能登记" in page and "木马.pdf" not in page


def test_the_page_asks_the_database_the_same_for_one_item_and_for_many(client: Client, cast: Cast) -> None:
    from django.db import connection

    counts = []
    sign_in(client, cast.handler.user)
    for papers in (1, 4):
        register = register_of(cast, papers)
        register.do("register")
        client.get(address(register))
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address(register)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1], counts


def test_custody_page_tells_the_life_of_a_paper(signed_in: Client, full: Register) -> None:
    item = full.item("1")
    full.do("describe", item=item, **WORDS)
    signed_in.post(f"/staff/cases/{full.case.number}/papers/{item.pk}/file/original/", {"reason": "核对签名"})

    page = signed_in.get(f"/staff/cases/{full.case.number}/evidence/{item.pk}/custody/").content.decode()
    assert "收取" in page and "取得副本" in page and "核对签名" in page
    assert bytes(item.attachment.file.sha256).hex() in page and bytes(item.attachment.file.sm3).hex() in page
    assert "双方约定十二期" in page and "不证明收到之前的内容真实" in page
    assert Event.objects.filter(case=full.case, verb="complaints.describe_evidence").count() == 1


def test_the_consumer_reads_number_and_fingerprint_of_own_papers(empty: Register, client: Client) -> None:
    empty.paper(b"%PDF by staff", by=empty.cast.handler.actor, name="内部.pdf")
    empty.do("register")
    empty.do("describe", item=empty.item("1"), **WORDS | {"title": "内部说法"})
    empty.do("supersede", item=empty.item("2"), reason="内部理由")
    at = RECEIVED + timedelta(days=3)
    enter(client, empty.case, at=at, phone=PHONE)

    with pinned(at):
        page = client.get(f"/track/{empty.case.number}/").content.decode()
    assert "证据1：证据0.pdf" in page and bytes(empty.item("1").attachment.file.sha256).hex() in page
    assert "不再采用，文件仍然保存" in page
    for inside in ("内部.pdf", "内部说法", "内部理由", "双方约定十二期"):
        assert inside not in page
