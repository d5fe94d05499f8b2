"""Every notice is one set of words in three texts; what is previewed is what is sent; and no verb tells anything unseen."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cases.complaints import actions, wordings
from cases.complaints.models import Complaint
from cases.desk.preview import parts_of, rehearse
from cases.models import Message
from cases.queries import complainant_of
from cases.wording import BLANKS, speaks_as
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import Verb, verb_named, verbs_of
from tests.complaints import matrix_of_people as people
from tests.complaints.test_matrix import ALLOWED, LATER, at_home, in_charge, inputs_for
from tests.factories import complaints as factory
from tests.people import Cast

ALL = {name: found for name, found in vars(wordings).items() if isinstance(found, wordings.Wording)}
EFFECTS = ("accepted", "agent", "contested", "facts", "recusal")  # shown in the portal beside an act, and kept with it
FREE = {
    "message",
    "send_reply",
}  # words of the handler's own, or of a reply text: their pages show them before they leave
ASKS = {"decline", "extend_30", "extend_60", "ask_merge", "ask_restart", "ask_receipt_time", "propose_decision"}
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
NUMBER = re.compile(r"TS\d{8}-\d{5}")
Ready = tuple[Complaint, Actor, dict[str, Any]]


def ready(short_name: str, cast: Cast) -> Ready:
    """A case at which the verb is possible, who may do it, and good inputs."""
    if short_name in SPECIAL:
        return SPECIAL[short_name](cast)
    filed = factory.complaint(cast, at=min(ALLOWED[short_name]))
    case = people.prepared(short_name, filed, at_home(filed, cast))
    return case, in_charge(short_name, cast, case), inputs_for(short_name, case, cast)


def _merge(cast: Cast) -> Ready:
    into = factory.complaint(cast, at="investigating")
    case = factory.complaint(cast, at="investigating", now=factory.RECEIVED + timedelta(hours=4))
    case = actions.ask_merge(case, actor=cast.handler.actor, now=LATER, into=into, same_matter="同一笔贷款。")
    return case, cast.supervisor.actor, {"verdict": "approved", "payload": factory.payload_of(case)}


def _review(cast: Cast) -> Ready:
    case = factory.of_branch(cast, at="notified")
    return case, factory.branch_cast(cast).handler.actor, {"reason": "没有核实。"}


def _recusal(cast: Cast) -> Ready:
    case = factory.complaint(cast, at="investigating")
    case = actions.request_recusal(case, actor=factory.consumer_of(case), now=LATER, reason="是商户的亲戚。")
    return case, cast.supervisor.actor, {"verdict": "granted", "reason": "属实。"}


def _waiver(cast: Cast) -> Ready:
    case = factory.complaint(cast, at="issued")
    for day, manner in enumerate(("call", "sms", "post", "call"), start=2):
        case = actions.record_attempt(
            case, actor=cast.handler.actor, now=LATER + timedelta(days=day), manner=manner, outcome="returned",
            at=LATER + timedelta(days=day), evidence="录音 7", number_called=factory.PHONE,
        )  # fmt: skip
    case = actions.ask_waiver(case, actor=cast.handler.actor, now=LATER + timedelta(days=6), reason="无法联系。")
    return case, cast.supervisor.actor, {"verdict": "approved", "payload": factory.payload_of(case)}


SPECIAL = {"merge": _merge, "request_review": _review, "decide_recusal": _recusal, "waive_notice": _waiver}


def told(case: Complaint, since: set[Any]) -> list[tuple[str, str, str, str]]:
    rows = Message.objects.filter(case_id=case.pk, is_incoming=False).exclude(pk__in=since)
    return sorted((m.channel, open_sealed(m, "subject"), open_sealed(m, "body"), m.template) for m in rows)


def earlier(case: Complaint) -> set[Any]:
    return set(case.messages.values_list("pk", flat=True))


TELLING = sorted(name.partition(".")[2] for name in wordings.TOLD_BY)


@pytest.mark.parametrize("short_name", TELLING)
def test_what_is_previewed_is_what_is_sent_and_the_preview_leaves_nothing(short_name: str, cast: Cast) -> None:
    case, actor, inputs = ready(short_name, cast)
    verb, now = verb_named(f"complaints.{short_name}"), LATER + timedelta(days=7)
    before, since = Complaint.objects.values().get(pk=case.pk), earlier(case)

    foretold = rehearse(case, verb, actor=actor, now=now, inputs=inputs)
    assert Complaint.objects.values().get(pk=case.pk) == before
    assert (told(case, since), case.events.count()) == ([], before["version"])
    after = verb.action(case, actor=actor, now=now, **inputs)
    if short_name in ASKS:
        assert told(case, since) == [] and foretold.texts
        case, actor, inputs = agreeing(after, short_name, cast)
        verb_named(f"complaints.{VOTES[short_name]}").action(case, actor=actor, now=now, **inputs)

    assert sorted((t.channel, t.subject, t.body, t.template) for t in foretold.texts) == told(case, since)
    assert "〔" not in "".join(t.body for t in foretold.texts) and foretold.is_exact
    letter = wordings.TOLD_BY[verb.name].title or short_name in {
        "propose_decision",
        "approve_decision",
        "decide_review",
    }
    assert bool(foretold.sheet) == bool(letter)


VOTES = {
    "decline": "confirm_decline", "extend_30": "approve_extension", "extend_60": "approve_extension", "ask_merge": "merge",
    "ask_restart": "approve_restart", "ask_receipt_time": "approve_receipt_time",
    "propose_decision": "approve_decision",
}  # fmt: skip


def agreeing(case: Complaint, short_name: str, cast: Cast) -> Ready:
    """The second person who agrees to what was asked."""
    who = cast.executive if short_name == "extend_60" else cast.supervisor
    verdict = {"verdict": "approved"} if short_name == "ask_merge" else {}
    payload = factory.payload_of(case, f"complaints.{VOTES[short_name]}")
    return case, who.actor, {"payload": payload} | verdict


def by_hand() -> list[Verb]:
    return [verb for verb in verbs_of(Complaint) if verb.by_hand]


@pytest.mark.parametrize("short_name", sorted(v.short_name for v in by_hand() if v.short_name not in FREE))
def test_a_verb_that_tells_has_a_preview_and_one_that_has_a_preview_tells(short_name: str, cast: Cast) -> None:
    """A new verb that writes to the consumer fails here until it is in TOLD_BY."""
    if short_name not in SPECIAL and not ALLOWED[short_name]:
        return  # ask_waiver, which asks a colleague
    case, actor, inputs = ready(short_name, cast)
    since = earlier(case)

    verb_named(f"complaints.{short_name}").action(case, actor=actor, now=LATER + timedelta(days=7), **inputs)

    assert bool(told(case, since)) == (short_name in set(TELLING) - ASKS)


@pytest.mark.parametrize("name", sorted(name for name, wording in ALL.items() if wording.title))
def test_letter_text_message_and_message_say_the_same_number_days_and_institution(name: str, cast: Cast) -> None:
    wording = ALL[name]
    verb = next(
        v.partition(".")[2] for v, w in wordings.TOLD_BY.items() if w is wording and v.partition(".")[2] not in ASKS
    )
    case, actor, inputs = ready(verb, cast)
    since = earlier(case)
    case = verb_named(f"complaints.{verb}").action(case, actor=actor, now=LATER + timedelta(days=7), **inputs)
    said = {channel: body for channel, _subject, body, template in told(case, since)}

    letter, message, sms = said["letter"], said["inbox"], said.get("sms", said["inbox"])
    greeting, *_parts, signature = letter.split("\n\n")
    for body in (letter, message, sms):
        assert speaks_as(case) in body and case.number in NUMBER.findall(body)
    days = [set(DATE.findall(body)) for body in (sms, message, letter)]
    assert days[0] <= days[1] <= days[2] and set(NUMBER.findall(sms)) <= set(NUMBER.findall(letter))
    assert bool(days[0]) == (
        case.state not in ("withdrawn", "closed") and bool(set(wording.words) & {"due_at", "new_due"})
    )
    assert greeting == "王小明：" and "王小明" not in message + sms and "{" not in letter + message + sms
    assert signature.splitlines() == [speaks_as(case), f"承办部门：{case.unit.name}", "2026年10月7日"]
    assert parts_of(sms) <= (3 if name == "DECLINE" else 2), len(sms)


def test_every_text_has_a_file_with_its_source_and_every_file_a_text() -> None:
    used = {wording.template(channel) for wording in ALL.values() for channel in wording.channels}
    folder = Path(settings.BASE_DIR) / "templates"
    found = {
        str(path.relative_to(folder).with_suffix(""))
        for path in [*(folder / "complaints/messages").iterdir(), *(folder / "complaints/letters").glob("*.txt")]
    }
    shared = {f"complaints/letters/{name}.2026-11" for name in ("letter", "remedies", "remedies_after_review")}

    shown = {
        f"complaints/messages/{name}.2026-11"
        for name in ("ways", "effect_court", "effect_police", *(f"effect_{what}" for what in EFFECTS))
    }

    assert found - used == shared | shown
    assert used <= found
    for name in used:
        first = (folder / f"{name}.txt").read_text(encoding="utf-8")
        assert re.match(r"\{[%#].*?Source: O2020-3 art \d+.*?Effective \d{4}-\d{2}-\d{2}\.", first), name


def test_a_text_without_one_of_its_words_is_not_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")

    with pytest.raises(ValueError, match="due_at"):
        wordings.ACCEPTANCE.queue(case, complainant_of(case), now=LATER, handler="王")


@pytest.mark.parametrize("name", sorted(name for name, wording in ALL.items() if wording.words))
def test_a_draft_marks_every_word_that_is_not_known(name: str, cast: Cast) -> None:
    case, wording = factory.complaint(cast, at="claimed"), ALL[name]

    drafted = wording.draft(case, complainant_of(case), now=LATER)

    marks = {BLANKS[word] for word in wording.words if isinstance(BLANKS[word], str)} - {""}
    inbox = next(text.body for text in drafted if text.channel == "inbox")
    assert {mark for mark in marks if mark in inbox} == marks
