"""A time-stamping authority on loopback (RFC 3161). `python -m jike.outbox.fakes.tsa --port 8026 --ca ca.pem` runs it alone.

Its root and its certificate are made anew at each start; nobody believes them but who is given `ca_pem` as `TSA_CA_FILE`. It
follows a script of faults, one word per coming call: `500`, `refuse`, `nonce`, `other` (stamps something else), `garbage`, `ok`.
"""

from __future__ import annotations

import argparse
import hashlib
import secrets
import sys
import threading
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.3.6.1.4.1.13762.3"
REFUSAL = bytes.fromhex("30053003020102")  # an answer of nothing but the status "rejection"
FAULTS = frozenset({"ok", "500", "refuse", "nonce", "other", "garbage"})


class FakeTsa:
    """The authority, in threads of this process. `stamped` holds the hashes it stamped."""

    def __init__(self, *, port: int = 0) -> None:
        self.stamped: list[bytes] = []
        self._faults: deque[str] = deque()
        self._root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name, name = _name("Test root"), _name("Test time-stamping authority")
        self.root = _certificate(root_name, root_name, self._root_key, self._root_key, is_root=True)
        self.certificate = _certificate(name, root_name, self._key, self._root_key, is_root=False)
        authority = self

        class Handler(_Handler):
            fake = authority

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """The value of TSA_URL that reaches this authority."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/tsa"

    @property
    def ca_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def fail(self, faults: Iterable[str]) -> None:
        script = list(faults)
        if unknown := set(script) - FAULTS:
            raise ValueError(f"Unknown faults: {', '.join(sorted(unknown))}.")
        self._faults.extend(script)

    def next_fault(self) -> str:
        return self._faults.popleft() if self._faults else "ok"

    def answer(self, asked: bytes, fault: str = "ok") -> bytes:
        """The answer to one request."""
        if fault == "refuse":
            return REFUSAL
        if fault == "garbage":
            return b"no answer"
        request = tsp.TimeStampReq.load(asked, strict=True)
        imprint, nonce = request["message_imprint"], request["nonce"].native
        if fault == "other":
            imprint["hashed_message"] = hashlib.sha256(b"other").digest()
        self.stamped.append(imprint["hashed_message"].native)
        token = self._token(imprint, nonce + 1 if fault == "nonce" else nonce)
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _token(self, imprint: tsp.MessageImprint, nonce: int) -> cms.ContentInfo:
        certificate = asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(63),
                "gen_time": datetime.now(UTC).replace(microsecond=0),
                "nonce": nonce,
            }
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())},
                "certificates": [certificate],
                "signer_infos": [self._signer(info.dump(), certificate)],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _signer(self, content: bytes, certificate: asn1_x509.Certificate) -> cms.SignerInfo:
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [_named(self.certificate)]},
            ]
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    }
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> FakeTsa:
        threading.Thread(target=self.serve_forever, name="fake-tsa", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeTsa
    timeout = 20

    def do_POST(self) -> None:
        asked = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 64 * 1024))
        fault = self.fake.next_fault()
        answer = b"" if fault == "500" else self.fake.answer(asked, fault)
        self.send_response(500 if fault == "500" else 200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _named(certificate: x509.Certificate) -> tsp.SigningCertificateV2:
    found = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": found})]})


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not is_root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())


def main() -> int:
    parser = argparse.ArgumentParser(description="A time-stamping authority on loopback.")
    parser.add_argument("--port", type=int, default=8026)
    parser.add_argument("--ca", type=Path, help="write the root certificate here")
    given = parser.parse_args()
    fake = FakeTsa(port=given.port)
    if given.ca:
        given.ca.write_bytes(fake.ca_pem)
    sys.stdout.write(f"TSA_URL={fake.url}\n")
    fake.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
