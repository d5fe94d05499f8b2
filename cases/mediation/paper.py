"""The signed agreement as a document: drawn once from what was signed, with the hash and what proves each signature."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.mediation.agreement import content_signed
from cases.mediation.models import Agreement, Mediation, Signature
from cases.mediation.terms import Term, What
from cases.models import Document, Event
from cases.wording import as_told, speaks_as
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.ids import code_from
from jike.files import store
from jike.ledger.models import Entry
from jike.privacy import blind_index, open_sealed
from jike.web.downloads import SensitiveDownload
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri

TEMPLATE = "mediation/agreement.2026-11"
WORDS = {
    What.REFUND.value: "退款",
    What.WAIVE.value: "减免费用",
    What.REDO.value: "重新提供服务",
    What.APOLOGY.value: "向消费者赔礼道歉",
    What.CREDIT.value: "申请更正消费者的征信记录",
}
TITLE = {"internal": "和解协议书", "external": "调解协议书"}


def code_of(agreement: Agreement) -> str:
    """The code printed on the paper of this version; a repeated drawing makes the same paper again."""
    return code_from(blind_index("document", f"agreement|{agreement.pk}"))


def agreement_html(case: Mediation, agreement: Agreement) -> str:
    """The agreement for the PDF renderer: nothing of it comes from the clock of the machine. Source: PML art 29."""
    content, code = content_signed(case, agreement), code_of(agreement)
    verify = f"{settings.PUBLIC_BASE_URL}/verify/"
    with override("zh-hans"), timezone.override(CST):
        context = content | {
            "title": TITLE[case.form],
            "is_external": case.is_external,
            "institution_name": speaks_as(case),
            "platform_name": house().platform,
            "number": case.number,
            "origin": case.origin.number,
            "promises": _lines(agreement.offer.plain_terms),
            "signatures": [_signed(row) for row in agreement.signatures.order_by("signed_at")],
            "effective_at": case.effective_at,
            "sha256": bytes(agreement.sha256).hex(),
            "proof": _proof(case),
            "code": code,
            "verify_url": verify,
            "qr": qr_data_uri(f"{verify}?code={code}"),
        }
        return render_to_string(f"{TEMPLATE}.html", context)


def _lines(terms: list[Term]) -> list[dict[str, Any]]:
    """What is done, in the words of the paper; refunds in several parts are numbered."""
    parts = sum(term.what == What.REFUND for term in terms)
    found, nth = [], 0
    for term in terms:
        nth += term.what == What.REFUND
        what = f"退款（第{nth}期，共{parts}期）" if term.what == What.REFUND and parts > 1 else WORDS[term.what]
        found.append({"what": what, "cny": term.amount_cny, "due": as_told(term.due_on)})
    return found


def _signed(row: Signature) -> dict[str, Any]:
    evidence = open_sealed(row, "evidence") if row.evidence else ""
    return {"side": row.get_side_display(), "at": row.signed_at, "phone": row.phone_mask, "evidence": evidence}


def _proof(case: Mediation) -> dict[str, str]:
    """The sealed entry of the act that made the agreement binding."""
    event = case.events.filter(verb__in=("mediation.sign", "mediation.seal"), after_state="agreed").latest("seq")
    entry = Entry.objects.get(source=Event.LEDGER_SOURCE, source_id=event.pk)
    return {"seq": str(entry.seq), "digest": bytes(entry.digest).hex(), "mac": bytes(entry.mac).hex()}


def paper_of(case: Mediation) -> Document | None:
    """The issued agreement; None while it is being drawn, or before both have signed."""
    return case.documents.filter(kind=Document.Kind.AGREEMENT).select_related("file").first()


def agreement_download(case: Mediation, actor: Actor) -> SensitiveDownload:
    """The agreement for one of its sides. Raises Http404 where there is none."""
    found = paper_of(case)
    if found is None:
        raise Http404
    return SensitiveDownload(
        store.read(found.file),
        media_type=found.file.media_type,
        name=f"{case.number}.pdf",
        subject=case.pk,
        purpose=f"agreement.{actor.kind}",
    )
