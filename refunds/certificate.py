"""The certificate of a completed return, as HTML for the PDF renderer: what went back to whom, and that it cost nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.models import Event
from cases.wording import speaks_as
from jike.base.dates import CST
from jike.base.money import from_cents
from jike.ledger.models import Entry
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri
from refunds.models import Refund
from refunds.queries import consumer_cost
from refunds.states import Basis, LegState

TEMPLATE = "refunds/letters/certificate.2026-11"


def html(case: Refund, *, code: str) -> str:
    """The same return, code and proof give the same pages. It holds no name in full, no telephone number and no account."""
    verify_url = f"{settings.PUBLIC_BASE_URL}/verify/"
    legs = [leg for leg in case.money_legs if leg.is_to_consumer and leg.state == LegState.CONFIRMED]
    context: dict[str, Any] = {
        "institution_name": speaks_as(case),
        "platform_name": house().platform,
        "hotline": house().hotline,
        "case": case,
        "loan": case.loan,
        "is_partly": case.basis == Basis.PARTLY,
        "total": f"{from_cents(case.paid_cents):,.2f}",
        "cost": f"{consumer_cost(case):,.2f}",
        "code": code,
        "proof": _proof(case),
        "verify_url": verify_url,
        "qr": qr_data_uri(f"{verify_url}?code={code}"),
    }
    with override("zh-hans"), timezone.override(CST):
        context["legs"] = [
            {"what": leg.get_kind_display(), "amount": f"{leg.amount:,.2f}", "at": leg.ended_at} for leg in legs
        ]
        return render_to_string(f"{TEMPLATE}.html", context)


def _proof(case: Refund) -> dict[str, str]:
    """The sealed entry of the completion."""
    event = case.events.get(verb="refunds.complete")
    entry = Entry.objects.get(source=Event.LEDGER_SOURCE, source_id=event.pk)
    return {"seq": str(entry.seq), "digest": bytes(entry.digest).hex(), "mac": bytes(entry.mac).hex()}
