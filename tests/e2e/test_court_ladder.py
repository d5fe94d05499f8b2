"""A broken agreement goes to court: by one click from the mediation, assessed and drafted by counsel, read and confirmed by the consumer on a
phone, and made final with the bundle of the evidence. Handler, counsel and consumer in three browsers at once.

With `JIKE_SHOTS` set to a folder every step leaves its picture there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cases.bundles.models import Binding
from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.evidence.models import Item
from cases.litigation.models import Litigation
from cases.portal import sessions
from cases.starter import ensure_starter_data
from jike.accounts.spaces import PORTAL
from jike.base.dates import now
from jike.files import pdf, store
from jike.files.kinds import kind_of
from jike.outbox import jobs
from jike.web.sessions import PortalStore
from tests.attachments import good
from tests.attachments.samples import photo
from tests.e2e.desk import desk_of
from tests.e2e.test_ladder import SHOTS, press, shot
from tests.e2e.test_police_ladder import act
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.factories import mediations as mediation_factory
from tests.people import cast as make_cast

pytestmark = pytest.mark.browser


def opened(page: Page) -> None:
    """Every panel unfolded, to be looked at whole."""
    page.evaluate("document.querySelectorAll('details.panel').forEach(one => { one.open = true })")


def test_from_a_missed_instalment_to_a_bundle_that_is_final(browser: Browser, served: str) -> None:
    if not pdf.is_available()[0]:
        pytest.skip("no Pango here")
    ensure_starter_data(now())
    cast, counsel = make_cast(), factory.counsel()
    mediation = mediation_factory.mediation(cast, at="breached")
    handler = desk_of(browser, served, cast.handler.user).new_page()
    desk = desk_of(browser, served, counsel.user).new_page()
    phone = {"viewport": {"width": 360, "height": 760}, "locale": "zh-CN", "bypass_csp": True}
    consumer = browser.new_context(**phone, base_url=served).new_page()

    # One click from the broken agreement; the signed agreement goes along.
    handler.goto(f"/staff/cases/{mediation.number}/")
    shot(handler, "court-1-broken")
    act(handler, mediation.number, "open_litigation")
    case = Litigation.objects.get(origin=mediation)
    act(desk, case.number, "claim")
    act(desk, case.number, "assess")

    # The assessment: claim, fee, courts and limitation; then the court is chosen.
    given = {name: factory.ASSESSMENT[name] for name in ("dispute", "province", "plaintiff_place", "defendant_place")}
    days = {name: factory.ASSESSMENT[name].isoformat() for name in ("knew_on", "harmed_on")}
    act(desk, case.number, "record_assessment", claim_cny="13950", **given, **days)
    desk.goto(f"/staff/cases/{case.number}/")
    opened(desk)
    shot(desk, "court-2-assessed")
    assert "148.75" in desk.inner_text("main")
    act(desk, case.number, "collect", **factory.COURT)

    # The papers are drafted with what is known; the evidence lies in the complaint, where its bundle is bound.
    matter = Complaint.objects.get(pk=case.matter_id)
    for name, content in (("合同.pdf", good.paper(2)), ("转账截图.jpg", photo())):
        complaint_factory.examined(matter, content, name=name, kind=kind_of(content), now=now())
    complaints.register_evidence(matter, actor=cast.handler.actor, now=now())
    jobs.run_due()
    for item in Item.objects.filter(case_id=matter.pk):
        factory.described(matter, cast, item, now())
    act(desk, case.number, "draft_statement", **factory.STATEMENT)
    act(desk, case.number, "draft_list", **factory.LIST)
    matter = Complaint.objects.get(pk=matter.pk)
    complaints.build_bundle(matter, actor=cast.handler.actor, now=now(), profile="court")
    jobs.run_due()
    desk.goto(f"/staff/cases/{case.number}/")
    opened(desk)
    shot(desk, "court-3-drafted")

    # The consumer reads and confirms exactly these papers on the phone.
    portal = PortalStore()
    sessions.open_case(portal, matter, now=now())
    portal.save()
    consumer.context.add_cookies([{"name": PORTAL.session_cookie, "value": str(portal.session_key), "url": served}])
    consumer.goto(f"/track/{case.number}/")
    shot(consumer, "court-4-read")
    assert "民事起诉状" in consumer.inner_text("main")
    press(consumer, "我已阅读材料，内容无误")
    shot(consumer, "court-5-confirmed")

    # Final: papers, word and bundle as one version.
    act(desk, case.number, "seal")
    opened(desk)
    shot(desk, "court-6-sealed")
    case = Litigation.objects.get(pk=case.pk)
    assert case.state == "sealed" and case.known_seal is not None
    bundle = case.known_seal.bundle
    assert store.read(Binding.objects.get(pk=bundle.pk).document).startswith(b"%PDF")
    consumer.reload()
    shot(consumer, "court-7-sealed")
    if SHOTS:
        (Path(SHOTS) / "court-bundle.pdf").write_bytes(store.read(Binding.objects.get(pk=bundle.pk).document))
        for draft in case.known_drafts.values():
            (Path(SHOTS) / f"court-{draft.kind}.pdf").write_bytes(store.read(draft.file))
