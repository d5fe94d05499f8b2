"""The recordings of the demo: every state that days bring about, and the same when told again."""

from __future__ import annotations

from typing import Any

import pytest

from cases.demo import recordings
from cases.demo.accounts import ensure_accounts
from cases.demo.story import moment
from cases.starter import ensure_starter_data
from jike.base.dates import now
from lending.models import Recording, RecordingEvent


@pytest.mark.django_db
def test_the_story_has_recordings_in_several_states_and_telling_again_changes_nothing(
    settings: Any, tmp_path: Any
) -> None:
    settings.DEMO, settings.TRANSCRIPT_URL = True, "pretend:"
    settings.HOME = type("Home", (), {"path": tmp_path})()
    ensure_starter_data(now())
    ensure_accounts()

    recordings.tell(now(), moment)

    found = dict(Recording.objects.values_list("contract__application", "state"))
    assert found == {
        "DEMO-C-7001": "scheduled",
        "DEMO-C-7002": "checking",
        "DEMO-C-7003": "failed",
        "DEMO-C-7004": "passed",
        "DEMO-C-7005": "failed",
        "DEMO-C-7006": "archived",
    }
    assert "sound.silent" in Recording.objects.get(contract__application="DEMO-C-7002").flags
    events = RecordingEvent.objects.count()
    recordings.tell(now(), moment)
    assert RecordingEvent.objects.count() == events
