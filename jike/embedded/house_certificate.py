"""A certificate the house issues to itself, so that bundles are signed where nobody brought a certificate of an authority.

It proves that a file was not changed since it was signed here. It does not prove who signed: anybody can write any name into a
certificate of their own. Its subject says so.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

RSA_BITS = 3072  # RSA with PKCS#1 v1.5 is what readers of documents have known longest
VALID_FOR = timedelta(days=3650)
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
SELF_ISSUED = "Self-issued: proves integrity, not who signed"
_SELF_ISSUED_ZH = "自签证书：只证明文件未被改动，不证明签名者身份"


def make_house_identity(*, now: datetime | None = None) -> str:
    """PEM of a new private key, its certificate and the house root that issued it, valid from `now`. The key of the root is thrown away."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS) for _which in range(2))
    root_name, name = _name("Jike house root (self-issued)"), _name("Jike evidence bundles (self-issued)")
    root = _draft(root_name, root_name, root_key, now, is_root=True).sign(root_key, hashes.SHA256())
    leaf = (
        _draft(name, root_name, key, now, is_root=False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    parts = [
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        leaf.public_bytes(Encoding.PEM),
        root.public_bytes(Encoding.PEM),
    ]
    return b"".join(parts).decode()


def _name(common_name: str) -> x509.Name:
    words = {
        NameOID.COMMON_NAME: common_name,
        NameOID.ORGANIZATION_NAME: SELF_ISSUED,
        NameOID.ORGANIZATIONAL_UNIT_NAME: _SELF_ISSUED_ZH,
    }
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in words.items()])


def _draft(
    name: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime, *, is_root: bool
) -> x509.CertificateBuilder:
    usage = {
        **dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False),
        "decipher_only": False,
        "digital_signature": not is_root,
        "content_commitment": not is_root,
        "key_cert_sign": is_root,
        "crl_sign": is_root,
    }
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
