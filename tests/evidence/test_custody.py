"""Custody: begun at registration with the moment of capture, written before an original leaves, and sealed row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from cases.complaints.models import Complaint
from cases.evidence import custody
from cases.evidence.models import Custody
from cases.evidence.queries import custody_for
from cases.evidence.verification import verify_evidence
from cases.queries import NotVisible
from jike.base.dates import now
from jike.files import store
from jike.ledger import verify
from jike.ledger.models import Entry
from jike.privacy import open_sealed
from jike.privacy.models import RevealLog
from tests.accounts.signing_in import sign_in
from tests.evidence.conftest import LATER, Register
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED


def rows_of(paper: object) -> list[Custody]:
    return list(Custody.objects.filter(attachment_id=getattr(paper, "pk", paper)).order_by("seq"))


def test_registering_writes_when_and_by_whom_the_paper_was_collected(full: Register) -> None:
    paper = full.item("2").attachment

    (row,) = rows_of(paper)
    assert (row.seq, row.act, row.actor_kind, row.actor_id) == (1, "collected", "consumer", paper.added_by_id)
    assert row.at == paper.created_at == RECEIVED + timedelta(minutes=1)
    entry = Entry.objects.get(source="evidence.custody", source_id=row.pk)
    assert (entry.subject, entry.seq, entry.at) == (paper.pk, 1, LATER)
    assert entry.facts["sha256"] == bytes(paper.file.sha256).hex()


def test_every_row_is_sealed_in_the_chain_of_its_paper(full: Register) -> None:
    paper, actor = full.item("1").attachment, full.cast.handler.actor
    for n, act in enumerate((custody.Act.VIEWED, custody.Act.COPIED, custody.Act.EXPORTED)):
        custody.record(paper, act, actor=actor, reason=f"理由{n}", now=LATER + timedelta(hours=n))

    assert [(row.seq, row.act, open_sealed(row, "reason")) for row in rows_of(paper)] == [
        (1, "collected", ""), (2, "viewed", "理由0"), (3, "copied", "理由1"), (4, "exported", "理由2"),
    ]  # fmt: skip
    assert list(verify([paper.pk])) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(facts::text, '') FROM ledger_entry WHERE subject = %s", [paper.pk])
        sealed = cursor.fetchone()[0]
    assert "理由" not in sealed and actor.label not in sealed and sealed.count("sha256") == 4


def test_an_original_leaves_with_a_reason_and_a_row(full: Register, client: Client) -> None:
    paper = full.item("1").attachment
    sign_in(client, full.cast.handler.user)
    address = f"/staff/cases/{full.case.number}/papers/{paper.pk}/file/original/"

    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": " "}).status_code == 409
    assert [row.act for row in rows_of(paper)] == ["collected"]

    answer = client.post(address, {"reason": "核对签名"})
    assert answer.status_code == 200 and answer.content == store.read(paper.file)
    last = rows_of(paper)[-1]
    assert (last.seq, last.act, last.actor_id) == (2, "copied", full.cast.handler.user.pk)
    assert open_sealed(last, "reason") == "核对签名"
    assert [open_sealed(log, "reason") for log in RevealLog.objects.filter(row=paper.pk)] == ["核对签名"]


def test_a_large_original_leaves_piece_by_piece_after_its_row(
    full: Register, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = full.item("1").attachment
    monkeypatch.setattr("cases.evidence.views.LIMIT_BYTES", paper.file.size - 1)
    sign_in(client, full.cast.handler.user)

    answer = client.post(f"/staff/cases/{full.case.number}/papers/{paper.pk}/file/original/", {"reason": "核对"})
    assert answer.streaming and rows_of(paper)[-1].act == "copied"
    assert b"".join(answer.streaming_content) == store.read(paper.file)
    assert answer.headers["Content-Length"] == str(paper.file.size)
    assert (
        "sandbox" in answer.headers["Content-Security-Policy"] and "attachment" in answer.headers["Content-Disposition"]
    )


def test_an_original_out_of_no_register_has_custody_from_capture_on(empty: Register, client: Client) -> None:
    paper = empty.paper()
    sign_in(client, empty.cast.handler.user)
    assert client.post(
        f"/staff/cases/{empty.case.number}/papers/{paper.pk}/file/original/", {"reason": "核对"}
    ).status_code == 200  # fmt: skip
    empty.do("register")

    assert [row.act for row in rows_of(paper)] == ["collected", "copied"]
    assert rows_of(paper)[0].at == paper.created_at
    assert list(verify_evidence(now=now())) == []


@pytest.mark.parametrize("who", ["stranger", "colleague", "auditor", "executive"])
def test_whoever_does_not_see_the_case_gets_no_original_and_no_custody(
    full: Register, client: Client, who: str
) -> None:
    paper = full.item("1").attachment
    sign_in(client, getattr(full.cast, who).user)
    base = f"/staff/cases/{full.case.number}"

    assert client.post(f"{base}/papers/{paper.pk}/file/original/", {"reason": "x"}).status_code == 404
    assert client.get(f"{base}/evidence/{paper.pk}/custody/").status_code == 404
    assert client.get(f"{base}/evidence/").status_code == 404
    assert client.post(f"{base}/evidence/lock_evidence/").status_code == 404
    assert len(rows_of(paper)) == 1


def test_a_damaged_original_leaves_no_row_of_having_left(full: Register, client: Client) -> None:
    paper = full.item("1").attachment
    store._path(paper.file.scope, bytes(paper.file.sha256)).write_bytes(b"x")
    sign_in(client, full.cast.handler.user)

    with pytest.raises(store.FileDamaged):
        client.post(f"/staff/cases/{full.case.number}/papers/{paper.pk}/file/original/", {"reason": "x"})
    assert len(rows_of(paper)) == 1


def test_the_door_of_custody_opens_for_staff_who_see_the_case_whole_alone(full: Register) -> None:
    paper, case = full.item("1").attachment, full.case
    assert len(custody_for(Complaint.objects.get(pk=case.pk), full.cast.supervisor.actor, paper.pk)[1]) == 1
    for actor in (full.cast.stranger.actor, full.cast.auditor.actor, factory.consumer_of(case)):
        with pytest.raises(NotVisible):
            custody_for(Complaint.objects.get(pk=case.pk), actor, paper.pk)
