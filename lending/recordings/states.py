"""The states of a recording, and the codes of what was found in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.errors import Text


class State(models.TextChoices):
    SCHEDULED = "scheduled", pgettext_lazy("recording", "Waiting for the borrower")
    RECORDING = "recording", pgettext_lazy("recording", "Being recorded")
    CHECKING = "checking", pgettext_lazy("recording", "Being checked")
    PASSED = "passed", pgettext_lazy("recording", "Passed")
    FAILED = "failed", pgettext_lazy("recording", "Not passed")
    ARCHIVED = "archived", pgettext_lazy("recording", "Archived")
    DESTROYED = "destroyed", pgettext_lazy("recording", "Destroyed")


class Choice(models.TextChoices):
    """What a person said when asked whether face and voice may be recorded."""

    FACE = "face_and_voice", pgettext_lazy("consent to record", "Face and voice may be recorded")
    VOICE = "voice_only", pgettext_lazy("consent to record", "Only the voice may be recorded")
    DECLINED = "declined", pgettext_lazy("consent to record", "Nothing may be recorded")


class Answer(models.TextChoices):
    READ = "read", pgettext_lazy("sentence", "Read aloud")
    YES = "yes", pgettext_lazy("sentence", "Answered yes")
    NO = "no", pgettext_lazy("sentence", "Answered no")


FAILURES: dict[str, Text] = {
    "consent.declined": _("The borrower did not agree to be recorded."),
    "recording.abandoned": _("Nobody went on with it in time."),
    "recording.damaged": _("A part of it cannot be read."),
    "recording.kind": _("It is not in a format that browsers play (WebM or MP4)."),
    "recording.no_video": _("There is no picture."),
    "recording.no_audio": _("There is no sound."),
    "recording.short": _("It is too short to hold the script."),
    "recording.long": _("It is longer than anything we take."),
    "recording.duplicate": _("The same file was handed in for another contract."),
    "recording.checksum": _("It is not the file that was announced."),
    "script.differs": _("What the script says is not what the contract says."),
    "virus.found": _("The virus scanner found something in it."),
    "verdict.failed": _("A person looked at it and did not pass it."),
}
"""Why a recording has not passed."""

FLAGS: dict[str, Text] = {
    "person.young": _("Younger than 22: is it certain that this is no student?"),
    "person.student": _("The core system reports a student."),
    "person.aged": _("60 or older: was everything understood without pressure?"),
    "person.age_unknown": _("No identity number is on record: how old is the person?"),
    "loan.large": _("A large amount."),
    "consent.voice_only": _("No face was recorded: who checked the identity, and how?"),
    "recording.uploaded": _("The file was made elsewhere and uploaded."),
    "recording.interrupted": _("It has several parts: was anything said or changed in between?"),
    "recording.cut": _("The file breaks off."),
    "recording.retake": _("An earlier recording of this contract did not pass."),
    "picture.hole": _("The picture is missing for a while."),
    "sound.hole": _("The sound is missing for a while."),
    "sound.silent": _("Nothing is heard for a while: was the microphone off?"),
    "sentence.unmarked": _("There is no time mark for a sentence: was it read?"),
    "sentence.fast": _("A sentence was confirmed faster than it can be read."),
    "sentence.slow": _("A sentence took long: was somebody prompting?"),
    "sentence.outside": _("A time mark lies outside the recording."),
    "answer.no": _("A question was answered with no."),
    "coverage.unknown": _("No transcript was made: were all sentences spoken?"),
    "coverage.low": _("The transcript lacks a part of a sentence."),
    "voice.second": _("A second voice is heard: who speaks, and what?"),
    "sample.chosen": _("Chosen for the quality check by the sampling plan."),
}
"""What a person judges before the recording can pass."""

NEVER_CLEAN = frozenset({"person.young", "person.student", "voice.second"})
"""Flags that block by themselves, whatever was read. Source: house R58."""


def words_of(code: str) -> Text:
    return FLAGS.get(code) or FAILURES.get(code) or code
