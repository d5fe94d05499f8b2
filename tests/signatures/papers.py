"""Documents to sign, certificates to sign with, and programs that are not ours."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jike import signatures

AT = datetime.now(UTC).replace(microsecond=0)
WORDS = {"reason": "证据材料", "location": "上海"}


def document(*, pages: int = 1, filling: int = 0) -> bytes:
    """A PDF with an attachment and, if asked, so many bytes that cannot be pressed together."""
    made, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page()
    made.attachments["原件.txt"] = b"an original"
    if filling:
        made.Root.Filling = made.make_stream(bytes(filling))
    made.save(out, compress_streams=False)
    return out.getvalue()


def signed(content: bytes | None = None, **given: Any) -> bytes:
    target = io.BytesIO()
    signatures.sign(io.BytesIO(document() if content is None else content), target, **{**WORDS, "at": AT, **given})
    return target.getvalue()


def verdict(content: bytes, *, is_ours: bool = True) -> Any:
    return signatures.verify(io.BytesIO(content), is_ours=is_ours)


def byte_range(content: bytes) -> list[int]:
    """The first one of a document: begin, length, begin, length."""
    begin = content.index(b"/ByteRange [") + len(b"/ByteRange [")
    return [int(part) for part in content[begin : content.index(b"]", begin)].split()]


def openssl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *words], capture_output=True, text=True)


@dataclass
class Authority:
    """An issuer of certificates, as an operator would go to."""

    key: Any
    certificate: x509.Certificate

    @classmethod
    def new(cls, name: str = "测试签名根证书") -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, _certificate(name, key, name, key, is_root=True))

    def issue(self, name: str = "上海某某消费金融公司", *, key: Any = None, **given: Any) -> tuple[str, str]:
        """(key, chain) in PEM."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        leaf = _certificate(name, key, str(issuer), self.key, is_root=False, **given)
        return pem_of(key), pem(leaf) + pem(self.certificate)

    def revoking(self, chain: str) -> bytes:
        """Its list of revoked certificates, with the first of `chain` on it."""
        serial = x509.load_pem_x509_certificates(chain.encode())[0].serial_number
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(AT - timedelta(days=1)).build()
        return self.listing(entry)

    def listing(self, *entries: x509.RevokedCertificate) -> bytes:
        made = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        made = made.last_update(AT - timedelta(hours=2)).next_update(AT + timedelta(days=7))
        for entry in entries:
            made = made.add_revoked_certificate(entry)
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def pem_of(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def rsa_key(bits: int = 2048) -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _certificate(
    name: str,
    key: Any,
    issuer: str,
    issuer_key: Any,
    *,
    is_root: bool,
    begins: datetime = AT - timedelta(days=30),
    ends: datetime = AT + timedelta(days=30),
    crl_url: str = "",
    may_sign: bool = True,
) -> x509.Certificate:
    no = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    signs = may_sign and not is_root
    usage = {**no, "digital_signature": signs, "content_commitment": signs, "key_encipherment": not may_sign}
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, key_cert_sign=is_root, crl_sign=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if crl_url:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        made = made.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return made.sign(issuer_key, hashes.SHA256())
