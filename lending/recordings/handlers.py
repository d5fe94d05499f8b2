"""Work around recordings, away from the web process: the link, joining, checking, forgetting; and what time brings about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.template.loader import render_to_string

from jike.accounts.roles import machine_actor
from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.outbox import channels, jobs
from jike.privacy import Unreadable, open_sealed
from jike.web.institution import institution
from lending.recordings import actions, links, pieces, queries, retention
from lending.recordings.actions.capturing import CHECK_TOPIC, JOIN_TOPIC
from lending.recordings.actions.keeping import FORGET_TOPIC
from lending.recordings.checking import NotJoined, looked_into
from lending.recordings.models import Recording
from lending.recordings.policy import policy_of, versions
from lending.recordings.records import RecordingPart
from lending.recordings.states import State

MACHINE = "recorder"
LINK = "lending/messages/recording.sms.2026-11.txt"
AT_ONCE = 200
WAIT_SECONDS = 2


@jobs.handler(links.TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_link(job: jobs.ClaimedJob) -> None:
    """Send one link; the token is derived here and stands in no table and no job. One that opens nothing any more is not sent."""
    row = Recording.objects.select_related("contract__person").get(pk=job.body["recording"])
    now = current_instant()
    if row.link_number != job.body["number"] or row.link_expires_at is None or row.link_expires_at <= now:
        return
    words = {
        "institution": institution().platform,
        "link": links.address_of(row),
        "until": f"{row.link_expires_at.astimezone(CST):%m-%d %H:%M}",
        "hotline": institution().hotline,
    }
    text = render_to_string(LINK, words).strip()
    channels.get("sms").send(queries.phone_of(row.contract.person), "", text, key=job.key)


@jobs.handler(JOIN_TOPIC, queue="documents", max_attempts=6, lease_seconds=600)
def join(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Seal a whole part under the key of its recording and keep its hashes. Running it again finds the same file."""
    part = RecordingPart.objects.filter(pk=job.body["part"], state=RecordingPart.State.JOINING).first()
    if part is None:
        return None
    try:
        file = store.put_stream(
            part.recording_id, _pieces(part), media_type=part.kind, display_name="recording", now=current_instant()
        )
    except Unreadable:
        return lambda: _end(part, reason="part.gone")
    if part.sha256 and bytes(file.sha256) != bytes(part.sha256):
        return lambda: _end(part, reason="recording.checksum")
    return lambda: _end(part, file=file.pk, file_sha256=bytes(file.sha256), file_sm3=store.sm3_of(file))


def _pieces(part: RecordingPart) -> Iterator[bytes]:
    for piece in part.pieces.select_related("file").order_by("offset").iterator(chunk_size=50):
        yield store.read(piece.file)


def _end(part: RecordingPart, *, reason: str = "", **found: object) -> None:
    state = RecordingPart.State.FAILED if reason else RecordingPart.State.DONE
    renamed = {"file_id" if name == "file" else name: value for name, value in found.items()}
    rows = RecordingPart.objects.filter(pk=part.pk, state=RecordingPart.State.JOINING)
    rows.update(state=state, reason=reason, touched_at=current_instant(), **renamed)


@jobs.handler(CHECK_TOPIC, queue="documents", max_attempts=20, lease_seconds=600)
def check(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Look into a recording once every part is joined, and keep what was found."""
    row = Recording.objects.select_related("contract__person", "contract__merchant", "contract__funder", "consent").get(
        pk=job.body["recording"]
    )
    if row.state != State.CHECKING or hasattr(row, "checks"):
        return None
    try:
        found = looked_into(row, now=current_instant())
    except NotJoined:
        raise jobs.Postpone(WAIT_SECONDS, "recording.not_joined") from None

    def keep() -> None:
        with suppress(Refused):  # judged by another worker meanwhile
            actions.judge_recording(row, actor=machine_actor(MACHINE), now=current_instant(), found=found)

    return keep


@jobs.handler(FORGET_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def forget(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Remove the bytes of a destroyed recording, and prove that what was sealed under its key opens no more."""
    row = Recording.objects.select_related("certificate").get(pk=job.body["recording"])
    now = current_instant()
    if row.state != State.DESTROYED or row.certificate.verified_at:
        return None
    for part in row.parts.filter(is_swept=False):
        pieces.drop_pieces(part, now=now)
    store.forget(row.pk)
    try:
        open_sealed(row, "said")
    except Unreadable:
        return lambda: actions.confirm_destruction(row, actor=machine_actor(MACHINE), now=current_instant())
    raise jobs.Failed("recording.still_opens")


@jobs.timer("recordings.watch")
def watch(now: datetime) -> None:
    """What time brings about: recordings given up, the archive, the day until which each is kept, pieces that are not needed any more."""
    machine = machine_actor(MACHINE)
    for row in queries.perhaps_abandoned(now)[:AT_ONCE]:
        if queries.is_abandoned(row, now):
            with suppress(Refused):
                actions.expire_recording(row, actor=machine, now=now)
    soonest = now - timedelta(days=min(policy.archive_days for policy in versions()))
    judged = Recording.objects.filter(state__in=[State.PASSED, State.FAILED], judged_at__lte=soonest)
    for row in judged.select_related("contract").order_by("judged_at")[:AT_ONCE]:
        days = timedelta(days=policy_of(row.policy_version).archive_days)
        if row.judged_at and row.judged_at + days <= now:
            with suppress(Refused):
                until = retention.keep_until(row, now=now)
                actions.archive_recording(row, actor=machine, now=now, keep_until=until)
    _count_anew(now)
    pieces.sweep(now)


def _count_anew(now: datetime) -> None:
    """The day until which it is kept moves with the loan and its disputes; what is archived is looked at about once a day."""
    rows = Recording.objects.filter(state=State.ARCHIVED, touched_at__lt=now - timedelta(days=1))
    for row in rows.select_related("contract").order_by("touched_at")[:AT_ONCE]:
        until = retention.keep_until(row, now=now)
        Recording.objects.filter(pk=row.pk, state=State.ARCHIVED).update(keep_until_on=until, touched_at=now)
