"""Signing: what is appended, with what, and when not at all."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from jike import signatures
from jike.base.errors import Refused
from jike.checks import signing_is_whole_or_absent
from jike.embedded.home import Home
from jike.signatures import identity
from jike.signatures.errors import CannotBeSigned, NotStamped
from tests.signatures.papers import AT, WORDS, Authority, byte_range, document, pem_of, rsa_key, signed, verdict


def sign(content: bytes, **given: Any) -> signatures.signing.Signed:
    return signatures.sign(io.BytesIO(content), io.BytesIO(), **{**WORDS, "at": AT, **given})


def codes(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in error.value.blockers]


def test_the_document_stays_byte_for_byte_and_its_attachments_with_it(house: str) -> None:
    content = document(pages=3)
    after = signed(content)

    assert after.startswith(content)
    with pikepdf.open(io.BytesIO(after)) as opened:
        assert len(opened.pages) == 3
        assert opened.attachments["原件.txt"].get_file().read_bytes() == b"an original"


def test_only_the_signature_itself_is_left_to_chance(company: Authority) -> None:
    content = document()
    one, other = signed(content), signed(content)
    _begin, length, second, _rest = byte_range(one)

    assert one[:length] == other[:length] and one[second:] == other[second:]
    assert one != other and signed(content, reason="other words")[second:] != one[second:]


def test_what_the_document_says_about_itself_is_not_touched(house: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document())) as made:
        with made.open_metadata() as meta:
            meta["dc:title"], meta["pdfaid:part"], meta["pdfaid:conformance"] = "证据", "3", "B"
        made.docinfo["/Title"] = "证据"
        made.save(out)

    with pikepdf.open(out) as before, pikepdf.open(io.BytesIO(signed(out.getvalue()))) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)
        (field,) = after.Root.AcroForm.Fields
        assert field.F & 0b100111 == 4 and list(field.Rect) == [0, 0, 0, 0]  # PDF/A: printed, not hidden


def test_the_signature_says_who_why_where_and_when(company: Authority) -> None:
    with pikepdf.open(io.BytesIO(signed())) as opened:
        said = opened.Root.AcroForm.Fields[0].V

    assert (str(said.Reason), str(said.Location), str(said.Name)) == ("证据材料", "上海", "上海某某消费金融公司")
    assert str(said.SubFilter) == "/ETSI.CAdES.detached" and verdict(signed()).claimed_at == AT


@pytest.mark.parametrize("has_stamps", [False, True])
def test_the_level_follows_from_what_is_configured(has_stamps: bool, house: str, request: Any, settings: Any) -> None:
    if has_stamps:
        request.getfixturevalue("tsa")

    assert sign(document()).level == ("B-T" if has_stamps else "B-B") and sign(document()).is_self_issued


def test_a_certificate_of_an_authority_is_provable_for_good(company: Authority, tsa: Any, settings: Any) -> None:
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue()
    done = sign(document())
    after = signed()

    assert (done.level, done.is_self_issued) == ("B-LTA", False)
    with pikepdf.open(io.BytesIO(after)) as opened:
        assert len(opened.Root.DSS.Certs) >= 3
        assert [str(field.V.Type) for field in opened.Root.AcroForm.Fields] == ["/Sig", "/DocTimeStamp"]
    found = verdict(after)
    assert (found.is_intact, found.covers_whole_file, found.trusted_by, found.why_not) == (
        True,
        True,
        "测试签名根证书",
        (),
    )


@pytest.mark.parametrize("roots", ["signer", "time"])
def test_without_somebody_to_believe_it_is_only_stamped(
    roots: str, company: Authority, tsa: Any, settings: Any
) -> None:
    if roots == "signer":
        settings.SIGNING_ROOTS_FILE = ""
    else:
        settings.TSA_CA_FILE = ""

    assert sign(document()).level == "B-T"


class _Lists(BaseHTTPRequestHandler):
    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def test_lists_of_revoked_certificates_go_in_and_are_obeyed(company: Authority, tsa: Any, settings: Any) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Lists)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/list.crl"
        settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue(crl_url=url)
        _Lists.content = company.listing()
        with pikepdf.open(io.BytesIO(signed())) as opened:
            assert [crl.read_bytes() for crl in opened.Root.DSS.CRLs] == [_Lists.content]

        _Lists.content = company.revoking(settings.SIGNING_CERTIFICATES)
        with pytest.raises(Refused) as error:
            sign(document())
        assert codes(error) == ["certificate.revoked"]
    finally:
        server.shutdown()
        server.server_close()


def test_an_authority_that_is_away_is_named_so_that_the_caller_can_wait(tsa: Any, settings: Any) -> None:
    for fault, code in {"500": "stamp.failed", "refuse": "stamp.refused", "other": "stamp.of_something_else"}.items():
        tsa.fail([fault])
        with pytest.raises(NotStamped) as error:
            sign(document())
        assert error.value.code == code
    assert sign(document()).level == "B-T"

    for url, code in {"http://127.0.0.1:9/": "stamp.unreachable", "ftp://x": "stamp.not_configured"}.items():
        settings.TSA_URL = url
        with pytest.raises(NotStamped) as error:
            sign(document())
        assert error.value.code == code


def test_no_certificate_no_signature(settings: Any, house: str) -> None:
    assert signatures.is_available()
    settings.SIGNING_KEY, settings.EMBEDDED = "", False
    assert not signatures.is_available()
    with pytest.raises(Refused) as error:
        sign(document())
    assert codes(error) == ["certificate.missing"]


def test_a_certificate_outside_its_time_is_refused_with_the_remedy(company: Authority, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    leaf = {"begins": AT - timedelta(days=9), "ends": AT - timedelta(days=1)}
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue(**leaf)
    target = io.BytesIO()
    with pytest.raises(Refused) as error:
        signatures.sign(io.BytesIO(document()), target, **WORDS, at=AT)

    assert codes(error) == ["certificate.expired"] and target.getvalue() == b""
    assert "SIGNING_CERTIFICATES" in str(error.value.blockers[0].message)
    with pytest.raises(Refused) as error:
        sign(document(), at=AT - timedelta(days=20))
    assert codes(error) == ["certificate.not_yet_valid"]
    assert sign(document(), at=AT - timedelta(days=5)).level == "B-B"


def test_every_reason_is_named_at_once(company: Authority, settings: Any) -> None:
    _key, chain = company.issue(ends=AT - timedelta(days=1), may_sign=False)
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = pem_of(rsa_key(1024)), chain
    with pytest.raises(Refused) as error:
        sign(document())

    assert codes(error) == [
        "certificate.of_another_key",
        "certificate.weak_key",
        "certificate.not_for_signing",
        "certificate.expired",
    ]


def test_half_a_configuration_is_an_error_of_the_check(house: str, settings: Any) -> None:
    assert signing_is_whole_or_absent() == []
    settings.SIGNING_CERTIFICATES = ""
    (error,) = signing_is_whole_or_absent()
    assert "SIGNING_CERTIFICATES is missing" in error.msg
    settings.SIGNING_KEY = ""
    assert signing_is_whole_or_absent() == []


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_cannot_be_read_is_said(key: str, company: Authority, settings: Any) -> None:
    settings.SIGNING_KEY = key
    settings.EMBEDDED = True
    with pytest.raises(Refused) as error:
        sign(document())
    assert codes(error) == ["certificate.unreadable"]


def test_keys_of_both_families_sign(company: Authority, settings: Any) -> None:
    for key in (rsa_key(), None):
        settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue(key=key)
        assert verdict(signed()).trusted_by == "测试签名根证书"


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", document()[:-40], locked()])
def test_what_is_no_sound_pdf_is_not_signed(content: bytes, house: str) -> None:
    with pytest.raises(CannotBeSigned):
        sign(content)


def test_the_house_makes_its_certificate_once(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY = settings.SIGNING_CERTIFICATES = settings.SIGNING_ROOTS_FILE = settings.TSA_URL = ""
    settings.EMBEDDED, settings.HOME = True, Home(tmp_path)
    at = datetime.now(UTC).replace(microsecond=0)  # not `AT`: it is valid from when it was made
    found = [verdict(signed(at=at)) for _time in range(2)]

    (kept,) = (tmp_path / "secrets").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert found[0] == found[1] and found[0].is_ours and found[0].is_self_issued and "self-issued" in found[0].signer
    chain = identity.identity().chain
    assert (
        len(chain) == 2 and kept.read_text().count("PRIVATE KEY") == 2
    )  # begin and end of one key: the root's is gone


def test_starting_up_does_not_load_the_library() -> None:
    program = "import sys, jike.settings, jike.signatures, jike.urls; print(any('pyhanko' in m for m in sys.modules))"
    code = f"import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup(); {program}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == ["False"], done.stderr[-2000:]


def test_memory_does_not_grow_with_the_document(house: str, tmp_path: Path) -> None:
    """Two sizes are compared, each in a process of its own; 200 MB must not take more than a small one by a tenth of the difference."""
    peaks = [peak_of(size, tmp_path, house) for size in (1_000_000, 200_000_000)]

    assert peaks[1] - peaks[0] < 20_000_000, peaks


def peak_of(size: int, folder: Path, house: str) -> int:
    source, target = folder / f"{size}.pdf", folder / f"{size}-signed.pdf"
    write_large(source, size)
    code = f"""
import os, pathlib, resource, datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from jike import signatures
with open({str(source)!r}, "rb") as s, open({str(target)!r}, "w+b") as t:
    signatures.sign(s, t, reason="r", location="l", at=datetime.datetime.fromisoformat({AT.isoformat()!r}))
    found = signatures.verify(t, is_ours=True)
assert found.is_intact and found.covers_whole_file, found
status = pathlib.Path("/proc/self/status").read_text()
print(next(int(l.split()[1]) for l in status.splitlines() if l.startswith("VmHWM")) * 1024)
"""
    import os

    env = {**os.environ, "SIGNING_KEY": house, "SIGNING_CERTIFICATES": house, "TSA_URL": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    target.unlink()
    source.unlink()
    return int(done.stdout.splitlines()[-1])


def write_large(path: Path, size: int) -> None:
    """A document around one large stream, written piece by piece."""
    offsets: list[int] = []
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        parts = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
        for number, part in enumerate(parts, start=1):
            offsets.append(out.tell())
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
        offsets.append(out.tell())
        out.write(b"4 0 obj\n<< /Length %d >>\nstream\n" % size)
        for _piece in range(size // 1_000_000):
            out.write(b"x" * 1_000_000)
        out.write(b"\nendstream\nendobj\n")
        begin = out.tell()
        out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in offsets))
        out.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begin)
