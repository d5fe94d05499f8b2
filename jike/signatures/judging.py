"""What the signatures of a PDF prove, in codes and bare facts. Needs no Django, so that a confined process can run it.

A signature is judged in three questions that must not be mixed: are the bytes it covers those that were signed, does it cover the
whole document, and is it known who signed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from jike.embedded.house_certificate import SELF_ISSUED

MOST_SIGNATURES = 20
MOST_CONTENTS = 1024 * 1024
MOST_NAME = 300
_END = b"%%EOF"
_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "stamps",
    ModificationLevel.FORM_FILLING: "forms",
    ModificationLevel.ANNOTATIONS: "notes",
}


class Beliefs:
    """Whose word is taken. All in PEM: `roots` for who a signer is, `authorities` for time, `ours` are this house's certificates."""

    def __init__(self, *, roots: str, authorities: str, ours: str) -> None:
        self.roots, self.authorities, self.ours = (_certificates(text) for text in (roots, authorities, ours))

    def context(self, roots: Sequence[asn1_x509.Certificate], *, moment: datetime | None = None) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail", moment=moment
        )


def judge_stranger(content: bytes, beliefs: Beliefs) -> dict[str, Any]:
    """As `judge`; what was put behind the end of the document is not mistaken for damage."""
    found = judge(io.BytesIO(content), beliefs)
    mark = content.rfind(_END)
    if found["outcome"] != "damaged" or mark < 0:
        return found
    end = mark + len(_END)
    while content[end : end + 1] in (b"\r", b"\n"):
        end += 1
    return judge(io.BytesIO(content[:end]), beliefs, behind=len(content) - end)


def judge(stream: BinaryIO, beliefs: Beliefs, *, is_ours: bool = False, behind: int = 0) -> dict[str, Any]:
    """`outcome` is signed, unsigned, locked or damaged; `signatures` in the order in which they were made, each as in `_judged`.

    `behind` is how many bytes the file has after what `stream` holds.
    """
    limits = DecodeLimits.for_trusted_input() if is_ours else DecodeLimits.for_untrusted_input()
    try:
        reader = PdfFileReader(stream, strict=False, decode_limits=limits)
        if reader.encrypted:
            return _told("locked")
        fields: list[tuple[Any, Any]] = []
        for _name, value, field in enumerate_sig_fields(reader, filled_status=True):
            if len(fields) == MOST_SIGNATURES:
                return _told("damaged")
            fields.append((value, field))
        is_hybrid = reader.xrefs.hybrid_xrefs_present
    except MemoryError:
        raise
    except Exception:
        return _told("damaged")
    size = stream.seek(0, os.SEEK_END) + behind
    judged = [_judged(reader, value, field, beliefs, size) for value, field in fields]
    if is_hybrid:
        judged = [{**one, "state": "unknown", "why": "hybrid"} for one in judged]
    judged.sort(key=lambda one: one["covered_bytes"])
    return _told("signed" if judged else "unsigned", _with_stamps(judged))


def _told(outcome: str, signatures: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "signatures": signatures or []}


def _judged(reader: PdfFileReader, value: Any, field: Any, beliefs: Beliefs, size: int) -> dict[str, Any]:
    """One signature. `state` is intact, changed or unknown, `why` a code for the latter two; `changes` is what was appended behind it."""
    found: dict[str, Any] = {
        "is_stamp": False, "state": "unknown", "why": "damaged", "covered_bytes": 0, "appended_bytes": 0, "changes": "none",
        "signer": "", "issuer": "", "is_self_issued": False, "is_ours": False, "trusted_by": "",
        "claimed_at": None, "stamped_at": None, "stamped_by": "", "is_stamp_trusted": False, "is_certificate_ended": False,
    }  # fmt: skip
    try:
        entry = value.get_object()
        found["is_stamp"] = entry.get("/Type") == "/DocTimeStamp" or entry.get("/SubFilter") == "/ETSI.RFC3161"
        covered = _covered(reader.stream, entry, size)
        if covered is None:
            return found | {"state": "changed", "why": "range"}
        found |= {"covered_bytes": covered, "appended_bytes": size - covered}
        signature = EmbeddedPdfSignature(reader, field, "")
        found |= _people(signature, beliefs)
        judge_one = _judge_stamp if found["is_stamp"] else _judge_signature
        judged = judge_one(signature, beliefs)
        return found | (judged if judged["state"] == "intact" else _of_a_changed_one(judged))
    except MemoryError:
        raise
    except Exception:
        return found


def _of_a_changed_one(judged: dict[str, Any]) -> dict[str, Any]:
    """Of a signature that does not hold only what it claims is told: anybody can copy the certificate or the stamp of somebody else."""
    told: dict[str, Any] = {key: judged[key] for key in ("state", "why", "claimed_at") if key in judged}
    return told | {"is_ours": False, "trusted_by": ""}


def _covered(stream: Any, entry: Any, size: int) -> int | None:
    """How many bytes from the beginning are signed, the signature itself apart; None when it leaves out anything else.

    The gap must be the signature in brackets and nothing more: whatever else lies in a gap could be exchanged unseen.
    """
    ranges = [int(part) for part in entry["/ByteRange"]]
    contents = entry.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    if len(ranges) != 4 or not isinstance(contents, (generic.ByteStringObject, generic.TextStringObject)):
        return None
    first, length, second, rest = ranges
    gap = second - length
    end = second + rest
    if first != 0 or length <= 0 or rest <= 0 or end > size or not 2 < gap <= 2 * MOST_CONTENTS + 2:
        return None
    stream.seek(length)
    between = stream.read(gap)
    is_whole = (
        between[:1] == b"<"
        and between[-1:] == b">"
        and bytes.fromhex(between[1:-1].decode()) == contents.original_bytes
    )
    return end if is_whole else None


def _people(signature: EmbeddedPdfSignature, beliefs: Beliefs) -> dict[str, Any]:
    certificate = signature.signer_cert
    return {
        "signer": _words(certificate.subject),
        "issuer": _words(certificate.issuer),
        "is_self_issued": _is_self_issued(certificate),
        "is_ours": any(certificate.dump() == one.dump() for one in beliefs.ours),
    }


def _judge_signature(signature: EmbeddedPdfSignature, beliefs: Beliefs) -> dict[str, Any]:
    usage = KeyUsageConstraints(key_usage=set(), extd_key_usage=None)
    status = _run(
        async_validate_pdf_signature(
            signature,
            beliefs.context(beliefs.roots),
            ts_validation_context=beliefs.context(beliefs.authorities),
            key_usage_settings=usage,
        )
    )
    claimed, stamp = status.signer_reported_dt, status.timestamp_validity
    found = _state_of(status) | {"claimed_at": _iso(claimed)}
    if stamp is not None and stamp.valid and stamp.intact:
        found |= {
            "stamped_at": _iso(stamp.timestamp),
            "stamped_by": _words(stamp.signing_cert.subject),
            "is_stamp_trusted": bool(stamp.trusted),
        }
    moment = stamp.timestamp if found.get("is_stamp_trusted") else None
    if not status.trusted and moment is not None and beliefs.roots:
        status = _run(
            async_validate_pdf_signature(
                signature,
                beliefs.context(beliefs.roots, moment=moment),
                ts_validation_context=beliefs.context(beliefs.authorities),
                key_usage_settings=usage,
                skip_diff=True,
            )
        )
    found["trusted_by"] = _words(status.validation_path.trust_anchor.authority.name) if status.trusted else ""
    at = stamp.timestamp if found.get("is_stamp_trusted") else claimed
    found["is_certificate_ended"] = bool(at and not _is_valid_at(signature.signer_cert, at))
    return found


def _judge_stamp(signature: EmbeddedPdfSignature, beliefs: Beliefs) -> dict[str, Any]:
    status = _run(async_validate_pdf_timestamp(signature, beliefs.context(beliefs.authorities)))
    found = _state_of(status)
    if found["state"] == "intact":
        at = {"stamped_at": _iso(status.timestamp), "is_stamp_trusted": bool(status.trusted)}
        found |= {**at, "stamped_by": _words(status.signing_cert.subject)}
    return found


def _state_of(status: Any) -> dict[str, Any]:
    """Whether the covered bytes are those that were signed, and what kind of thing was appended since."""
    if not (status.intact and status.valid):
        return {"state": "changed", "why": "content" if not status.intact else "signature"}
    result = status.diff_result
    changes = _CHANGES.get(result.modification_level, "other") if isinstance(result, DiffResult) else "other"
    return {"state": "intact", "why": "", "changes": changes}


def _with_stamps(judged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Signatures of people, each with whether it or a stamp behind it covers the whole file, and the earliest stamp over it.

    Stamps of a document without any other signature stand for themselves.
    """
    stamps = [one for one in judged if one["is_stamp"] and one["state"] == "intact"]
    is_covered = any(one["appended_bytes"] == 0 and one["state"] == "intact" for one in judged)
    for one in judged:
        one["covers_whole_file"] = one["appended_bytes"] == 0 or (
            one["state"] == "intact" and one["changes"] in ("none", "stamps") and is_covered
        )
        over = [stamp for stamp in stamps if stamp["covered_bytes"] > one["covered_bytes"]]
        better = [stamp for stamp in over if stamp["is_stamp_trusted"] or not one["stamped_at"]]
        if better and one["state"] == "intact" and not one["is_stamp_trusted"]:
            one |= {key: better[0][key] for key in ("stamped_at", "stamped_by", "is_stamp_trusted")}
    return [one for one in judged if not one["is_stamp"]] or judged


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits: nothing is fetched, and a confined process may have no event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("it waits for something")


def _certificates(text: str) -> list[asn1_x509.Certificate]:
    if not text:
        return []
    return [asn1_x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(text.encode(), multiple=True)]


def _is_self_issued(certificate: asn1_x509.Certificate) -> bool:
    organisation = certificate.issuer.native.get("organization_name")
    return bool(certificate.subject == certificate.issuer) or organisation == SELF_ISSUED


def _is_valid_at(certificate: asn1_x509.Certificate, at: datetime) -> bool:
    return bool(certificate.not_valid_before <= at <= certificate.not_valid_after)


def _words(name: asn1_x509.Name) -> str:
    """Who, and of what organisation."""
    parts = name.native
    found = []
    for kind in ("common_name", "organization_name"):
        value = parts.get(kind) or []
        found += [value] if isinstance(value, str) else list(value)
    return (" · ".join(dict.fromkeys(found)) or name.human_friendly)[:MOST_NAME]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at and at.tzinfo else None
