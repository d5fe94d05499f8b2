"""Signing a PDF document by appending to it (PAdES)."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from pyhanko.pdf_utils import misc
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jike.base.errors import refuse_if
from jike.signatures.appending import Revision, new_revision
from jike.signatures.errors import CannotBeSigned
from jike.signatures.identity import (
    Identity,
    authority_roots,
    blockers_to_sign,
    identity,
    is_self_signed,
    trusted_roots,
)
from jike.signatures.revocation import lists_for
from jike.signatures.stamping import Stamper

CHUNK_BYTES = 1024 * 1024
RESERVED = 64 * 1024  # hexadecimal digits for certificates and a stamp, the same in every document
FIELD, STAMP_FIELD = "Jike-Signature", "Jike-Stamp"
_DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a document was signed with. `level` is B-B (no stamp), B-T (stamped) or B-LTA (checkable after the certificates have ended)."""

    level: str
    signer: str
    is_self_issued: bool


def sign(source: BinaryIO, target: BinaryIO, *, reason: str, location: str, at: datetime) -> Signed:
    """Write `source` to `target`, byte for byte, and append a signature that claims the time `at`.

    `target` is empty, readable and seekable, and to be thrown away if anything is raised. Memory does not grow with the document.
    Same document, words and time: same bytes outside the signature itself. Asks the network (`TSA_URL`, lists of revoked
    certificates), so it belongs into a job and outside any transaction.

    Raises `Refused` with every reason why this installation cannot sign, `NotStamped` while the authority of time is away
    (try later), `CannotBeSigned` for what is no sound PDF.
    """
    refuse_if(blockers_to_sign(at=at), verb="signatures.sign")
    found = identity()
    identifier = _copy(source, target)[:16]
    trust = _trust(found, at) if settings.TSA_URL else None
    try:
        asyncio.run(_sign(found, target, identifier, trust, reason=reason, location=location, at=at))
    except (misc.PdfError, SigningError):
        raise CannotBeSigned("pdf.damaged") from None
    level = "B-LTA" if trust else "B-T" if settings.TSA_URL else "B-B"
    return Signed(level, found.signer, _is_self_issued(found))


async def _sign(
    found: Identity,
    target: BinaryIO,
    identifier: bytes,
    trust: ValidationContext | None,
    *,
    reason: str,
    location: str,
    at: datetime,
) -> None:
    """What `PdfSigner.async_sign_pdf` does, but at a time that is given, and never speaking of itself in the document."""
    revision = new_revision(target, identifier=identifier)
    number = _free_number(revision)
    described = PdfSignatureMetadata(
        field_name=f"{FIELD}-{number}",
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
        name=found.signer,
        validation_context=trust,
        signer_key_usage=set(),
    )
    stamper = Stamper() if settings.TSA_URL else None
    signer = PdfSigner(described, SimpleSigner(*_in_asn1(found), embed_roots=True), timestamper=stamper)
    session = signer.init_signing_session(revision)
    session.system_time = at
    checked = await session.perform_presign_validation(revision)
    document = session.prepare_tbs_document(validation_info=checked, bytes_reserved=RESERVED)
    prepared, _output = document.digest_tbs_document(in_place=True, chunk_size=CHUNK_BYTES)
    await document.perform_signature(prepared.document_digest, PdfCMSSignedAttributes(signing_time=at))
    if checked is not None:
        await PdfTimeStamper(stamper, field_name=f"{STAMP_FIELD}-{number}").async_timestamp_pdf(
            new_revision(target, identifier=identifier),
            _DIGEST,
            trust,
            bytes_reserved=RESERVED,
            validation_paths=list(checked.validation_paths),
            in_place=True,
            chunk_size=CHUNK_BYTES,
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        )


def _free_number(revision: Revision) -> int:
    taken = {name for name, _value, _field in enumerate_sig_fields(revision.prev)}
    return next(n for n in range(1, len(taken) + 2) if f"{FIELD}-{n}" not in taken)


def _copy(source: BinaryIO, target: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    source.seek(0)
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        target.write(chunk)
    return digest.digest()


def _trust(found: Identity, at: datetime) -> ValidationContext | None:
    """What is needed to write everything for checking into the document; None where the chain does not lead to a root the operator
    believes, or nothing is known about the authority of time: then others could not check it either."""
    roots, stamping = trusted_roots(), authority_roots()
    known = {root.public_bytes(Encoding.DER) for root in roots}
    leads_there = any(c.public_bytes(Encoding.DER) in known for c in found.chain) or any(
        root.subject == found.chain[-1].issuer for root in roots
    )
    if not leads_there or not stamping:
        return None
    return ValidationContext(
        trust_roots=[_certificate(c) for c in [*roots, *stamping]],
        other_certs=[_certificate(c) for c in found.chain],
        crls=lists_for(found.chain),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )


def _in_asn1(found: Identity) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo, SimpleCertificateStore]:
    store = SimpleCertificateStore()
    store.register_multiple([_certificate(c) for c in found.chain])
    key = found.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return _certificate(found.certificate), keys.PrivateKeyInfo.load(key), store


def _certificate(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _is_self_issued(found: Identity) -> bool:
    return is_self_signed(found.chain[-1]) and found.chain[-1] not in trusted_roots()
