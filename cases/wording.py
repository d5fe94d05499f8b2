"""What cases say to people: versioned Chinese texts for message, text message and letter, all from one set of words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from cases.messages import Text, queue_texts, track_url
from cases.models import Case, Decision, Message, Party
from jike.base.dates import CST, cst_date
from jike.privacy import open_sealed
from jike.web.institution import institution as house

BLANKS: dict[str, Any] = {
    "due_at": "〔最迟告知日期〕",
    "answer": "〔答复内容〕",
    "at": "〔移送日期〕",
    "effect": "〔效力说明〕",
    "explanation": "〔具体情况〕",
    "first_on": "〔起始日期〕",
    "ground": "〔重新办理的原因〕",
    "handler": "〔经办人〕",
    "into": "〔并入的投诉编号〕",
    "is_last": False,
    "is_late": False,
    "is_over": False,
    "items": [{"seq": 1, "what": "〔所需材料〕", "why": "〔用途〕"}],
    "kind": "〔暂停的原因〕",
    "last_on": "",
    "is_report": False,
    "is_whole": False,
    "new": "〔新手机号〕",
    "new_due": "〔新的最迟告知日期〕",
    "old": "〔原手机号〕",
    "old_due": "〔原最迟告知日期〕",
    "origin": "",
    "place": "〔移送去向〕",
    "reason": "〔原因〕",
    "receipt_code": "〔查询码〕",
    "received": "〔更正后的收到时间〕",
    "received_at": "〔收到新材料的日期〕",
    "remedies": "〔救济途径〕",
    "reviewer": "〔核查机构〕",
    "told": "〔不予办理的理由〕",
    "verdict": "〔审查结果〕",
    "was_received": "〔原登记的收到时间〕",
}
"""What stands in a preview for a word that is not known yet."""


@dataclass(frozen=True)
class Wording:
    """One thing told, in one version. A changed text is a new file with a new effective date.

    `folder` holds the kind's texts. `name` is `step.version`: `messages/` holds the text for portal and e-mail, with `.sms.`
    the short one, `letters/` the letter, headed `title`. Without a title there is no letter (or the paper is made elsewhere); without `is_short` one text
    serves every channel. `words` are the blanks that whoever tells it must fill; `reach` are the channels it may take.
    """

    folder: str
    name: str
    purpose: str
    subject: str
    words: tuple[str, ...] = ()
    title: str = ""
    is_short: bool = True
    reach: tuple[str, ...] = ("inbox", "sms", "email")

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel this may be told by, the letter among them where there is one."""
        return (*self.reach, Message.Channel.LETTER.value) if self.title else self.reach

    def template(self, channel: str) -> str:
        """The versioned text of a channel, without its ending."""
        step, _dot, version = self.name.partition(".")
        if channel == Message.Channel.LETTER:
            return f"{self.folder}/letters/{step}.{version}"
        return f"{self.folder}/messages/{step}{'.sms' if self.is_short and channel == Message.Channel.SMS else ''}.{version}"

    def texts(self, case: Case, party: Party, *, now: datetime, **words: object) -> list[Text]:
        """Every channel's exact text, and the letter. Dates are put into words once, so that no two texts can differ.

        Raises ValueError when a word is missing.
        """
        if missing := set(self.words) ^ set(words):
            raise ValueError(f"{self.name}: {sorted(missing)}")
        context = words_of(case, party, now=now) | {name: as_told(value) for name, value in words.items()}
        open_ways = {*party.channels, Message.Channel.LETTER.value}
        with override("zh-hans"):
            return [self._text(channel, context) for channel in self.channels if channel in open_ways]

    def draft(self, case: Case, party: Party, *, now: datetime, **words: object) -> list[Text]:
        """The texts as far as they are known: a mark stands for every other word."""
        known = {name: words.get(name) or BLANKS[name] for name in self.words}
        return self.texts(case, party, now=now, **known)

    def _text(self, channel: str, context: dict[str, Any]) -> Text:
        template = self.template(channel)
        subject = self.title if channel == Message.Channel.LETTER else self.subject
        return Text(channel, subject, render_to_string(f"{template}.txt", context).strip(), template)

    def queue(
        self,
        case: Case,
        party: Party,
        *,
        now: datetime,
        decision: Decision | None = None,
        hold: bool = False,
        **words: object,
    ) -> list[Message]:
        """Write what every channel says, to be sent and printed; the event of the running verb names the letter."""
        texts = self.texts(case, party, now=now, **words)
        written = queue_texts(case, party, texts, purpose=self.purpose, now=now, decision=decision, hold=hold)
        if self.title:
            case.tell(letter=str(written[-1].pk))
        return written


def words_of(case: Case, party: Party, *, now: datetime) -> dict[str, Any]:
    """The words every text may use, whatever it tells. The name stands in letters only."""
    institution = case.responsible_institution
    speaks_for_itself = institution is None or institution.speaks_for_platform
    return {
        "institution": speaks_as(case),
        "department": case.unit.name,
        "number": case.number,
        "name": open_sealed(party, "name") or "投诉人",
        "received_on": as_told(case.received_at),
        "today": as_told(now),
        "under": "参照" if speaks_for_itself else "根据",
        "platform": house().platform,
        "hotline": house().hotline,
        "regulator_hotline": house().regulator_hotline,
        "track_url": track_url(),
    }


def as_told(value: object) -> object:
    """A day, or the Shanghai day of an instant, as the consumer reads it; anything else as it is."""
    if isinstance(value, datetime):
        value = cst_date(value)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value


def with_time(at: datetime) -> str:
    """An instant to the minute, as the consumer reads it in Shanghai."""
    return f"{as_told(at)}{at.astimezone(CST):%H时%M分}"


def speaks_as(case: Case) -> str:
    """The name letters and messages go out in: the responsible institution, else the platform itself."""
    institution = case.responsible_institution
    return institution.letter_name if institution else house().platform
