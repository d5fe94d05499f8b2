"""Packs, as the verification page finds them: by the code printed on them, or by their exact bytes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.models import Event
from cases.police.models import PackFile
from jike.ledger.models import Entry
from jike.ledger.proofs import Place, place_of
from jike.web import verify
from jike.web.verify.issued import Issued, masked


class Packs:
    """A pack that was finished, also one that waits for its release: whoever holds it was shown it."""

    def by_code(self, code: str) -> Issued | None:
        found = PackFile.objects.filter(pack__code=code).select_related("file", "case").first()
        return _issued(found) if found else None

    def by_hash(self, digest: bytes) -> Issued | None:
        found = PackFile.objects.filter(file__sha256=digest).select_related("file", "case").first()
        return _issued(found) if found else None


def _issued(made: PackFile) -> Issued:
    digest = bytes(made.file.sha256).hex()
    return Issued(_("Papers for an authority"), made.made_at, digest, masked(made.case.number), _sealed(made))


def _sealed(made: PackFile) -> Place | None:
    """Where the act that issued it, with its hash, stands in the ledger."""
    event = Event.objects.filter(case=made.case_id, data__pack=str(made.pk), data__has_key="pack_sha256").first()
    entry = event and Entry.objects.filter(source=Event.LEDGER_SOURCE, source_id=event.pk).first()
    return place_of(entry.pk) if entry else None


verify.register(Packs())
