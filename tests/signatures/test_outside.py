"""Programs that are not ours say the same about our signatures."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.signatures.papers import Authority, byte_range, openssl, pem, rsa_key, signed

needs_pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not installed")
needs_qpdf = pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.fixture(params=["house", "rsa", "ec"])
def certified(request: Any, settings: Any, company: Authority, house: str, tmp_path: Path) -> Path:
    """The file with the root of who signs: the house, or an authority that certified a key of either family."""
    root = tmp_path / "root.pem"
    if request.param == "house":
        settings.SIGNING_KEY = settings.SIGNING_CERTIFICATES = house
        root.write_text(house[house.rindex("-----BEGIN CERTIFICATE") :])
    else:
        key = rsa_key() if request.param == "rsa" else None
        settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue(key=key)
        root.write_text(pem(company.certificate))
    return root


@needs_pdfsig
def test_poppler_believes_the_signature_and_sees_a_change(certified: Path, tmp_path: Path) -> None:
    content, file = signed(), tmp_path / "bundle.pdf"
    file.write_bytes(content)
    said = run("pdfsig", "-nocert", str(file))
    assert "Signature is Valid." in said and "Total document signed" in said and "ETSI.CAdES.detached" in said

    file.write_bytes(content.replace(b"/MediaBox", b"/MediaBux", 1))
    assert "Digest Mismatch" in run("pdfsig", "-nocert", str(file))


def test_openssl_believes_what_is_inside(certified: Path, tmp_path: Path) -> None:
    content = signed()
    _begin, length, second, rest = byte_range(content)
    der = bytes.fromhex(content[length + 1 : second - 1].decode())
    covered = content[:length] + content[second : second + rest]
    (tmp_path / "signature.der").write_bytes(der)
    words = ["cms", "-verify", "-inform", "DER", "-in", str(tmp_path / "signature.der"), "-binary", "-purpose", "any"]
    words += ["-CAfile", str(certified), "-out", str(tmp_path / "out"), "-content", str(tmp_path / "covered")]

    (tmp_path / "covered").write_bytes(covered)
    done = openssl(*words)
    assert done.returncode == 0, done.stderr
    (tmp_path / "covered").write_bytes(covered + b" ")
    assert openssl(*words).returncode != 0


@needs_qpdf
@pytest.mark.parametrize("has_stamps", [False, True])
def test_qpdf_finds_nothing_wrong(
    certified: Path, has_stamps: bool, request: Any, tmp_path: Path, settings: Any
) -> None:
    if has_stamps:
        given = settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES
        request.getfixturevalue("tsa")
        settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = given
    (tmp_path / "bundle.pdf").write_bytes(signed())
    done = subprocess.run(["qpdf", "--check", str(tmp_path / "bundle.pdf")], capture_output=True, text=True)

    assert done.returncode == 0 and "WARNING" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert "原件.txt" in run("qpdf", "--list-attachments", str(tmp_path / "bundle.pdf"))
