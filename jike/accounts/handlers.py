"""Work of the outbox that belongs to accounts: handing a code to the text message provider, forgetting old challenges."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string

from jike import privacy
from jike.accounts import codes
from jike.accounts.models import PhoneChallenge
from jike.base.dates import now as current_instant
from jike.outbox import channels, jobs

TEXT = "accounts/messages/phone_code.2026-11.txt"


@jobs.handler(codes.SEND_TOPIC, queue="notify", max_attempts=6, lease_seconds=30)
def send_code(job: jobs.ClaimedJob) -> None:
    """Send the code of one challenge. One that has expired or is used is never sent: a late code would only confuse."""
    challenge = PhoneChallenge.objects.filter(pk=job.body["challenge"]).first()
    if challenge is None or challenge.is_decoy or challenge.used_at or challenge.expires_at <= current_instant():
        return
    text = render_to_string(TEXT, {"code": codes.code_of(challenge.pk)}).strip()
    channels.get("sms").send(privacy.open_sealed(challenge, "phone"), "", text, key=f"accounts.code:{challenge.pk}")


@jobs.timer("accounts.forget_codes")
def forget_codes(now: datetime) -> None:
    codes.forget_old(now)
