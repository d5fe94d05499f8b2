"""Judging: what a signature proves, what it does not, and what a hostile document gets for an answer."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jike import signatures
from jike.signatures import verifying
from jike.signatures.verdicts import Verdict, verdict_from
from tests.signatures.papers import AT, Authority, byte_range, document, signed, verdict

NO_WORD_OF_WHO = "The certificate is self-issued: it proves that nothing was changed, not who the signer is."
ONLY_CLAIMED = "The time is only what the signer says"


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def why(found: Verdict) -> str:
    return " ".join(str(reason) for reason in found.why_not)


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_house_signature_proves_integrity_and_says_what_it_does_not(house: str, is_ours: bool) -> None:
    found = verdict(signed(), is_ours=is_ours)

    assert (found.outcome, found.state, found.covers_whole_file) == ("signed", "intact", True)
    assert (found.is_self_issued, found.is_ours, found.trusted_by, found.claimed_at) == (True, True, "", AT)
    assert "self-issued" in found.signer and NO_WORD_OF_WHO in why(found) and ONLY_CLAIMED in why(found)
    assert found.level == "success" and found.earlier == ()


def test_both_processes_give_the_same_verdict(company: Authority, tsa: Any) -> None:
    content = signed()

    assert verdict(content) == verdict(content, is_ours=False) and verdict(content).trusted_by


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_document_without_signature_is_no_scandal(house: str, is_ours: bool) -> None:
    found = verdict(document(), is_ours=is_ours)

    assert (found.outcome, found.is_signed, found.is_intact, found.all) == ("unsigned", False, False, ())
    assert why(found) == "The document carries no signature."


CASES: dict[str, bytes] = {}


def case(name: str) -> bytes:
    if name not in CASES:
        CASES[name] = signed(document(pages=2))
    return CASES[name]


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_in_what_was_signed_is_seen(house: str, where: float, bit: int) -> None:
    content = case("house")
    _begin, length, second, rest = byte_range(content)
    at = int(where * (length + rest))
    at = at if at < length else second + at - length
    changed = bytearray(content)
    changed[at] ^= 1 << bit

    assert not verdict(bytes(changed)).is_intact, at


def test_the_part_behind_the_signature_counts_too(house: str) -> None:
    """It is where readers begin, and small: chance would hardly ever get there."""
    content = case("house")
    second = byte_range(content)[2]
    for at in range(second, len(content), 11):
        changed = bytearray(content)
        changed[at] ^= 1
        assert not verdict(bytes(changed)).is_intact, at


def test_a_change_says_that_the_signed_part_was_changed(house: str) -> None:
    content = case("house")
    at = content.index(b"\n%") + 3  # a remark behind the first line: readers of the pages do not mind it
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    found = verdict(changed)

    assert (found.state, found.level) == ("changed", "error")
    assert "The part that was signed has been changed since." in why(found)


@pytest.mark.parametrize("tail", [b"x", b"\n% more\n" * 200, b"\0" * 3_000_000])
def test_appended_bytes_are_named_as_not_covered(house: str, tail: bytes) -> None:
    found = verdict(signed() + tail, is_ours=False)

    assert (found.is_intact, found.covers_whole_file, found.appended_bytes) == (True, False, len(tail))
    assert f"The last {len(tail)} byte" in why(found) and "nobody signed was appended" in why(found)
    assert found.level == "warning"


def appended(content: bytes, change: Any) -> bytes:
    """A further revision, written as a viewer would."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = io.BytesIO(content)
    writer = IncrementalPdfFileWriter(out, strict=False)
    change(writer)
    writer.write_in_place()
    return out.getvalue()


def test_a_page_exchanged_in_a_later_revision_is_a_change(house: str) -> None:
    def turn(writer: Any) -> None:
        from pyhanko.pdf_utils import generic

        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Rotate"] = generic.NumberObject(90)
        writer.update_container(page)

    found = verdict(appended(signed(), turn))

    assert (found.is_intact, found.covers_whole_file) == (True, False)
    assert "The document was changed after this signature" in why(found)


def test_two_signatures_are_judged_one_by_one(company: Authority, house: str, settings: Any) -> None:
    first = signed()
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = Authority.new("别处").issue("第二位签名者")
    found = verdict(signed(first))

    assert [one.signer for one in found.all] == ["上海某某消费金融公司", "第二位签名者"]
    assert [one.is_intact for one in found.all] == [True, True]
    assert [one.covers_whole_file for one in found.all] == [False, True]
    assert [bool(one.trusted_by) for one in found.all] == [True, False]
    assert "Whoever issued the certificate is not known here" in why(found) and found.level == "success"


def test_a_stamp_is_believed_only_by_whoever_is_known(tsa: Any, settings: Any) -> None:
    content = signed()
    found = verdict(content)
    assert found.is_stamp_trusted and abs(found.stamped_at - AT) < timedelta(hours=1) and ONLY_CLAIMED not in why(found)

    settings.TSA_CA_FILE = ""
    found = verdict(content)
    assert found.stamped_at and not found.is_stamp_trusted and "by an authority that is not known here" in why(found)


def test_after_the_key_was_renewed_the_older_certificate_is_still_ours(house: str, settings: Any) -> None:
    content = signed()
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = Authority.new("别处").issue()
    assert not verdict(content).is_ours

    settings.SIGNING_CERTIFICATES += house[house.index("-----BEGIN CERTIFICATE") :]
    assert verdict(content).is_ours and verdict(signed()).is_ours and verdict(signed()).issuer == "别处"


def test_a_certificate_that_has_ended_is_said_unless_a_stamp_shows_it_was_earlier(
    company: Authority, settings: Any
) -> None:
    ended = {"begins": AT - timedelta(days=9), "ends": AT - timedelta(days=1)}
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue(**ended)
    found = verdict(signed(at=AT - timedelta(days=2)))

    assert found.is_intact and not found.trusted_by and not found.is_self_issued


def of_another_key(content: bytes) -> bytes:
    """The signature value exchanged for one over the same attributes by another key."""
    from asn1crypto import cms
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    from tests.signatures.papers import rsa_key

    _begin, length, second, _rest = byte_range(content)
    der = bytes.fromhex(content[length + 1 : second - 1].decode())
    info = cms.ContentInfo.load(der)
    (signer,) = info["content"]["signer_infos"]
    signer["signature"] = rsa_key(3072).sign(signer["signed_attrs"].untag().dump(), padding.PKCS1v15(), hashes.SHA256())
    told = info.dump(force=True).hex().encode().ljust(second - length - 2, b"0")
    return content[: length + 1] + told + content[second - 1 :]


def test_the_signature_of_another_key_is_seen(house: str) -> None:
    found = verdict(of_another_key(signed()))

    assert found.state == "changed" and "made with another key" in why(found)
    assert not found.is_ours and not found.stamped_at  # a copied certificate is no proof of who signed


def test_nothing_is_believed_of_a_signature_that_does_not_hold(company: Authority, tsa: Any, settings: Any) -> None:
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = company.issue()
    content = signed()
    whole, broken = verdict(content), verdict(content.replace(b"/MediaBox", b"/MediaBux", 1))

    assert whole.is_ours and whole.trusted_by and whole.stamped_at
    assert not (broken.is_intact or broken.is_ours or broken.trusted_by or broken.is_stamp_trusted)


# What means harm


def wrapped(content: bytes) -> bytes:
    """Another document around a genuine signature: all the signed bytes are there, in order, and what is shown lies in a wider gap.

    The signed end still says where readers begin (`startxref`); that place now lies in the gap, and in the attacker's hands.
    """
    _first, length, second, rest = byte_range(content)
    end = content[second:]
    begin = int(end[end.rindex(b"startxref") + 9 :].split()[0])
    gap, places = bytearray(content[length:second]), {}
    gap += b"\n" * (begin - length - len(gap))

    def add(number: int, body: bytes) -> bytes:
        places[number] = tail_begins + len(tail)
        return b"%d 0 obj\n%s\nendobj\n" % (number, body)

    table_size = 20 * 6 + 400
    tail, tail_begins = b"", begin + table_size
    contents = content[length:second]
    tail += add(1, b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [4 0 R] >> >>")
    tail += add(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    tail += add(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
    tail += add(4, b"<< /FT /Sig /T (Jike-Signature-1) /V 5 0 R >>")
    said = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 %d %d %d] /Contents %s >>"
    )
    gap_ends = begin + table_size + 8000 + len(contents)
    tail += add(5, said % (length, gap_ends, rest, contents))
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % places[n] for n in range(1, 6))
    table += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begin
    assert len(table) <= table_size
    gap += table.ljust(table_size) + tail
    gap += b"\n" * (gap_ends - length - len(gap))
    return content[:length] + bytes(gap) + end


def test_a_genuine_signature_around_another_document_is_seen(house: str) -> None:
    content = wrapped(signed())
    with pikepdf.open(io.BytesIO(content)) as shown:
        assert list(shown.pages[0].MediaBox) == [0, 0, 200, 200]

    for is_ours in (True, False):
        found = verdict(content, is_ours=is_ours)
        assert (found.outcome, found.state, found.is_ours) == ("signed", "changed", False)
        assert "leaves out parts of the document" in why(found)


def with_range(content: bytes, *numbers: int) -> bytes:
    begin = content.index(b"/ByteRange [")
    end = content.index(b"]", begin) + 1
    return (
        content[:begin]
        + (b"/ByteRange [%s]" % b" ".join(b"%d" % n for n in numbers)).ljust(end - begin)
        + content[end:]
    )


def hostile() -> dict[str, bytes]:
    content = signed()
    first, length, second, rest = byte_range(content)
    bare = document()
    entry = b"/AcroForm << /SigFlags 3 /Fields [ << /FT /Sig /T (a) /V << /Type /Sig /SubFilter /ETSI.CAdES.detached %s >> >> ] >>"

    def made(inside: bytes) -> bytes:
        return bare.replace(b"/Type /Catalog", b"/Type /Catalog " + entry % inside)

    return {
        "negative": with_range(content, first, -1, second, rest),
        "negative begin": with_range(content, -5, length, second, rest),
        "overlapping": with_range(content, first, length, length - 9, rest),
        "beyond the end": with_range(content, first, length, second, 10**9),
        "a larger gap": with_range(content, first, length - 40, second, rest),
        "a later gap": with_range(content, first, length, second + 20, rest - 20),
        "three numbers": with_range(content, first, length, second),
        "six numbers": with_range(content, 0, 5, 5, 5, second, rest),
        "moved gap": with_range(content, first, length - 100, second - 100, rest + 100),
        "huge contents": made(b"/ByteRange [0 1 9 9] /Contents <" + b"30" * 1_500_000 + b">"),
        "no contents": made(b"/ByteRange [0 1 9 9]"),
        "contents of another kind": made(b"/ByteRange [0 1 9 9] /Contents 7"),
        "range of words": made(b"/ByteRange [/a (b) null true] /Contents <3000>"),
        "range of itself": made(b"/ByteRange 1 0 R /Contents <3000>"),
        "many fields": bare.replace(
            b"/Type /Catalog",
            b"/Type /Catalog /AcroForm << /Fields ["
            + b"<< /FT /Sig /T (a) /V << /Type /Sig /ByteRange [0 1 2 3] /Contents <3000> >> >>" * 5000
            + b"] >>",
        ),
        "a field in itself": bare.replace(
            b"/Type /Catalog", b"/Type /Catalog /AcroForm << /Fields [ << /T (a) /Kids [ 1 0 R ] >> ] >>"
        ),
        "deep": bare.replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm " + b"[" * 100_000),
    }


HOSTILE = (
    "negative", "negative begin", "overlapping", "beyond the end", "a larger gap", "a later gap", "three numbers", "six numbers",
    "moved gap", "huge contents", "no contents", "contents of another kind", "range of words", "range of itself", "many fields",
    "a field in itself", "deep",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_dictionary_is_answered(name: str, house: str) -> None:
    found = verdict(hostile()[name], is_ours=False)

    assert not found.is_intact and found.why_not, found


def test_the_list_of_hostile_documents_is_whole(house: str) -> None:
    assert set(hostile()) == set(HOSTILE)


@pytest.mark.parametrize("seed", range(40))
def test_rubble_is_answered_also_in_this_process(seed: int, house: str) -> None:
    chance, content = random.Random(seed), bytearray(signed())
    for _hole in range(30):
        at = chance.randrange(len(content))
        content[at : at + chance.randrange(1, 60)] = chance.randbytes(chance.randrange(40))

    assert not verdict(bytes(content)).is_intact


def test_a_process_that_dies_is_no_proof(house: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = signed()
    for program in ("import os; os._exit(3)", "print('{}')", "print('[]')", "while True: pass", "print('x' * 10)"):
        (tmp_path / "program.py").write_text(program)
        monkeypatch.setattr(verifying, "_PROGRAM", tmp_path / "program.py")
        monkeypatch.setattr(verifying, "_SECONDS", 1)
        assert verdict(content, is_ours=False).outcome == "heavy"


def test_the_confined_process_can_neither_write_nor_call(house: str, tmp_path: Any, monkeypatch: Any) -> None:
    """The very program, with a judge that tries to get out."""
    import subprocess
    import sys

    tries = {"open": f"open({str(tmp_path / 'out')!r}, 'w')", "socket": "__import__('socket').socket()"}
    source = verifying._PROGRAM.read_text().replace(
        "sys.path.append(str(Path(__file__).resolve().parents[2]))",
        f"sys.path.append({str(verifying._PROGRAM.parents[2])!r})",
    )
    for name, attempt in tries.items():
        program = tmp_path / f"{name}.py"
        program.write_text(source.replace("beliefs = judging", f"{attempt}; beliefs = judging"))
        done = subprocess.run([sys.executable, "-I", program], input=b"{}\n", capture_output=True)
        assert done.returncode == 1 and b"PermissionError" in done.stderr, name


def test_too_large_for_a_stranger_is_said(house: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MOST_BYTES", 1000)

    assert verdict(signed(), is_ours=False).outcome == "heavy" and verdict(signed()).is_intact


@pytest.mark.parametrize(
    "told", [{}, {"outcome": "fine"}, {"outcome": "signed", "signatures": []}, {"outcome": "signed"}]
)
def test_only_the_shape_agreed_upon_is_believed(told: dict) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        verdict_from(told)


def test_signing_over_a_locked_document_is_named() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))

    assert signatures.verify(out, is_ours=True).outcome == "locked"
