"""RFC 3161 time stamps: the request for one, and judging a token.

A stamp is the word of somebody else (a time-stamping authority) for when something was there: a head of the ledger, a signature. Its certificate is believed when it
leads to one of `TSA_CA_FILE`; without that file the token is judged by itself: it is over this very thing, and signed by the
certificate it carries, which is a certificate for time stamping.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sm3": hashes.SM3(),
}
_GRANTED = {"granted", "granted_with_mods"}


class BadStamp(Exception):
    """A token or answer that proves nothing. The text is a code."""


def request_for(body: bytes) -> tuple[bytes, int]:
    """(request, nonce) for a stamp over `body`, in DER."""
    return request_over(hashlib.sha256(body).digest())


def request_over(digest: bytes) -> tuple[bytes, int]:
    """(request, nonce) for a stamp over what has this SHA-256, in DER."""
    nonce = secrets.randbits(63)
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": digest,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return bytes(asked.dump()), nonce


def token_of(answer: bytes, body: bytes, nonce: int) -> bytes:
    """The token of an authority's answer to `request_for(body)`, judged. Raises `BadStamp`."""
    return token_over(answer, hashlib.sha256(body).digest(), nonce)


def token_over(answer: bytes, digest: bytes, nonce: int) -> bytes:
    """The token of an authority's answer to `request_over(digest)`, judged. Raises `BadStamp`."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = tsp.PKIStatusInfo.load(core.Sequence.load(answer)[0].dump())["status"].native
        if status not in _GRANTED:
            raise BadStamp("stamp.refused")
        token = bytes(response["time_stamp_token"].dump())
        given = _signed(token)[1]["nonce"].native
    except (ValueError, TypeError, LookupError):
        raise BadStamp("stamp.unreadable") from None
    if given != nonce:
        raise BadStamp("stamp.not_ours")
    _moment(token, lambda algorithm: digest if algorithm == "sha256" else b"")
    return token


def moment_of(token: bytes, body: bytes) -> datetime:
    """When the authority saw `body`, according to a genuine token. Raises `BadStamp`."""
    return _moment(token, lambda algorithm: hashlib.new(algorithm, body).digest())


def _moment(token: bytes, digest_by: Callable[[str], bytes]) -> datetime:
    try:
        signed, info = _signed(token)
        imprint = info["message_imprint"]
        if digest_by(imprint["hash_algorithm"]["algorithm"].native) != imprint["hashed_message"].native:
            raise BadStamp("stamp.of_something_else")
        certificates = [x509.load_der_x509_certificate(c.chosen.dump()) for c in signed["certificates"]]
        signer = _judge_signature(signed, certificates)
        moment = info["gen_time"].native
        _judge_certificate(signer, certificates, moment)
    except BadStamp:
        raise
    except InvalidSignature:
        raise BadStamp("stamp.forged") from None
    except (ValueError, TypeError, AttributeError, LookupError, UnsupportedAlgorithm, x509.ExtensionNotFound):
        raise BadStamp("stamp.unreadable") from None
    assert isinstance(moment, datetime)
    return moment


def _signed(token: bytes) -> tuple[Any, Any]:
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise BadStamp("stamp.unreadable")
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise BadStamp("stamp.unreadable")
    return signed, tsp.TSTInfo.load(signed["encap_content_info"]["content"].parsed.dump())


def _judge_signature(signed: Any, certificates: list[x509.Certificate]) -> x509.Certificate:
    """The certificate whose key signed the token. The signed attributes must hold the hash of the content."""
    (info,) = signed["signer_infos"]
    attributes = {a["type"].native: a["values"][0].native for a in info["signed_attrs"]}
    digest = info["digest_algorithm"]["algorithm"].native
    content = signed["encap_content_info"]["content"].contents
    if (
        attributes["content_type"] != "tst_info"
        or attributes["message_digest"] != hashlib.new(digest, content).digest()
    ):
        raise BadStamp("stamp.forged")
    wanted = info["sid"].chosen
    (signer,) = [c for c in certificates if _is_named(c, wanted)]
    message = info["signed_attrs"].untag().dump()
    algorithm = info["signature_algorithm"]
    hash_name = digest if algorithm["algorithm"].native == "rsassa_pkcs1v15" else algorithm.hash_algo
    _verify(signer.public_key(), info["signature"].native, message, _HASHES[hash_name], algorithm)
    return signer


def _is_named(certificate: x509.Certificate, wanted: Any) -> bool:
    if isinstance(wanted, cms.IssuerAndSerialNumber):
        issuer = asn1_x509.Name.load(certificate.issuer.public_bytes())
        return bool(wanted["serial_number"].native == certificate.serial_number and wanted["issuer"] == issuer)
    found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return bool(found.value.digest == wanted.native)


def _verify(key: Any, signature: bytes, message: bytes, algorithm: hashes.HashAlgorithm, signed_with: Any) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        if signed_with.signature_algo == "rsassa_pss":
            padded: Any = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)
        else:
            padded = padding.PKCS1v15()
        key.verify(signature, message, padded, algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(algorithm))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, message)
    else:
        raise BadStamp("stamp.unknown_key")


def _judge_certificate(signer: x509.Certificate, given: list[x509.Certificate], moment: datetime) -> None:
    """For time stamping, valid at that moment and, where `TSA_CA_FILE` is set, leading to one of its certificates."""
    usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if ExtendedKeyUsageOID.TIME_STAMPING not in usage or not _is_valid(signer, moment):
        raise BadStamp("stamp.wrong_certificate")
    if not settings.TSA_CA_FILE:
        return
    trusted = x509.load_pem_x509_certificates(Path(settings.TSA_CA_FILE).read_bytes())
    known, link = {c.fingerprint(hashes.SHA256()) for c in trusted}, signer
    for _step in range(8):
        if link.fingerprint(hashes.SHA256()) in known:
            return
        issuers = [c for c in [*trusted, *given] if _issued(c, link) and _is_valid(c, moment)]
        if not issuers:
            break
        link = issuers[0]
    raise BadStamp("stamp.not_trusted")


def _is_valid(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer == certificate:
        return False
    try:
        may_issue = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return bool(may_issue)
