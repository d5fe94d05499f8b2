"""What the database refuses about mediations, whoever asks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Value

from cases.mediation.models import Fact, Mediation, MerchantLink, Offer, Signature, Term
from jike.accounts.roles import machine_actor
from jike.base.ids import uuid7
from jike.verbs import verb_named
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.matrices import refused_by_the_database as refused
from tests.people import Cast

LATER = RECEIVED + timedelta(days=1)


def moved(case: Mediation, state: str) -> None:
    """Into `state` past every rule, with the event and the entry that any move needs."""
    row = Mediation.locked(case.pk)
    row.__dict__["state"] = state
    row.record(verb_named("mediation.fail"), actor=machine_actor("clock"), now=LATER, key="")


def test_a_state_of_another_kind_or_without_its_event_is_none(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")

    refused(lambda: moved(case, "investigating"), "case_mediation_state")
    refused(lambda: Mediation.objects.filter(pk=case.pk).update(ended_at=LATER), "without its event")
    with connection.cursor() as cursor:
        sql = "UPDATE cases_case SET state = 'failed' WHERE id = %s"
        refused(lambda: cursor.execute(sql, [case.pk]), "without its event")
        refused(
            lambda: cursor.execute("DELETE FROM mediation_mediation WHERE case_ptr_id = %s", [case.pk]), "never deleted"
        )


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        ("proposed", "invited", "without consent"),
        ("invited", "negotiating", "nobody who takes part"),
        ("waiting_for_body", "negotiating", "nobody who takes part"),
        ("offered", "agreed", "signed by all"),
        ("drafted", "agreed", "signed by all"),
        ("half_signed", "agreed", "signed by all"),
        ("signed_external", "agreed", "signed by all"),
        ("half_signed", "breached", "signed by all"),
        ("performing", "performed", "nobody confirmed"),
    ],
)
def test_no_state_without_what_it_means(at: str, state: str, words: str, cast: Cast) -> None:
    case = factory.mediation(cast, at=at)

    refused(lambda: moved(case, state), words)


def test_form_origin_and_body_never_change_and_only_a_body_stops_a_count(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")
    other = factory.complaint(cast, phone="13900139000")

    for change in ({"form": "external", "body": "x"}, {"origin": other}, {"body": "x"}):
        refused(lambda change=change: Mediation.objects.filter(pk=case.pk).update(**change), "never change")
    for change in ({"stopped_count": True}, {"confirmation": "applied"}):
        refused(lambda change=change: Mediation.objects.filter(pk=case.pk).update(**change), "goes to no court")


def test_an_offer_is_answered_once_in_time_and_only_the_newest(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    first = case.offers.get()
    late = first.expires_at + timedelta(seconds=1)
    rows = Offer.objects.filter(pk=first.pk)

    refused(lambda: rows.update(answer="accepted", answered_at=late), "offer_answered_in_time")
    refused(lambda: rows.update(answer="accepted"), "offer_answered_with_a_time")
    refused(lambda: rows.update(refund_cny=Decimal(9)), "never changes")
    refused(lambda: rows.update(expires_at=late), "never changes")
    refused(lambda: rows.update(without_prejudice=False), "offer_is_without_prejudice")
    refused(rows.delete, "never deleted|restrict|protected")
    rows.update(answer="rejected", answered_at=LATER)
    refused(lambda: rows.update(answer="accepted"), "answered once")
    refused(lambda: rows.update(answer=""), "answered once")


def test_an_older_offer_is_never_accepted_and_none_comes_out_of_turn(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")

    def another(**changed: object) -> Offer:
        given = {
            "id": uuid7(), "case": case, "seq": 2, "side": "consumer", "refund_cny": 0, "term_count": 1, "made_by_kind": "consumer",
            "made_at": LATER, "expires_at": LATER + timedelta(days=1),
        } | changed  # fmt: skip
        offer = Offer.objects.create(**given)
        Term.objects.create(offer=offer, case=case, seq=1, what="apology", due_on=factory.DUE[0])
        return offer

    refused(another, "offer_one_open")
    refused(lambda: another(seq=3), "next in turn")
    refused(lambda: another(answer="accepted", answered_at=LATER), "begins open")

    def older() -> None:
        with connection.cursor() as cursor:  # past the one that is open
            cursor.execute("DROP INDEX offer_one_open")
        another()
        Offer.objects.filter(case=case, seq=1).update(answer="accepted", answered_at=LATER)

    refused(older, "only the newest")


def test_terms_add_up_and_never_change(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    offer = case.offers.get()

    refused(
        lambda: Term.objects.create(offer=offer, case=case, seq=4, what="redo", due_on=factory.DUE[0]), "do not add up"
    )
    term = Term.objects.filter(offer=offer).first()
    refused(lambda: Term.objects.filter(pk=term.pk).update(amount_cny=Decimal(1)), "never changes")
    refused(lambda: Term.objects.filter(pk=term.pk).update(confirmed_at=LATER), "only what was agreed")


def test_a_signature_is_for_the_latest_version_as_it_is(cast: Cast) -> None:
    case = factory.mediation(cast, at="drafted")
    agreement = case.agreements.get()

    def sign(**changed: object) -> None:
        given = {
            "agreement": agreement, "case": case, "side": "consumer", "sha256": bytes(agreement.sha256), "challenge": uuid7(),
            "actor_kind": "consumer", "signed_at": LATER,
        } | changed  # fmt: skip
        Signature.objects.create(**given)

    refused(lambda: sign(sha256=bytes(32)), "latest version")
    refused(lambda: sign(challenge=None), "signature_by_code_or_seal")
    refused(lambda: sign(side="body", actor_kind="merchant"), "signature_by_code_or_seal")
    sign()
    refused(sign, "signature_once")
    refused(Signature.objects.all().delete, "append-only")
    refused(lambda: Signature.objects.update(signed_at=RECEIVED), "append-only")
    refused(lambda: case.agreements.update(version=9), "append-only")


def test_a_link_only_gets_sent_confirmed_and_revoked(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    link = MerchantLink.objects.filter(case=case)

    refused(lambda: link.update(expires_at=LATER + timedelta(days=99)), "otherwise stays")
    refused(lambda: link.update(confirmed_at=LATER), "otherwise stays")
    refused(link.delete, "otherwise stays")
    link.update(revoked_at=LATER)
    refused(lambda: link.update(revoked_at=None), "otherwise stays")


def test_a_fact_is_asked_once_and_answered_once(cast: Cast) -> None:
    case = factory.mediation(cast, at="invited")
    facts = Fact.objects.filter(case=case)

    refused(lambda: facts.update(statement=Value(b"x")), "asked once and answered once")
    refused(lambda: facts.filter(seq=1).update(answer="yes"), "fact_answered_with_a_time")
    facts.filter(seq=1).update(answer="yes", answered_at=LATER)
    refused(lambda: facts.filter(seq=1).update(answer="no"), "asked once and answered once")
    refused(lambda: facts._raw_delete("default"), "asked once and answered once")
    refused(lambda: Mediation.objects.filter(pk=case.pk).update(allegation=Value(b"x")), "never changes")
