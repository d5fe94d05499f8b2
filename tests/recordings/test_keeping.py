"""How long a recording is kept, what beats it, and the proof that it is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Case
from jike.base.errors import Refused
from jike.files.models import StoredFile
from jike.ledger import verify
from jike.privacy import Unreadable
from lending.models import DestructionCertificate, Loan, Recording
from lending.recordings import actions, handlers, queries, retention
from lending.recordings.retention import Disputes
from tests.factories import complaints as complaint_factory
from tests.factories import recordings as factory
from tests.factories.recordings import NOW
from tests.lending.documents import told

pytestmark = pytest.mark.django_db
LATE = datetime(2033, 1, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


def codes(refused: Any) -> set[str]:
    return {blocker.code for blocker in refused.value.blockers}


def settled(row: Recording) -> Loan:
    """The loan that the contract became, told as settled on 2026-11-18."""
    told(contract_no=row.contract.application, state="settled")
    loan = Loan.objects.get(contract_no=row.contract.application)
    assert retention.ended_at(loan) is not None
    return loan


def test_it_is_kept_five_years_from_the_end_of_the_loan() -> None:
    row = factory.passed()
    assert retention.keep_until(row, now=NOW) == date(2028, 11, 20)  # no loan came of it
    settled(row)

    assert retention.keep_until(row, now=NOW) == date(2031, 11, 18)


def test_a_loan_or_dispute_that_goes_on_has_no_end_and_a_late_one_lengthens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = factory.passed()
    settled(row)

    for disputes, until in (
        (Disputes(is_open=True), None),
        (Disputes(ended_at=datetime(2027, 5, 1, tzinfo=UTC)), date(2031, 11, 18)),
        (Disputes(ended_at=datetime(2031, 3, 2, tzinfo=UTC)), date(2033, 3, 2)),
    ):
        monkeypatch.setattr(retention, "disputes_about", lambda loan, disputes=disputes: disputes)
        assert retention.keep_until(row, now=NOW) == until


def test_a_complaint_about_the_loan_is_such_a_dispute() -> None:
    row = factory.passed()
    loan = settled(row)
    case = complaint_factory.file(loan=loan)

    assert retention.disputes_about(loan) == Disputes(is_open=True)
    assert retention.keep_until(row, now=NOW) is None
    assert Case.objects.get(pk=case.pk).loan_id == loan.pk


def test_two_people_destroy_it_with_proof_and_nothing_opens_any_more() -> None:
    row, who = factory.archived(), factory.people()
    loan = settled(row)
    part = row.parts.get()
    file, sha256 = part.file, bytes(part.file_sha256).hex()

    with pytest.raises(Refused) as early:
        actions.propose_destruction(row, actor=who["sue"].actor, now=NOW + timedelta(days=400))
    assert codes(early) == {"recording.kept"}
    actions.propose_destruction(row, actor=who["sue"].actor, now=LATE)
    with pytest.raises(Refused) as alone:
        actions.destroy_recording(row, actor=who["sue"].actor, now=LATE)
    assert codes(alone) == {"actor.voted"}

    gone = actions.destroy_recording(row, actor=who["tom"].actor, now=LATE)
    factory.work(LATE)
    certificate = DestructionCertificate.objects.get(recording=row)
    assert gone.state == "destroyed"
    assert [one["sha256"] for one in certificate.files] == [sha256]
    assert certificate.approved_by == [who["sue"].user.pk, who["tom"].user.pk]
    assert certificate.verified_at is not None
    with pytest.raises(Unreadable):
        queries.said(Recording.objects.get(pk=row.pk))
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert list(verify()) == []
    assert loan.pk == Loan.objects.get(contract_no=row.contract.application).pk


def test_a_hold_beats_every_period_and_is_lifted_by_somebody_else() -> None:
    row, who = factory.archived(), factory.people()
    settled(row)
    actions.hold_recording(row, actor=who["lea"].actor, now=NOW, reason="法院调查令")

    with pytest.raises(Refused) as held:
        actions.propose_destruction(row, actor=who["sue"].actor, now=LATE)
    with pytest.raises(Refused) as own:
        actions.lift_hold(row, actor=who["lea"].actor, now=LATE)
    assert (codes(held), codes(own)) == ({"recording.held"}, {"actor.placed_it"})

    actions.lift_hold(row, actor=who["sue"].actor, now=LATE)
    actions.propose_destruction(row, actor=who["sue"].actor, now=LATE)


def test_the_key_goes_with_the_certificate_only() -> None:
    row = factory.archived()

    with pytest.raises(IntegrityError, match="certificate only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_datakey SET wrapped = '', destroyed_at = now() WHERE scope = %s", [row.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_archive_counts_the_day_anew() -> None:
    row = factory.archived()
    assert row.keep_until_on == date(2028, 11, 20)
    settled(row)

    handlers.watch(NOW + timedelta(days=33))
    assert Recording.objects.get(pk=row.pk).keep_until_on == date(2031, 11, 18)
