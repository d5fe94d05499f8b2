"""Bundles, as the verification page finds them: by the code printed on them, or by the exact bytes of document or package."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.bundles.models import Binding
from cases.bundles.profiles import PROFILES
from cases.models import Event
from jike.ledger.models import Entry
from jike.ledger.proofs import Place, place_of
from jike.web import verify
from jike.web.verify.issued import Issued, masked

_RELATED = ("bundle", "document", "package", "case")


class Bundles:
    """A bundle that was finished. One that waits for its release is found too: whoever holds it was shown it."""

    def by_code(self, code: str) -> Issued | None:
        found = Binding.objects.filter(bundle__code=code).select_related(*_RELATED).first()
        return _issued(found, bytes(found.document.sha256)) if found else None

    def by_hash(self, digest: bytes) -> Issued | None:
        rows = Binding.objects.select_related(*_RELATED)
        found = rows.filter(document__sha256=digest).first() or rows.filter(package__sha256=digest).first()
        return _issued(found, digest) if found else None


def _issued(binding: Binding, digest: bytes) -> Issued:
    return Issued(
        format_lazy(_("Evidence bundle: {profile}"), profile=PROFILES[binding.bundle.profile].label),
        binding.bound_at,
        digest.hex(),
        masked(binding.case.number),
        _sealed(binding),
    )


def _sealed(binding: Binding) -> Place | None:
    """Where the act that issued the bundle, with its hashes, stands in the ledger."""
    event = Event.objects.filter(
        case=binding.case_id, data__bundle=str(binding.pk), data__has_key="package_sha256"
    ).first()
    entry = event and Entry.objects.filter(source=Event.LEDGER_SOURCE, source_id=event.pk).first()
    return place_of(entry.pk) if entry else None


verify.register(Bundles())
