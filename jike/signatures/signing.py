"""Signing a PDF document by appending to it (PAdES)."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from pyhanko.pdf_utils import misc
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jike.base.errors import refuse_if
from jike.signatures.appending import Revision, new_revision
from jike.signatures.errors import CannotBeSigned
from jike.signatures.identity import Identity, blockers_to_sign, certificate_in_asn1, identity, is_self_issued
from jike.signatures.lasting import leads_to_a_root, what_proves
from jike.signatures.stamping import Stamper

CHUNK_BYTES = 1024 * 1024
RESERVED = 64 * 1024  # hexadecimal digits for certificates and a stamp, the same in every document
FIELD = "Jike-Signature"
_DIGEST = "sha256"
_STAMP_LAST: dict[str, Any] = {
    "in_place": True,
    "chunk_size": CHUNK_BYTES,
    "bytes_reserved": RESERVED,
    "dss_settings": TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
}


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
    try:
        signing = _sign(found, target, identifier, reason=reason, location=location, at=at)
        with ThreadPoolExecutor(1) as alone:  # an event loop of its own: the caller's thread may run one
            level = alone.submit(asyncio.run, signing).result()
    except (misc.PdfError, SigningError):
        raise CannotBeSigned("pdf.damaged") from None
    return Signed(level, found.signer, is_self_issued(found.certificate) and not leads_to_a_root(found))


async def _sign(
    found: Identity, target: BinaryIO, identifier: bytes, *, reason: str, location: str, at: datetime
) -> str:
    """What `PdfSigner.async_sign_pdf` does, but at a time that is given, and never speaking of itself in the document."""
    stamper = Stamper() if settings.TSA_URL else None
    trust = await what_proves(found, stamper, at=at)
    revision = new_revision(target, identifier=identifier)
    described = PdfSignatureMetadata(
        field_name=_free_name(revision),
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
        name=found.signer,
        validation_context=trust,
        signer_key_usage=set(),
    )
    signer = PdfSigner(described, SimpleSigner(*_in_asn1(found), embed_roots=True), timestamper=stamper)
    session = signer.init_signing_session(revision)
    session.system_time = at
    checked = await session.perform_presign_validation(revision)
    document = session.prepare_tbs_document(validation_info=checked, bytes_reserved=RESERVED)
    prepared, _output = document.digest_tbs_document(in_place=True, chunk_size=CHUNK_BYTES)
    await document.perform_signature(prepared.document_digest, PdfCMSSignedAttributes(signing_time=at))
    if stamper is None or trust is None or checked is None:
        return "B-T" if stamper else "B-B"
    stamping = PdfTimeStamper(stamper, field_name=f"{described.field_name}-Stamp")
    await stamping.async_timestamp_pdf(
        new_revision(target, identifier=identifier),
        _DIGEST,
        trust,
        validation_paths=list(checked.validation_paths),
        **_STAMP_LAST,
    )
    return "B-LTA"


def _free_name(revision: Revision) -> str:
    """Of the first signature field that is not there yet."""
    taken = {name for name, _value, _field in enumerate_sig_fields(revision.prev)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{FIELD}-{n}") not in taken)


def _copy(source: BinaryIO, target: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    source.seek(0)
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        target.write(chunk)
    return digest.digest()


def _in_asn1(found: Identity) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo, SimpleCertificateStore]:
    store = SimpleCertificateStore()
    store.register_multiple([certificate_in_asn1(c) for c in found.chain])
    key = found.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return certificate_in_asn1(found.certificate), keys.PrivateKeyInfo.load(key), store
