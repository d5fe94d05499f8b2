"""Everything that happens to scripts, contracts and recordings: one function per act."""

from lending.recordings.actions.capturing import begin_recording, decline_recording, finish_recording, keep_mark
from lending.recordings.actions.judging import decide_recording, expire_recording, judge_recording, watch_recording
from lending.recordings.actions.keeping import (
    archive_recording,
    confirm_destruction,
    destroy_recording,
    hold_recording,
    lift_hold,
    propose_destruction,
)
from lending.recordings.actions.permitting import permit_disbursement
from lending.recordings.actions.scheduling import issue_link, schedule_recording, tell_contract
from lending.recordings.actions.scripts import approve_script, draft_script

__all__ = [
    "approve_script",
    "archive_recording",
    "begin_recording",
    "confirm_destruction",
    "decide_recording",
    "decline_recording",
    "destroy_recording",
    "draft_script",
    "expire_recording",
    "finish_recording",
    "hold_recording",
    "issue_link",
    "judge_recording",
    "keep_mark",
    "lift_hold",
    "permit_disbursement",
    "propose_destruction",
    "schedule_recording",
    "tell_contract",
    "watch_recording",
]
