"""What a script says of a contract: blanks filled, letters counted. Pure: no database, no clock. Source: house recording."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Blocker
from jike.base.money import from_cents
from jike.ledger.plain import canonical

SOURCE = "house recording"
BLANKS = {"amount", "months", "rate", "merchant", "funder"}
NEEDED = {"voluntary": {"amount", "months"}, "payee": {"merchant"}}
KINDS = ("read", "ask")
MOST_SENTENCES, LONGEST = 20, 300
_BLANK = re.compile(r"\{(\w*)\}")


def text_hash(sentences: Sequence[dict[str, str]], consent: str, alternative: str) -> str:
    content = {"sentences": list(sentences), "consent": consent, "alternative": alternative}
    return hashlib.sha256(canonical(content)).hexdigest()


def blockers_in(sentences: Any, required: Sequence[str]) -> list[Blocker]:
    """Every reason why these sentences are no script."""
    if not isinstance(sentences, list) or not 1 <= len(sentences) <= MOST_SENTENCES:
        return [_no("sentences.count", _("A script has 1 to 20 sentences."))]
    shaped = [one for one in sentences if isinstance(one, dict) and set(one) == {"key", "kind", "text"}]
    if len(shaped) < len(sentences) or any(not isinstance(v, str) for one in shaped for v in one.values()):
        return [_no("sentences.malformed", _("Every sentence has a key, a kind and a text."))]
    found = []
    keys = [one["key"] for one in shaped]
    if len(keys) != len(set(keys)) or not all(re.fullmatch(r"[a-z][a-z0-9_]{0,29}", key) for key in keys):
        found.append(_no("sentences.keys", _("Every sentence has a key of its own, in small letters.")))
    for key in required:
        if key not in keys:
            found.append(_no("sentence.missing", format_lazy(_("The sentence “{key}” is missing."), key=key)))
    for one in shaped:
        found += _of_sentence(one)
    return found


def _of_sentence(one: dict[str, str]) -> list[Blocker]:
    found = []
    if one["kind"] not in KINDS or not one["text"].strip() or len(one["text"]) > LONGEST:
        message = format_lazy(_("The sentence “{key}” is empty, too long or of no known kind."), key=one["key"])
        found.append(_no("sentence.malformed", message))
    blanks = set(_BLANK.findall(one["text"]))
    if blanks - BLANKS:
        message = format_lazy(_("The sentence “{key}” has a blank that nothing fills."), key=one["key"])
        found.append(_no("blank.unknown", message))
    if NEEDED.get(one["key"], set()) - blanks:
        message = format_lazy(_("The sentence “{key}” must name what the contract says."), key=one["key"])
        found.append(_no("blank.missing", message))
    return found


def filled(sentences: Sequence[dict[str, str]], values: dict[str, Any], *, merchant: str) -> list[dict[str, str]]:
    """The sentences with the contract's own values in their blanks. `merchant` is the name people know the shop by."""
    said = {
        "amount": f"{from_cents(values['principal_cents']):,.2f}",
        "months": str(values["term_months"]),
        "rate": f"{Decimal(values['annual_percent']):.2f}",
        "merchant": merchant,
        "funder": values["funder"],
    }
    return [{**one, "text": _BLANK.sub(lambda blank: said[blank[1]], one["text"])} for one in sentences]


def letters_of(text: str) -> str:
    """What is spoken of a text: Chinese characters, letters and digits, in half width and small."""
    return "".join(c for c in text.casefold() if c.isalnum())


def coverage(text: str, heard: str) -> int:
    """How many hundredths of a sentence stand, in their order, in what was heard. Figures count as they are written."""
    wanted, found = letters_of(text), letters_of(heard)
    if not wanted:
        return 100
    row = [0] * (len(found) + 1)
    for letter in wanted:
        before = 0
        for place, other in enumerate(found, start=1):
            before, row[place] = row[place], before + 1 if letter == other else max(row[place], row[place - 1])
    return row[-1] * 100 // len(wanted)


def _no(code: str, message: Any) -> Blocker:
    return Blocker(code, message, SOURCE, "sentences")
