"""Judging a document: in this process for what we made ourselves, in a confined one for what a stranger hands in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from jike.files.confined import NoAnswer, answer_of
from jike.signatures.identity import authority_roots, our_certificates, trusted_roots
from jike.signatures.verdicts import Verdict, unread, verdict_from

_PROGRAM = Path(__file__).with_name("judge_stranger.py")
_SECONDS = 30
MOST_BYTES = 64 * 1024 * 1024


def verify(stream: BinaryIO, *, is_ours: bool = False) -> Verdict:
    """What the signatures of the PDF in `stream` prove. Never raises for what the document holds.

    `is_ours` for a document this installation made and kept: it may have any size and memory stays flat, but a hostile document
    could hold up this process. Everything else is judged by a confined process and may be 64 MiB large.
    """
    if is_ours:
        from jike.signatures import judging  # noqa: PLC0415 - half a second of libraries, only where it is needed

        return verdict_from(judging.judge(stream, judging.Beliefs(**_beliefs()), is_ours=True))
    stream.seek(0)
    content = stream.read(MOST_BYTES + 1)
    return unread("heavy") if len(content) > MOST_BYTES else _by_a_confined_process(content)


def _by_a_confined_process(content: bytes) -> Verdict:
    """The limits are the child's own, and the wall clock of this process. What the child says is believed only in the shape agreed upon."""
    given = json.dumps(_beliefs()).encode() + b"\n" + content
    try:
        return verdict_from(json.loads(answer_of(_PROGRAM, given=given, seconds=_SECONDS)))
    except (NoAnswer, ValueError, KeyError, TypeError):
        return unread("heavy")


def _beliefs() -> dict[str, str]:
    return {
        "roots": _pem(trusted_roots()),
        "authorities": _pem(authority_roots()),
        "ours": _pem(our_certificates()),
    }


def _pem(certificates: list[x509.Certificate] | tuple[x509.Certificate, ...]) -> str:
    return b"".join(c.public_bytes(Encoding.PEM) for c in certificates).decode()
