"""What a log line must not hold, whoever writes it: the tokens of links that open a case or a draft."""

from __future__ import annotations

import logging
import re

_LINKS = re.compile(r"/(m|recording|loan-cost|complain/resume)/(?!code/)[^/\s?\"']+")


class WithoutLinks(logging.Filter):
    """Puts a mark in place of every token in the address of a link; the line itself stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _LINKS.sub(r"/\1/***", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
