"""Posting: one INSERT in the caller's transaction, and a ring of the doorbell after it commits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jike.base.ids import uuid7
from jike.outbox import doorbell
from jike.outbox.bodies import fit_body, fit_text
from jike.outbox.models import Job
from jike.outbox.registry import handler_of

# One statement for any number of rows; the conflict of two posts of one fact is settled by the database.
_INSERT = """
    INSERT INTO outbox_job (id, topic, queue, dedupe_key, body, subject, state, due_at, published_at,
                            attempts, lease_seconds, fence, last_error, created_at)
    SELECT id, topic, queue, dedupe_key, body::jsonb, subject, 'ready', %(due_at)s, %(published_at)s,
           0, lease_seconds, 0, '', %(now)s
      FROM unnest(%(ids)s::uuid[], %(topics)s::text[], %(queues)s::text[], %(keys)s::text[],
                  %(bodies)s::text[], %(subjects)s::uuid[], %(leases)s::int[])
           AS new (id, topic, queue, dedupe_key, body, subject, lease_seconds)
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING id
"""
# The same for one job, which is the usual case: arrays of one cost twice as much as values.
_INSERT_ONE = """
    INSERT INTO outbox_job (id, topic, queue, dedupe_key, body, subject, state, due_at, published_at,
                            attempts, lease_seconds, fence, last_error, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, 'ready', %s, %s, 0, %s, 0, '', %s)
    ON CONFLICT (dedupe_key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class NewJob:
    """One job to post: `key` is unique per fact, such as `cases.notified:<case>:<version>`; `subject` the case it belongs to."""

    topic: str
    key: str
    body: Mapping[str, Any]
    subject: UUID | None = None


def post(
    topic: str,
    *,
    key: str,
    body: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    subject: UUID | None = None,
) -> Job | None:
    """Ask for outside work, in the transaction of the fact. None when a job with this key exists already.

    Raises `Unfit` when the body or the key holds anything but identifiers and codes, `UnknownTopic` without a handler.
    """
    job = _job(NewJob(topic, key, body, subject), now=now, due_at=due_at or now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ONE, _values(job))
        is_new = cursor.rowcount == 1
    if is_new:
        _ring_at_commit([job])
    return job if is_new else None


def post_many(new: Sequence[NewJob], *, now: datetime, due_at: datetime | None = None) -> list[Job]:
    """Post all of `new` with one statement; returns those whose key was new."""
    jobs = [_job(one, now=now, due_at=due_at or now) for one in new]
    if not jobs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "ids": [job.id for job in jobs],
                "topics": [job.topic for job in jobs],
                "queues": [job.queue for job in jobs],
                "keys": [job.dedupe_key for job in jobs],
                "bodies": [json.dumps(job.body) for job in jobs],
                "subjects": [job.subject for job in jobs],
                "leases": [job.lease_seconds for job in jobs],
                "due_at": due_at or now,
                "published_at": jobs[0].published_at,
                "now": now,
            },
        )
        written = {row[0] for row in cursor.fetchall()}
    posted = [job for job in jobs if job.id in written]
    _ring_at_commit(posted)
    return posted


def rows_for(new: Sequence[NewJob], *, now: datetime, due_at: datetime | None = None) -> list[Job]:
    """The unsaved rows of jobs whose fact is as new as they are, for callers that write them in one message with the fact.

    The doorbell rings when the transaction commits. A key that is known raises IntegrityError when the row is written.
    """
    jobs = [_job(one, now=now, due_at=due_at or now) for one in new]
    _ring_at_commit(jobs)
    return jobs


def _ring_at_commit(posted: Sequence[Job]) -> None:
    """Ring for jobs that are due now, after the fact they belong to has been committed."""
    if posted and posted[0].published_at:
        calls = [(job.queue, job.id) for job in posted]
        transaction.on_commit(lambda: doorbell.ring_soon(calls), robust=True)


def _values(job: Job) -> list[Any]:
    return [
        job.id, job.topic, job.queue, job.dedupe_key, json.dumps(job.body), job.subject, job.due_at, job.published_at,
        job.lease_seconds, job.created_at,
    ]  # fmt: skip


def _job(new: NewJob, *, now: datetime, due_at: datetime) -> Job:
    """A job due now counts as published: its doorbell rings at commit, and the sweep rings again only if nothing came of it."""
    handler = handler_of(new.topic)
    return Job(
        id=uuid7(),
        topic=new.topic,
        queue=handler.queue,
        dedupe_key=fit_text(new.key),
        body=fit_body(new.body),
        subject=new.subject,
        due_at=due_at,
        published_at=now if due_at <= now else None,
        lease_seconds=handler.lease_seconds,
        created_at=now,
    )
