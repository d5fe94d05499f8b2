"""RFC 3161 time stamps of heads: asked for by a job, judged, and checked with a program that is not ours."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, tsp

from jike import ledger
from jike.base.ids import uuid7
from jike.ledger import outside, proofs
from jike.ledger.models import Head, Stamp
from jike.ledger.sealing import seal
from jike.ledger.stamps import BadStamp, moment_of, request_for, token_of
from jike.ledger.tree_verification import verify_tree
from jike.outbox.fakes.tsa import FakeTsa
from jike.outbox.jobs import Job, run_job
from jike.outbox.sealing import seal_and_stamp
from tests.ledger.samples import NOW, SOURCE

BODY = b"a head"


@pytest.fixture(scope="module")
def tsa() -> Iterator[FakeTsa]:
    with FakeTsa() as running:
        yield running


@pytest.fixture
def configured(tsa: FakeTsa, settings: Any, tmp_path: Path) -> FakeTsa:
    (tmp_path / "ca.pem").write_bytes(tsa.ca_pem)
    settings.TSA_URL, settings.TSA_CA_FILE = tsa.url, str(tmp_path / "ca.pem")
    settings.HEADS_URL = (tmp_path / "heads").as_uri()
    return tsa


def entry() -> Any:
    return ledger.append(uuid7(), "t", source=SOURCE, source_id=uuid7(), facts={}, now=NOW, last=(0, b""))


def stamp_over(tsa: FakeTsa, body: bytes = BODY) -> bytes:
    asked, nonce = request_for(body)
    return token_of(tsa.answer(asked), body, nonce)


def openssl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *words], capture_output=True, text=True)


def test_another_program_believes_our_authority(tsa: FakeTsa, tmp_path: Path) -> None:
    for name, content in {"token": stamp_over(tsa), "body": BODY, "ca.pem": tsa.ca_pem}.items():
        (tmp_path / name).write_bytes(content)
    words = ["ts", "-verify", "-data", str(tmp_path / "body"), "-token_in", "-CAfile", str(tmp_path / "ca.pem")]

    done = openssl(*words, "-in", str(tmp_path / "token"))
    assert done.returncode == 0, done.stderr
    (tmp_path / "body").write_bytes(b"another head")
    assert openssl(*words, "-in", str(tmp_path / "token")).returncode != 0


@pytest.mark.parametrize("kind", ["rsa:2048", "ec"])
def test_we_believe_another_program(tmp_path: Path, settings: Any, kind: str) -> None:
    """A token that openssl made is genuine to us, with its chain, and so is its moment."""
    (tmp_path / "conf").write_text(
        "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=TSA\n[ca]\nbasicConstraints=critical,CA:TRUE\n"
        "[ext]\nextendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\n"
        f"[tsa]\ndefault_tsa=t\n[t]\nserial={tmp_path}/serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=yes\n"
        f"signer_cert={tmp_path}/cert.pem\nsigner_key={tmp_path}/key.pem\ncerts={tmp_path}/ca.pem\n"
    )
    (tmp_path / "serial").write_text("01")
    key = ["-newkey", kind] + (["-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else [])
    conf, ca = ["-config", str(tmp_path / "conf")], [str(tmp_path / "ca.pem"), str(tmp_path / "ca.key")]
    root = ["-extensions", "ca", "-subj", "/CN=Root", "-out", ca[0], "-keyout", ca[1]]
    own = ["-extensions", "ext", "-CA", ca[0], "-CAkey", ca[1]]
    own += ["-out", str(tmp_path / "cert.pem"), "-keyout", str(tmp_path / "key.pem")]
    for words in (root, own):
        done = openssl("req", "-x509", *key, "-nodes", *conf, *words)
        assert done.returncode == 0, done.stderr
    asked, nonce = request_for(BODY)
    (tmp_path / "asked").write_bytes(asked)
    done = openssl("ts", "-reply", *conf, "-queryfile", str(tmp_path / "asked"), "-out", str(tmp_path / "answer"))
    assert done.returncode == 0, done.stderr
    answer = (tmp_path / "answer").read_bytes()

    token = token_of(answer, BODY, nonce)
    assert abs(moment_of(token, BODY) - datetime.now(UTC)) < timedelta(minutes=2)
    settings.TSA_CA_FILE = ca[0]
    assert moment_of(token, BODY)
    with FakeTsa() as other:
        (tmp_path / "other.pem").write_bytes(other.ca_pem)
    settings.TSA_CA_FILE = str(tmp_path / "other.pem")
    with pytest.raises(BadStamp, match=r"stamp\.not_trusted"):
        moment_of(token, BODY)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refuse", "stamp.refused"),
        ("nonce", "stamp.not_ours"),
        ("other", "stamp.of_something_else"),
        ("garbage", "stamp.unreadable"),
    ],
)
def test_answers_that_prove_nothing_are_refused(tsa: FakeTsa, fault: str, code: str) -> None:
    asked, nonce = request_for(BODY)

    with pytest.raises(BadStamp, match=code):
        token_of(tsa.answer(asked, fault), BODY, nonce)


def test_a_changed_token_is_noticed_wherever_it_is_changed(tsa: FakeTsa) -> None:
    """Every byte that says something: the time, the imprint, the attributes, the signature, the certificate."""
    token = stamp_over(tsa)
    content = cms.ContentInfo.load(token)["content"]
    info = tsp.TSTInfo.load(content["encap_content_info"]["content"].parsed.dump())
    parts = [
        info["gen_time"].contents,
        info["message_imprint"]["hashed_message"].contents,
        content["signer_infos"][0]["signed_attrs"].contents,
        content["signer_infos"][0]["signature"].contents,
        content["certificates"][0].chosen["tbs_certificate"]["subject_public_key_info"].contents,
    ]
    for part in parts:
        start = token.index(part)
        for place in range(start, start + len(part), max(1, len(part) // 8)):
            changed = bytearray(token)
            changed[place] ^= 1
            with pytest.raises(BadStamp):
                moment_of(bytes(changed), BODY)
    with pytest.raises(BadStamp):
        moment_of(token[:-1], BODY)
    with pytest.raises(BadStamp):
        moment_of(token, BODY + b" ")
    assert moment_of(token, BODY)


@pytest.mark.django_db
def test_the_newest_head_is_stamped_once_an_hour(configured: FakeTsa) -> None:
    made = entry()
    begin = datetime.now(UTC)

    seal_and_stamp(begin)
    seal_and_stamp(begin + timedelta(seconds=5))
    (job,) = Job.objects.all()
    assert run_job(job.pk) == "done"

    head = Head.objects.get()
    assert moment_of(bytes(head.stamp.token), head.body()) == head.stamp.at
    assert dict(outside.kept_stamps(outside.outside())).keys() == {head.size}
    proof = proofs.proof_of(made.pk)
    assert base64.b64decode(proof["head"]["stamp"]) == bytes(head.stamp.token)
    assert proofs.place_of(made.pk).stamped_at == head.stamp.at
    assert not list(verify_tree(now=begin))

    entry()
    seal_and_stamp(begin + timedelta(minutes=2))
    assert Head.objects.count() == 2 and Job.objects.count() == 1, "an hour has not passed"
    seal_and_stamp(begin + timedelta(minutes=61))
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_an_authority_that_fails_is_asked_again(configured: FakeTsa) -> None:
    entry()
    now = datetime.now(UTC)
    seal_and_stamp(now)
    (job,) = Job.objects.all()
    for fault, code in [("500", "stamp.failed"), ("garbage", "stamp.unreadable"), ("other", "stamp.of_something_else")]:
        configured.fail([fault])
        assert run_job(job.pk, clock=lambda: datetime.now(UTC) + timedelta(hours=2)) == "failed"
        job.refresh_from_db()
        assert job.last_error == code and not Stamp.objects.exists()
        Job.objects.update(due_at=now)

    assert run_job(job.pk, clock=lambda: datetime.now(UTC) + timedelta(hours=2)) == "done"
    assert Stamp.objects.count() == 1 and not list(verify_tree(now=now))


@pytest.mark.django_db
def test_without_an_authority_nothing_is_asked(settings: Any) -> None:
    entry()
    seal_and_stamp(NOW)

    assert Head.objects.count() == 1 and not Job.objects.exists() and settings.TSA_URL == ""
    entry()
    seal_and_stamp(NOW + timedelta(seconds=30))
    assert Head.objects.count() == 1, "a minute has not passed"
    seal_and_stamp(NOW + timedelta(seconds=60))
    assert Head.objects.count() == 2 and seal(now=NOW).entries == 0
