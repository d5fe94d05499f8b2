"""What a message will look like to the consumer, per channel, before it is sent."""

from __future__ import annotations

from typing import Any

from cases.models import Case

SMS_PART = 67  # characters of one part of a long Chinese text message
SMS_SINGLE = 70


def message_context(case: Case, text: str) -> dict[str, Any]:
    """The text as SMS with its length and number of parts, and as it stands in the portal."""
    text = text.strip()
    length = len(text)
    parts = 0 if not length else 1 if length <= SMS_SINGLE else -(-length // SMS_PART)
    return {"case": case, "text": text, "length": length, "parts": parts}
