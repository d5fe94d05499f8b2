"""With which key and certificates this installation signs, and why it may not.

`SIGNING_KEY` and `SIGNING_CERTIFICATES` (PEM, the signer's certificate first). In the embedded shape, where neither is set, a
certificate of the house's own is made on first use and kept with the other secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker
from jike.embedded.house_certificate import SELF_ISSUED, make_house_identity

LEAST_RSA_BITS = 2048
_HOUSE = "signing_identity"


@dataclass(frozen=True)
class Identity:
    """The key that signs and its certificates: the signer's first, then who issued it, and so on; behind them may stand certificates
    that signed earlier."""

    key: Any
    certificates: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        return self.certificates[0]

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The signer's certificate and those that lead from it upwards."""
        found = [self.certificate]
        for candidate in self.certificates[1:]:
            if not is_self_signed(found[-1]) and is_issuer(candidate, found[-1]):
                found.append(candidate)
        return tuple(found)

    @property
    def signer(self) -> str:
        return name_of(self.certificate.subject)


def is_available() -> bool:
    """Whether documents are signed here. Whether that works now, `blockers_to_sign` says."""
    return bool(settings.EMBEDDED or (settings.SIGNING_KEY and settings.SIGNING_CERTIFICATES))


def identity() -> Identity:
    """The configured one, or that of the house. Raises ValueError when what is configured cannot be read."""
    if settings.SIGNING_KEY or settings.SIGNING_CERTIFICATES:
        return _read(settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES)
    if not settings.EMBEDDED:
        raise ValueError("nothing to sign with")
    made = settings.HOME.made_once(_HOUSE, make_house_identity)
    return _read(made, made)


def our_certificates() -> tuple[x509.Certificate, ...]:
    """All certificates of this installation, earlier ones too; none where it has none, or none that can be read."""
    try:
        return identity().certificates
    except ValueError:
        return ()


def certificate_in_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def trusted_roots() -> list[x509.Certificate]:
    """Whom the operator believes about who a signer is (`SIGNING_ROOTS_FILE`)."""
    return _roots_in(settings.SIGNING_ROOTS_FILE)


def authority_roots() -> list[x509.Certificate]:
    """Whom the operator believes about time (`TSA_CA_FILE`)."""
    return _roots_in(settings.TSA_CA_FILE)


def blockers_to_sign(*, at: datetime) -> list[Blocker]:
    """Every reason why a document dated `at` cannot be signed, with its remedy."""
    if not is_available():
        return [
            Blocker("certificate.missing", _("No certificate to sign with. Set SIGNING_KEY and SIGNING_CERTIFICATES."))
        ]
    try:
        found = identity()
    except ValueError:
        return [
            Blocker(
                "certificate.unreadable",
                _(
                    "SIGNING_KEY or SIGNING_CERTIFICATES cannot be read. Both must be PEM: one PKCS#8 key without password, and its certificates."
                ),
            )
        ]
    return [*_blockers_of_key(found), *_blockers_of_time(found, at)]


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether nobody but the signer vouches for the name: signed by itself, or by the root of a house of this product."""
    organisations = certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return is_self_signed(certificate) or any(part.value == SELF_ISSUED for part in organisations)


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def is_issuer(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether `issuer` signed `certificate`."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def name_of(name: x509.Name) -> str:
    """The words of a name for people: who, and of what organisation."""
    wanted = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    found = [str(part.value) for kind in wanted for part in name.get_attributes_for_oid(kind)]
    return " · ".join(dict.fromkeys(found)) or name.rfc4514_string()


def _blockers_of_key(found: Identity) -> list[Blocker]:
    blockers = []
    if _public(found.key.public_key()) != _public(found.certificate.public_key()):
        blockers.append(
            Blocker(
                "certificate.of_another_key",
                _("The first of SIGNING_CERTIFICATES is not for SIGNING_KEY. Put the certificate of this key first."),
            )
        )
    is_strong = isinstance(found.key, ec.EllipticCurvePrivateKey) or (
        isinstance(found.key, rsa.RSAPrivateKey) and found.key.key_size >= LEAST_RSA_BITS
    )
    if not is_strong:
        blockers.append(
            Blocker(
                "certificate.weak_key",
                _("SIGNING_KEY must be an RSA key of 2048 bits or more, or one of an elliptic curve."),
            )
        )
    if not _may_sign(found.certificate):
        blockers.append(
            Blocker(
                "certificate.not_for_signing",
                _("This certificate is not for signing documents. Ask the authority for one that is."),
            )
        )
    return blockers


def _blockers_of_time(found: Identity, at: datetime) -> list[Blocker]:
    blockers = []
    for certificate in found.chain:
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        words = {"name": name_of(certificate.subject), "day": cst_date(last if at > last else first).isoformat()}
        if at > last:
            blockers.append(
                Blocker(
                    "certificate.expired",
                    _(
                        "The certificate “%(name)s” expired on %(day)s. Put the renewed one into SIGNING_CERTIFICATES and restart."
                    )
                    % words,
                )
            )
        elif at < first:
            blockers.append(
                Blocker(
                    "certificate.not_yet_valid",
                    _(
                        "The certificate “%(name)s” is valid from %(day)s on. Look at the clock of this machine, or wait."
                    )
                    % words,
                )
            )
    return blockers


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _public(key: Any) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=2)
def _read(key: str, certificates: str) -> Identity:
    try:
        return Identity(
            load_pem_private_key(key.encode(), password=None),
            tuple(x509.load_pem_x509_certificates(certificates.encode())),
        )
    except TypeError:  # a key under a password
        raise ValueError("the key is locked") from None


def _roots_in(file: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(Path(file).read_bytes()) if file else []
