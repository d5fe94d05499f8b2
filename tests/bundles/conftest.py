"""A complaint whose register holds papers of every sort, whole and described, and the making of its bundles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cases.bundles.models import Binding, Bundle
from cases.complaints import actions
from cases.complaints.models import Complaint
from jike.files import store
from jike.files.kinds import AMR, kind_of
from jike.outbox import jobs
from tests.attachments import good
from tests.attachments.samples import photo
from tests.complaints.conftest import cast, committed_cast
from tests.evidence.conftest import LATER, WORDS, Register
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

__all__ = ["cast", "committed_cast"]

MAIL = "From: a@example.com\r\nTo: b@example.com\r\nSubject: 退款\r\nDate: Mon, 2 Nov 2026 10:00:00 +0800\r\n\r\n请按合同退款。\r\n"
PAPERS: tuple[tuple[str, bytes], ...] = (
    ("合同.pdf", good.paper(3)),
    ("转账截图.jpg", photo()),
    ("往来邮件.eml", MAIL.encode()),
    ("通话录音.amr", good.amr()),
    ("横版发票.pdf", good.paper(1, turn=90, size=(420, 300))),
)


@dataclass
class Desk(Register):
    """The register, and bundles made of it."""

    def build(self, profile: str = "court", **given: Any) -> Bundle:
        """Ask for a bundle and let the worker make it."""
        given = {"actor": self.cast.handler.actor, "now": LATER, "profile": profile} | given
        actions.build_bundle(self.case, **given)
        jobs.run_due()
        return Bundle.objects.filter(case=self.case.pk, profile=profile).latest("version")

    def document(self, bundle: Bundle) -> bytes:
        return store.read(Binding.objects.get(pk=bundle.pk).document)

    def package(self, bundle: Bundle) -> bytes:
        return store.read(Binding.objects.get(pk=bundle.pk).package)

    def describe(self, label: str, **words: Any) -> None:
        self.do("describe", item=self.item(label), **WORDS | words)


def desk_of(cast: Cast, papers: tuple[tuple[str, bytes], ...] = PAPERS) -> Desk:
    case = factory.complaint(cast, at="claimed")
    for n, (name, content) in enumerate(papers):
        kind = kind_of(content)
        seconds = {"seconds": 61.2} if kind == AMR else {}
        factory.examined(case, content, name=name, kind=kind, now=RECEIVED + timedelta(minutes=n), **seconds)
    desk = Desk(Complaint.objects.get(pk=case.pk), cast)
    desk.do("register")
    jobs.run_due()
    for item in desk.items():
        desk.describe(item.label, title=f"证据名称{item.label}", page_from=1, page_to=1)
    return desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return desk_of(cast)
