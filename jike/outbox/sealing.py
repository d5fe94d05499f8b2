"""The ledger's work that recurs: sealing what waits, once a minute, and asking for time stamps, once an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from jike.ledger.authority import AuthorityAway, NoAuthority, ask
from jike.ledger.models import Head, Stamp, Unsealed
from jike.ledger.outside import keep_stamp, outside
from jike.ledger.sealing import keep_outside, seal
from jike.ledger.stamps import BadStamp, moment_of, request_for, token_of
from jike.outbox.errors import Failed, GiveUp
from jike.outbox.posting import post
from jike.outbox.registry import handler, timer

SEAL_EVERY = timedelta(minutes=1)
STAMP_EVERY = timedelta(hours=1)
STAMP_TOPIC = "ledger.stamp"


@timer("ledger.seal")
def seal_and_stamp(now: datetime) -> None:
    """Seal once a minute if anything waits, write heads outside that are not there, and ask for a stamp when one is due."""
    newest = Head.objects.order_by("-size").first()
    if Unsealed.objects.exists() and (newest is None or newest.at <= now - SEAL_EVERY):
        seal(now=now)
    else:
        keep_outside(now=now)
    if settings.TSA_URL:
        ask_for_stamp(now=now)


def ask_for_stamp(*, now: datetime) -> None:
    """Post the job for the newest head, if it has no stamp and the last stamp is an hour old."""
    head = Head.objects.order_by("-size").first()
    if (
        head is None
        or Stamp.objects.filter(head=head).exists()
        or Stamp.objects.filter(at__gt=now - STAMP_EVERY).exists()
    ):
        return
    slot = int(now.timestamp() // STAMP_EVERY.total_seconds())
    with transaction.atomic():
        post(STAMP_TOPIC, key=f"{STAMP_TOPIC}:{slot}", body={"size": head.size}, now=now)


@handler(STAMP_TOPIC, queue="default", max_attempts=10, lease_seconds=90)
def stamp_head(job: Any) -> None:
    """Have a head stamped by the authority at `TSA_URL`, and write the token outside too. Again is harmless."""
    head = Head.objects.get(pk=job.body["size"])
    stamp = Stamp.objects.filter(head=head).first()
    if stamp is None:
        asked, nonce = request_for(head.body())
        try:
            token = token_of(ask(asked), head.body(), nonce)
        except NoAuthority as error:
            raise GiveUp(str(error)) from None
        except (AuthorityAway, BadStamp) as error:
            raise Failed(str(error)) from None
        row = Stamp(head=head, token=token, at=moment_of(token, head.body()))
        Stamp.objects.bulk_create([row], ignore_conflicts=True)
        stamp = Stamp.objects.select_related("head").get(head=head)
    where = outside()
    if where is not None:
        keep_stamp(where, stamp)
