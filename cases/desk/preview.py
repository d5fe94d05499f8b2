"""What a verb will tell the consumer, channel by channel, before it is done. Nothing of it stays written."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.http import Http404

from cases.forms import VerbForm
from cases.kinds import Foretold, kind_named
from cases.messages import Text
from cases.models import Case, Message
from cases.queries import approvals_waiting_for, sight_of
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.files import pdf
from jike.privacy import open_sealed
from jike.verbs import Verb

SMS_PART = 67  # characters of one part of a long Chinese text message
SMS_SINGLE = 70


def tells(case: Case, verb: Verb) -> bool:
    """Whether this verb says something to the consumer, so that its page has a preview."""
    return verb.name in kind_named(case.kind).told_by


def foretell(case: Case, verb: Verb, form: VerbForm, actor: Actor, *, now: datetime) -> tuple[Foretold, Refused | None]:
    """The exact texts when all is filled in and nothing speaks against it; else as far as they are known, and why not."""
    refused = None
    if form.is_valid():
        try:
            return rehearse(case, verb, actor=actor, now=now, inputs=form.inputs()), None
        except Refused as reasons:
            refused = reasons
    draft = kind_named(case.kind).drafted
    return (draft(case, verb.name, form.cleaned_data, now=now) if draft else Foretold([], "")), refused


def rehearse(case: Case, verb: Verb, *, actor: Actor, now: datetime, inputs: dict[str, Any]) -> Foretold:
    """Do `verb` by its own action, read what it says, and take everything back: so the preview cannot differ from the act.

    Holds the lock of the case for as long as the act would. Raises `Refused` as the act does.
    """
    kind = kind_named(case.kind)
    with transaction.atomic():
        earlier = list(case.messages.values_list("pk", flat=True))
        row = verb.action(case, actor=actor, now=now, **inputs)
        written = Message.objects.filter(case_id=case.pk, is_incoming=False).exclude(pk__in=earlier).order_by("id")
        said = [Text(m.channel, open_sealed(m, "subject"), open_sealed(m, "body"), m.template) for m in written]
        found = kind.foretold(row, verb.name, said, now=now) if kind.foretold else Foretold(said, "", is_exact=True)
        transaction.set_rollback(True)
    return found


def preview_context(case: Case, verb: Verb, form: VerbForm, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """`foretold` for the part of the page; who votes without seeing the case whole gets the texts, not the letter with the name."""
    if not _may_read(case, actor):
        raise Http404(case.number)
    found, refused = foretell(case, verb, form, actor, now=now)
    whole = sight_of(case, actor) == "full"
    return {
        "case": case,
        "verb": verb,
        "foretold": {
            "is_exact": found.is_exact,
            "texts": _side_by_side([t for t in found.texts if t.channel != Message.Channel.LETTER]),
            "sheet": found.sheet if whole else "",
            "unprintable": pdf.missing_glyphs("".join(t.body for t in found.texts)),
            "reasons": refused.blockers if refused else [],
            "is_silent": not found.texts and not found.sheet,
        },
    }


def _may_read(case: Case, actor: Actor) -> bool:
    return sight_of(case, actor) == "full" or approvals_waiting_for(actor).filter(case_id=case.pk).exists()


def _side_by_side(texts: list[Text]) -> list[dict[str, Any]]:
    """One column for each different text, with every channel that carries it; the length and the parts where one is an SMS."""
    columns = []
    for body, same in groupby(sorted(texts, key=lambda t: (t.body, t.channel)), key=lambda t: t.body):
        channels = [text.channel for text in same]
        labels = " · ".join(str(Message.Channel(channel).label) for channel in channels)
        column = {"channel": channels[-1], "labels": labels, "body": body, "length": len(body), "parts": 0}
        columns.append(column | ({"parts": parts_of(body)} if "sms" in channels else {}))
    return sorted(columns, key=lambda column: column["channel"], reverse=True)


def parts_of(text: str) -> int:
    """How many text messages a Chinese text takes."""
    return 0 if not text else 1 if len(text) <= SMS_SINGLE else -(-len(text) // SMS_PART)
