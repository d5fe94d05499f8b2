"""The pages of a paper and the drawing tool on the workbench."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.copies.models import CoveredCopy, Covering
from cases.evidence.models import Custody, Item
from jike.base.dates import pinned
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from tests.accounts.signing_in import sign_in
from tests.copies.conftest import LATER, SOMEWHERE
from tests.evidence.conftest import Register

VALUE = ",".join(map(str, SOMEWHERE[0]))


@pytest.fixture
def signed_in(client: Client, register: Register) -> Client:
    return sign_in(client, register.cast.handler.user)


def address(item: Item, rest: str) -> str:
    return f"/staff/cases/{item.case.number}/papers/{item.pk}/{rest}"


def looks(item: Item) -> int:
    return Custody.objects.filter(attachment_id=item.pk, act="viewed").count()


def test_nobody_sees_a_page_before_custody_says_so(signed_in: Client, drawn: Item) -> None:
    closed = signed_in.get(address(drawn, "pages/"))
    assert "打开1页" in closed.content.decode() and "iframe" not in closed.content.decode()
    for rest in ("pages/1/", "pages/sheets/"):
        assert signed_in.get(address(drawn, rest)).status_code == 404
    assert looks(drawn) == 0

    answer = signed_in.post(address(drawn, "pages/open/"))
    assert answer.headers["Location"] == address(drawn, "pages/") and looks(drawn) == 1
    page = signed_in.get(address(drawn, "pages/")).content.decode()
    assert 'sandbox="allow-same-origin"' in page and f'src="{address(drawn, "pages/sheets/")}"' in page
    picture = signed_in.get(address(drawn, "pages/1/"))
    assert picture.content.startswith(b"\xff\xd8") and picture.headers["Cache-Control"] == "no-store"
    assert signed_in.get(address(drawn, "pages/2/")).status_code == 404
    assert signed_in.get(address(drawn, "pages/thumbnail/")).status_code == 200


def test_looking_is_one_row_an_hour_for_each_person(signed_in: Client, register: Register, drawn: Item) -> None:
    other = sign_in(Client(), register.cast.supervisor.user)
    for minutes, count in ((0, 1), (59, 1), (61, 2)):
        with pinned(LATER + timedelta(minutes=minutes)):
            signed_in.post(address(drawn, "pages/open/"))
            assert looks(drawn) == count
    with pinned(LATER + timedelta(minutes=61)):
        assert other.get(address(drawn, "pages/1/")).status_code == 404, "another person has not looked"
        other.post(address(drawn, "pages/open/"))
    assert looks(drawn) == 3
    with pinned(LATER + timedelta(hours=4)):
        assert signed_in.get(address(drawn, "pages/1/")).status_code == 404


def test_the_frame_holds_pictures_that_can_do_nothing(signed_in: Client, drawn: Item) -> None:
    signed_in.post(address(drawn, "pages/open/"))
    frame = signed_in.get(address(drawn, "pages/sheets/"))

    assert frame.headers["Content-Security-Policy"] == (
        "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'self'; sandbox allow-same-origin"
    )
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN" and frame.headers["Cache-Control"] == "no-store"
    assert "<script" not in frame.content.decode() and "<form" not in frame.content.decode()


def test_the_list_shows_the_first_page_small_and_leads_to_the_pages(signed_in: Client, drawn: Item) -> None:
    page = signed_in.get(f"/staff/cases/{drawn.case.number}/evidence/").content.decode()
    assert address(drawn, "pages/thumbnail/") in page and f'href="{address(drawn, "pages/")}"' in page


def test_suggestions_are_offered_unticked_and_what_is_ticked_is_covered(signed_in: Client, drawn: Item) -> None:
    signed_in.post(address(drawn, "pages/open/"), {"audience": "merchant"})
    page = signed_in.get(address(drawn, "copies/merchant/")).content.decode()
    assert page.count("data-suggested") == 5 and page.count('aria-checked="false"') == 5 and "建议遮盖5处" in page
    assert "尚未决定" in page

    given = {"areas": [VALUE], "version": drawn.case.version, "key": "k1"}
    answer = signed_in.post(address(drawn, "copies/merchant/redact_evidence/"), given)
    assert answer.status_code == 302, answer.content.decode()
    run_jobs(Job.objects.filter(topic="copies.make_copy").values_list("pk", flat=True))
    page = signed_in.get(address(drawn, "copies/merchant/")).content.decode()
    assert f'value="{VALUE}" checked' in page and address(drawn, "copies/merchant/file/") in page
    copy = signed_in.get(address(drawn, "copies/merchant/file/"))
    assert copy.content.startswith(b"%PDF") and "attachment" in copy.headers["Content-Disposition"]
    assert CoveredCopy.objects.count() == 1


def test_an_area_by_its_measures_needs_no_script(signed_in: Client, drawn: Item) -> None:
    signed_in.post(address(drawn, "pages/open/"), {"audience": "consumer"})
    typed = {"areas": [VALUE], "page": "1", "x": "10", "y": "20", "width": "30", "height": "5", "kind": "card"}
    assert signed_in.post(address(drawn, "copies/consumer/redact_evidence/"), typed | {"height": ""}).status_code == 400
    assert signed_in.post(address(drawn, "copies/consumer/redact_evidence/"), {"areas": ["1,2,3"]}).status_code == 400
    assert signed_in.post(address(drawn, "copies/consumer/redact_evidence/"), typed).status_code == 302
    assert Covering.objects.get().areas == [list(SOMEWHERE[0]), [1, 0.1, 0.2, 0.3, 0.05, "card"]]


def test_what_was_refused_comes_back_with_the_areas_and_the_reason(signed_in: Client, drawn: Item) -> None:
    signed_in.post(address(drawn, "pages/open/"), {"audience": "merchant"})
    stale = drawn.case.version
    signed_in.post(address(drawn, "copies/consumer/release_evidence/"), {"key": "k"})
    answer = signed_in.post(address(drawn, "copies/merchant/redact_evidence/"), {"areas": [VALUE], "version": stale})
    page = answer.content.decode()
    assert answer.status_code == 409 and 'data-code="case.changed"' in page and f'value="{VALUE}" checked' in page
    answer = signed_in.post(address(drawn, "copies/merchant/redact_evidence/"), {})
    assert answer.status_code == 409 and 'data-code="areas.missing"' in answer.content.decode()
    assert Covering.objects.filter(audience="merchant").count() == 0


def test_unknown_audiences_and_verbs_are_not_there(signed_in: Client, drawn: Item) -> None:
    for rest in ("copies/staff/", "copies/press/", "copies/press/file/", "copies/merchant/file/"):
        assert signed_in.get(address(drawn, rest)).status_code == 404
    assert signed_in.post(address(drawn, "copies/merchant/lock_evidence/")).status_code == 404


def test_the_verbs_stand_on_the_page_of_the_paper_and_not_among_the_gates(signed_in: Client, drawn: Item) -> None:
    page = signed_in.get(f"/staff/cases/{drawn.case.number}/").content.decode()
    assert "redact_evidence" not in page and "release_evidence" not in page
