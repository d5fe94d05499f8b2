"""Work of the outbox that belongs to notices: sending one e-mail to one member of staff, and the overviews of the day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from cases.notices import digest, labels
from cases.notices.actions import MAIL_TOPIC
from cases.notices.models import Notice, Reach
from cases.queries import may_know
from jike.base.dates import now as current_instant
from jike.outbox import channels, jobs

MAIL = "notices/messages/notice.2026-11.txt"


@jobs.timer("notices.digest")
def order_overviews(now: datetime) -> None:
    digest.order_overviews(now)


@jobs.handler(digest.ORDER_TOPIC, queue="default", max_attempts=5, lease_seconds=120)
def give_overviews(job: jobs.ClaimedJob) -> None:
    digest.give_overviews(job.body["users"], now=current_instant())


@jobs.handler(MAIL_TOPIC, queue="notify", max_attempts=6, lease_seconds=60)
def send_mail(job: jobs.ClaimedJob) -> None:
    """Send what is still worth knowing: not what was read meanwhile, nor of a case that its reader may no longer know of.

    The e-mail names the case's number and the way to it, never a person. Source: house staff mail.
    """
    notice = Notice.objects.select_related("user", "case").filter(pk=job.body["notice"], read_at=None).first()
    if notice is None or not notice.user.is_active or (notice.case and not may_know(notice.user, notice.case)):
        return
    reach = Reach.objects.filter(user_id=notice.user_id).exclude(email="").first()
    if reach is None:
        return
    base = settings.STAFF_BASE_URL
    path = f"/staff/cases/{notice.case.number}/" if notice.case else "/staff/notices/"
    with override("zh-hans"):
        subject = labels.subject_of(notice)
        text = render_to_string(MAIL, {"said": labels.sentence_of(notice), "link": f"{base}{path}", "base": base})
    channels.get("email").send(reach.email, subject, text.strip(), key=job.key)
