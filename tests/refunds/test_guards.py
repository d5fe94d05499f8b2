"""What the database refuses, whoever asks: a second return, money without a second person, legs and books that go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from lending.models import Order
from refunds.models import JournalLine, Leg, Screening
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast

EVENT = "cases_move_needs_event"


def refused(*statements: str) -> None:
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_one_return_of_a_loan_at_a_time_and_none_after_it(cast: Cast) -> None:
    case = factory.a_return(cast, at="completed")
    late = factory.loan(external_id="JK-2", contract_no="HT-2")
    other = factory.requested(late)

    refused(f"UPDATE cases_case SET loan_id = '{case.loan_id}' WHERE id = '{other.pk}'")
    with pytest.raises(IntegrityError, match="refund_one_per_loan"), without("refunds_loan_stays") as cursor:
        cursor.execute(f"UPDATE cases_case SET loan_id = '{case.loan_id}' WHERE id = '{other.pk}'")
    refused(f"UPDATE cases_case SET consumer_id = NULL WHERE id = '{other.pk}'", "DELETE FROM refunds_refund")


def test_the_state_cannot_be_moved_by_hand(cast: Cast) -> None:
    case = factory.a_return(cast, at="undecided")
    move = "UPDATE cases_case SET state = '{}', version = version + 1 WHERE id = '" + str(case.pk) + "'"
    for state in ("reversing", "goodwill", "completed", "approved"):
        refused(move.format(state))


@contextmanager
def without(trigger: str) -> Iterator[CursorWrapper]:
    """A cursor in a transaction in which another law of the database does not stand in the way; judged at the end, undone in any case."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE cases_case DISABLE TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_money_needs_the_vote_of_a_second_person(cast: Cast) -> None:
    case = factory.a_return(cast, at="undecided")
    with pytest.raises(IntegrityError, match="without a second person"), without(EVENT) as cursor:
        cursor.execute("UPDATE refunds_refund SET released = true WHERE case_ptr_id = %s", [case.pk])
        cursor.execute("UPDATE cases_case SET last_verb = 'x' WHERE id = %s", [case.pk])
    with pytest.raises(IntegrityError, match="pays without legs"), without(EVENT) as cursor:
        cursor.execute("UPDATE cases_case SET state = 'reversing' WHERE id = %s", [case.pk])


def test_nobody_approves_their_own_proposal_not_even_by_sql(cast: Cast) -> None:
    case = factory.a_return(cast, at="proposed")
    (approval,) = case.open_approvals
    vote = (
        """UPDATE cases_approval SET verdict = 'approved', voter_id = '{voter}', voter_person = '{person}', voted_at = now()
              WHERE id = '"""
        + str(approval.pk)
        + "'"
    )
    own = cast.handler.user
    refused(
        vote.format(voter=own.pk, person=own.person),
        vote.format(voter=own.pk, person=cast.supervisor.user.person),
        vote.format(voter=cast.twin.user.pk, person=cast.twin.user.person),
    )


def test_the_web_process_votes_for_others_as_little_as_anybody_by_sql(cast: Cast) -> None:
    """As the role the web process has: a second person's vote is taken, the proposer's own is not, and no order is touched."""
    case = factory.a_return(cast, at="proposed")
    (approval,) = case.open_approvals
    vote = "UPDATE cases_approval SET verdict = 'approved', voter_id = %s, voter_person = %s, voted_at = now() WHERE id = %s"
    for user, is_taken in ((cast.handler.user, False), (cast.twin.user, False), (cast.supervisor.user, True)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE jike_web")
                cursor.execute(vote, [user.pk, user.person, approval.pk])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("RESET ROLE")
                transaction.set_rollback(True)
        except IntegrityError as error:
            assert not is_taken, error
        else:
            assert is_taken, user.username
    paying = factory.a_return(
        cast, at="reversing", about=factory.loan(external_id="JK-2", contract_no="HT-2", service={"state": "none"})
    )
    for statement in (
        f"UPDATE lending_order SET amount_cents = amount_cents + 1 WHERE id = '{factory.to_consumer(paying).order_id}'",
        f"UPDATE refunds_leg SET cents = cents + 1 WHERE case_id = '{paying.pk}' AND receiver = 'consumer'",
        "DELETE FROM refunds_journalline",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE jike_web")
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_automatic_screening_is_clean_and_nothing_of_the_history_changes(cast: Cast) -> None:
    factory.a_return(cast, at="reversing")
    refused(
        "UPDATE refunds_screening SET is_automatic = false", "DELETE FROM refunds_screening", "TRUNCATE refunds_screening CASCADE",
        "UPDATE refunds_journalline SET cents = 1", "DELETE FROM refunds_journalline", "DELETE FROM refunds_leg",
    )  # fmt: skip
    row = Screening.objects.get()
    for wrong in ({"review": [{"code": "x"}]}, {"principal_cents": row.limit_cents + 1}, {"outcome": "refused"}):
        values = {"outcome": "eligible", "is_automatic": True, "principal_cents": 1, "limit_cents": row.limit_cents}
        with pytest.raises(IntegrityError), transaction.atomic():
            Screening.objects.create(case_id=row.case_id, seq=2, screened_at=ASKED, **values | wrong)


def test_legs_go_forward_and_pay_what_they_were_booked_for(cast: Cast) -> None:
    case = factory.a_return(cast, at="reversing")
    leg = factory.to_consumer(case)
    by = f"WHERE id = '{leg.pk}'"
    refused(
        f"UPDATE refunds_leg SET cents = cents + 1 {by}",
        f"UPDATE refunds_leg SET receiver = 'platform' {by}",
        f"UPDATE refunds_leg SET ref = 'repayment:R-9' {by}",
        f"UPDATE refunds_leg SET state = 'confirmed', ended_at = now() {by}",
        f"UPDATE refunds_leg SET state = 'waiting', order_id = NULL {by}",
        f"UPDATE refunds_leg SET state = 'void', ended_at = now() {by}",
        f"UPDATE refunds_leg SET order_id = (SELECT order_id FROM refunds_leg WHERE kind = 'suppress') {by}",
    )
    factory.ended(leg, "confirmed", now=ASKED)
    case = factory.follow(case, leg, now=ASKED + timedelta(hours=1))
    assert factory.to_consumer(case).state == "confirmed"
    refused(f"UPDATE refunds_leg SET state = 'requested', ended_at = NULL {by}")
    for order in (Order.objects.get(leg=leg),):
        refused(f"UPDATE lending_order SET state = 'failed' WHERE id = '{order.pk}'")


def test_money_goes_to_no_other_account_without_a_second_person(cast: Cast) -> None:
    case = factory.a_return(cast, at="failed")
    leg = factory.to_consumer(case)
    order = Order.objects.create(
        key="x",
        kind="refund_consumer",
        loan_id=case.loan_id,
        amount_cents=leg.cents,
        to="verified_account",
        ordered_at=ASKED,
    )
    elsewhere = Order.objects.create(
        key="y",
        kind="refund_consumer",
        loan_id=case.loan_id,
        amount_cents=leg.cents,
        to="repayment:R-9",
        ordered_at=ASKED,
    )
    for one in (order, elsewhere):
        refused(
            f"UPDATE refunds_leg SET order_id = '{one.pk}', state = 'requested', ended_at = NULL WHERE id = '{leg.pk}'"
        )


def test_the_books_close_or_nothing_is_booked(cast: Cast) -> None:
    case = factory.a_return(cast, at="reversing")
    entry = case.journal.count()
    row = {"case_id": case.pk, "phase": "leg", "kind": "x", "unit": "cash", "booked_at": ASKED, "entry": entry}
    lonely = [JournalLine(party="consumer", cents=1, **row)]
    crooked = [JournalLine(party="consumer", cents=2, **row), JournalLine(party="funder", cents=-1, **row)]
    unequal = [JournalLine(party="consumer", cents=-1, **row), JournalLine(party="funder", cents=1, **row)]
    for rows in (lonely, crooked, unequal):
        with pytest.raises(IntegrityError, match="do not close"), transaction.atomic():
            JournalLine.objects.bulk_create(rows)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    extra = Leg(
        case_id=case.pk, seq=50, key="extra", kind="coupon", payer="merchant", receiver="consumer", cents=5, unit="coupon", by_hand=True,
        state="waiting", created_at=ASKED,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="do not close"), transaction.atomic():
        extra.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nothing_ends_before_every_leg_is_confirmed(cast: Cast) -> None:
    case = factory.a_return(cast, at="reversing")
    for state in ("correcting", "completed"):
        with pytest.raises(IntegrityError, match="every leg"), without(EVENT) as cursor:
            cursor.execute("UPDATE cases_case SET state = %s WHERE id = %s", [state, case.pk])
