"""A browser that has signed in already: the portal session as filing, signing in and the codes leave it."""

from __future__ import annotations

from playwright.sync_api import Page

from cases.complaints.models import Complaint
from cases.complaints.portal import drafts
from cases.complaints.portal.views import filing, known, phone, saving, tracking
from cases.portal import proof, sealing, sessions
from jike.accounts.spaces import PORTAL
from jike.base.dates import now
from jike.web.sessions import PortalStore
from tests.complaints.portal_walk import STORY

PHONE = "13800138000"


def session_of(page: Page, served: str, case: Complaint) -> None:
    """A portal session that writes a draft, waits for codes everywhere, and has opened `case`."""
    store = PortalStore()
    words = {
        **STORY,
        "name": "王小明",
        "phone": PHONE,
        "proven": PHONE,
        "loan": "none",
        "same": "new",
        "challenge": "x",
    }
    drafts.keep(store, drafts.draft_of(store, now=now()).with_answers(words), now=now())
    sessions.open_case(store, case, now=now())
    asked = {"phone": PHONE, "to": PHONE, "challenge": "x", "number": case.number, "purpose": proof.OLD_PHONE}
    for slot in (tracking.LOOKUP, saving.RESUMING, phone.CHANGE, phone.LOST):
        sealing.put(store, slot, {**asked, "link": "2222-2222-2222-2222", "receipt_code": "2222-2222-2222-2222"})
    store[filing.RECEIPT] = {"token": "x", "number": case.number, "person": str(case.consumer_id)}
    store[known.ADDED] = case.number
    store.save()
    page.context.clear_cookies(name=PORTAL.session_cookie)
    page.context.add_cookies([{"name": PORTAL.session_cookie, "value": f"{store.session_key}", "url": served}])
