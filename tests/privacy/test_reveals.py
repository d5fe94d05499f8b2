from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.privacy import Tampered, open_sealed, reveal
from jike.privacy.models import DataKey, RevealLog
from tests.privacy.samples import CANARY, CANARY_ID, Holder, Piece

NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)
CLERK = Actor(kind="staff", label="clerk", id=uuid7(), person=uuid7())


@pytest.mark.usefixtures("samples")
def test_reading_is_on_record() -> None:
    holder = Holder.objects.create(name=CANARY, phone="13800138000")

    assert reveal(CLERK, holder, "name", reason=f"回访{CANARY}", now=NOW) == CANARY

    log = RevealLog.objects.get()
    assert (log.actor_kind, log.actor_id, log.actor_person) == ("staff", CLERK.id, CLERK.person)
    assert (log.scope, log.model, log.row, log.field, log.at) == (
        holder.pk,
        "tests_privacy.holder",
        holder.pk,
        "name",
        NOW,
    )
    assert open_sealed(log, "reason") == f"回访{CANARY}"


@pytest.mark.usefixtures("samples")
def test_reason_is_asked_for_all_but_the_phone() -> None:
    holder = Holder.objects.create(name=CANARY, phone="13800138000")

    with pytest.raises(Refused) as caught:
        reveal(CLERK, holder, "name", reason="  ", now=NOW)

    assert [(b.code, b.field) for b in caught.value.blockers] == [("reason.missing", "reason")]
    assert not RevealLog.objects.exists()
    assert reveal(CLERK, holder, "phone", reason="", now=NOW) == "13800138000"


@pytest.mark.usefixtures("samples")
def test_attempt_on_a_damaged_value_stays_on_record() -> None:
    holder = Holder.objects.create(name=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tests_privacy_holder SET name = 'x'::bytea")

    with pytest.raises(Tampered):
        reveal(CLERK, Holder.objects.get(), "name", reason="回访", now=NOW)

    assert RevealLog.objects.get().row == holder.pk


@pytest.mark.usefixtures("samples")
def test_only_sealed_columns_are_revealed() -> None:
    with pytest.raises(TypeError):
        reveal(CLERK, Holder.objects.create(name=CANARY), "rank", reason="x", now=NOW)


def test_log_does_not_hang_on_another_transaction(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock(), pytest.raises(RuntimeError, match="durable"), transaction.atomic():  # type: ignore[attr-defined]
        log = RevealLog(scope=uuid7(), row=uuid7(), actor_kind="staff", model="m", field="f", reason="x", at=NOW)
        reveal(CLERK, log, "reason", reason="x", now=NOW)


@pytest.mark.usefixtures("samples")
def test_dump_holds_no_clear_text() -> None:
    holder = Holder.objects.create(name=CANARY, phone=CANARY_ID)
    Piece.objects.create(holder=holder, text=CANARY_ID)
    reveal(CLERK, holder, "name", reason=CANARY, now=NOW)
    tables = [model._meta.db_table for model in (Holder, Piece, RevealLog, DataKey)]
    with connection.cursor() as cursor:
        dump = ""
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            dump += cursor.fetchone()[0].lower()
        cursor.execute("SELECT %s::bytea::text", [CANARY.encode()])
        assert CANARY.encode().hex() in cursor.fetchone()[0], "the detector must know how bytes are printed"

    for secret in (CANARY, CANARY_ID):
        for form in (secret, secret.encode().hex(), secret.encode("utf-16-le").hex(), secret[::-1]):
            assert form.lower() not in dump
