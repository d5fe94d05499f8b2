"""Whether a signature can be made checkable for good (B-LTA): everything for checking it goes into the document, under a stamp."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError

from jike.base.errors import Blocker, Refused
from jike.signatures.identity import Identity, authority_roots, certificate_in_asn1, is_issuer, name_of, trusted_roots
from jike.signatures.revocation import lists_for


def leads_to_a_root(found: Identity) -> bool:
    """Whether somebody the operator believes (`SIGNING_ROOTS_FILE`) vouches for the signer."""
    last = found.chain[-1]
    return any(root in found.chain or is_issuer(root, last) for root in trusted_roots())


async def what_proves(found: Identity, stamper: TimeStamper | None, *, at: datetime) -> ValidationContext | None:
    """Roots, certificates and lists of revoked ones that prove signer and stamp at `at`.

    None where that cannot be proven to anybody: no authority of time, or no root that is believed for it or for the signer.
    Raises `Refused` when the signer's certificate has been revoked, `NotStamped` while the authority is away.
    """
    stamping = authority_roots()
    if stamper is None or not stamping or not leads_to_a_root(found):
        return None
    context = ValidationContext(
        trust_roots=[certificate_in_asn1(c) for c in (*trusted_roots(), *stamping)],
        other_certs=[certificate_in_asn1(c) for c in found.chain],
        crls=lists_for(found.chain),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )
    try:
        signer = CertificateValidator(certificate_in_asn1(found.certificate), validation_context=context)
        await signer.async_validate_usage(set())
        async for _path in stamper.validation_paths(context):
            pass
    except RevokedError:
        raise Refused([_revoked(found.certificate)], verb="signatures.sign") from None
    except (PathError, ValidationError):
        return None
    return context


def _revoked(certificate: x509.Certificate) -> Blocker:
    return Blocker(
        "certificate.revoked",
        _("The certificate “%(name)s” has been revoked by its issuer. Ask for a new one, with a new key.")
        % {"name": name_of(certificate.subject)},
    )
