"""Files from the merchant: through the intake like every paper, seen by staff, and by the consumer once staff released a copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cases.attachments import rules as paper_rules
from cases.attachments.models import Attachment
from cases.attachments.queries import papers_of
from cases.attachments.receiving import EXAMINE_TOPIC, register, seal_upload
from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.evidence.models import Description, Item
from cases.mediation import actions
from cases.mediation.models import Exhibit, Mediation
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.files.models import StoredFile
from jike.files.receiving import LIMIT_BYTES, Received
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from tests.attachments import pdfs
from tests.factories import complaints as complaint_factory
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.mediation.test_talks import PRIVATE, consumer_in, merchant_in
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
PDF = pdfs.chinese("签到表：九月无课")


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with pinned(NOW):
        yield


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def send(client: Client, home: str, *files: SimpleUploadedFile, **words: str) -> Any:
    return client.post(f"{home}files/", {"file": list(files), **words})


def examine() -> None:
    run_jobs(Job.objects.filter(topic=EXAMINE_TOPIC).values_list("pk", flat=True))


def pages_made() -> None:
    run_jobs(Job.objects.filter(topic="copies.make_pages").values_list("pk", flat=True))


def registered(case: Mediation, cast: Cast) -> Item:
    """The one paper of the merchant in the register of the complaint, with its pages."""
    complaints.register_evidence(origin_of(case), actor=cast.handler.actor, now=NOW)
    pages_made()
    return Item.objects.select_related("attachment").get(attachment__added_by_kind="merchant")


def origin_of(case: Mediation) -> Complaint:
    return Complaint.objects.get(pk=case.origin_id)


def test_a_file_answers_a_fact_is_examined_and_lies_with_the_papers_of_the_matter(cast: Cast, client: Client) -> None:
    case = factory.mediation(cast, at="invited")
    merchant, home = merchant_in(case)

    assert send(merchant, home, upload("签到表.pdf", PDF), fact="2")["Location"] == f"{home}files/"

    row = Exhibit.objects.select_related("attachment", "fact").get()
    paper = row.attachment
    assert (row.case_id, row.fact and row.fact.seq, row.link_id) == (case.pk, 2, case.merchant_links.get().pk)
    assert (paper.subject, paper.added_by_kind, paper.file.scope) == (case.origin_id, "merchant", case.origin_id)
    assert (
        case.events.latest("seq").actor_label == "商户"
        and origin_of(case).events.latest("seq").verb == "complaints.attach"
    )
    waiting = merchant.get(f"{home}files/").content.decode()
    assert "签到表.pdf" in waiting and "正在检查" in waiting and "第2项" in waiting
    examine()
    assert "已存好" in merchant.get(f"{home}files/").content.decode()
    assert "签到表.pdf" in [p.name for p in papers_of(origin_of(case), cast.handler.actor)]
    item = registered(case, cast)
    assert open_sealed(Description.objects.get(item=item), "source") == "商户提交"


def test_what_is_no_evidence_is_refused_held_or_set_aside_with_its_reason(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)

    answer = send(
        merchant,
        home,
        upload("好.pdf", PDF),
        upload("程序.pdf", b"MZ\x90"),
        upload("大.pdf", PDF + b"\x00" * LIMIT_BYTES),
    )
    assert answer.status_code == 400
    assert [file.name for file in answer.context["refused"]] == ["程序.pdf", "大.pdf"]
    assert Exhibit.objects.count() == StoredFile.objects.filter(scope=case.origin_id).count() == 1
    send(merchant, home, upload("坏.jpg", b"\xff\xd8\xff\xe0 broken"))
    examine()
    page = merchant.get(f"{home}files/").content.decode()
    assert "不可用" in page and "图片已损坏" in page
    assert origin_of(case).events.filter(verb="complaints.set_aside_paper").count() == 1


def test_each_side_has_a_room_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_rules, "MOST_OF_MERCHANT", 2)
    monkeypatch.setattr(paper_rules, "MOST_FILES", 1)
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)

    answer = send(merchant, home, *(upload(f"{n}.pdf", PDF + b"%d" % n) for n in range(3)))

    assert [file.name for file in answer.context["refused"]] == ["2.pdf"] and "已经存了2份" in answer.content.decode()
    mine = Received("我的.pdf", PDF + b"mine", size=len(PDF) + 4, is_left_out=False)
    file = seal_upload(case.origin_id, mine, now=NOW)  # the consumer's first: the merchant's take none of the room
    register(case.origin_id, file, name="我的.pdf", about="", captured="file", actor=factory.consumer_of(case), now=NOW)
    more = Received("二.pdf", PDF + b"more", size=len(PDF) + 4, is_left_out=False)
    with pytest.raises(Refused):
        seal_upload(case.origin_id, more, now=NOW)


@pytest.mark.parametrize("stranger", ["no visit", "other case", "revoked", "ran out", "ended"])
def test_nobody_else_hands_anything_in_and_nothing_is_stored(stranger: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)
    if stranger == "no visit":
        merchant = Client()
    elif stranger == "other case":
        other = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))
        with pinned(NOW + timedelta(minutes=2)):
            merchant, _own = merchant_in(other)
    elif stranger == "revoked":
        actions.revoke_link(case, actor=cast.handler.actor, now=NOW)
    elif stranger == "ended":
        actions.fail(case, actor=cast.handler.actor, now=NOW, reason="x")

    with pinned(NOW + timedelta(days=9) if stranger == "ran out" else NOW):
        answer = send(merchant, home, upload("a.pdf", PDF))

    assert (answer.status_code, answer["Location"]) == (302, home)
    assert not Exhibit.objects.exists() and not StoredFile.objects.filter(scope=case.origin_id).exists()


def test_without_its_link_a_merchant_adds_no_paper_to_the_complaint_either(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    other = factory.complaint(cast, phone="13900139000")
    actor, file = factory.merchant_of(case), Received("a.pdf", PDF, size=len(PDF), is_left_out=False)
    stored = seal_upload(other.pk, file, now=NOW)

    with pytest.raises(Refused) as refused:
        complaints.attach_paper(other, actor=actor, now=NOW, file=stored, name="a.pdf")
    assert [b.code for b in refused.value.blockers] == ["actor.no_link"]


def test_the_consumer_sees_a_copy_once_it_is_released_and_the_merchant_only_what_is_released_to_it(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    own = complaint_factory.examined(origin_of(case), PDF + b"own", name="王小明身份证.pdf", pages=1, now=NOW)
    merchant, home = merchant_in(case)
    consumer, track = consumer_in(case)
    send(merchant, home, upload("签到表.pdf", PDF))
    examine()
    item = registered(case, cast)
    mine = Item.objects.get(attachment=own)

    page = consumer.get(f"{track}files/").content.decode()
    assert "签到表" not in page and f"{item.pk}" not in page
    assert "签到表" not in consumer.get(f"/track/{case.origin.number}/papers/").content.decode()
    for client, where, paper in ((consumer, track, item), (merchant, home, mine), (merchant, home, item)):
        assert client.get(f"{where}files/copies/{paper.pk}/").status_code == 404
    assert "王小明" not in merchant.get(f"{home}files/").content.decode()

    keeper = {"actor": cast.handler.actor, "now": NOW}
    complaints.release_evidence(origin_of(case), item=item, audience="consumer", **keeper)
    found = consumer.get(f"{track}files/copies/{item.pk}/")
    assert found.status_code == 200 and b"".join(found.streaming_content).startswith(b"%PDF")
    assert f"files/copies/{item.pk}/" in consumer.get(f"{track}files/").content.decode()
    assert merchant.get(f"{home}files/copies/{mine.pk}/").status_code == 404
    complaints.release_evidence(origin_of(case), item=mine, audience="merchant", **keeper)
    shown = merchant.get(f"{home}files/").content.decode()
    assert f"files/copies/{mine.pk}/" in shown and not any(word in shown for word in PRIVATE)
    taken = merchant.get(f"{home}files/copies/{mine.pk}/")
    assert taken.status_code == 200 and "王小明" not in str(taken.headers)
    assert consumer.get(f"{home}files/").status_code == 302  # the link alone opens nothing


def test_the_same_content_from_both_is_one_paper_and_tells_neither_of_the_other(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    merchant, home = merchant_in(case)
    consumer, _track = consumer_in(case)
    papers = f"/track/{case.origin.number}/papers/"
    send(merchant, home, upload("商户版合同.pdf", PDF))
    consumer.post(papers, {"file": [upload("王小明的合同.pdf", PDF)]})
    send(merchant, home, upload("又一次.pdf", PDF), fact="1")

    assert Attachment.objects.count() == 1 and Exhibit.objects.count() == 2
    page = consumer.get(papers).content.decode()
    assert "已收到1份" in page and "商户版" not in page
    assert "王小明" not in merchant.get(f"{home}files/").content.decode()


def test_the_database_takes_no_file_by_a_link_that_is_not_in_force_or_of_another_case(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    other = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))
    merchant, home = merchant_in(case)
    send(merchant, home, upload("a.pdf", PDF))
    row = Exhibit.objects.get()
    fresh = {"attachment_id": row.attachment_id, "name": "x", "added_at": NOW}
    link, theirs = case.merchant_links.get(), other.merchant_links.get()

    for wrong in (
        {"case": other, "link": theirs},
        {"case": case, "link": theirs},
        {"case": case, "link": link, "fact": other.facts.first()},
        {"case": case, "link": link, "fact": case.facts.first(), "added_at": link.expires_at + timedelta(seconds=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exhibit.objects.create(**fresh | wrong)
    for sql in ("UPDATE mediation_exhibit SET added_at = now()", "DELETE FROM mediation_exhibit"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
