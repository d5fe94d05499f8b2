"""Timers of the portal: expired drafts are destroyed with their keys."""

from __future__ import annotations

import logging
from datetime import datetime

from cases.complaints.portal import drafts
from jike.outbox import jobs

logger = logging.getLogger(__name__)


@jobs.timer("portal.destroy_expired_drafts")
def destroy_expired_drafts(now: datetime) -> None:
    if count := drafts.destroy_expired(now):
        logger.info("portal.drafts_destroyed count=%d", count)
