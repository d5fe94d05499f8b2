"""How signing can end other than well, beside `Refused` with its reasons."""

from __future__ import annotations


class NotStamped(Exception):
    """The time-stamping authority gave no stamp, so nothing was signed. Asking later may help; `code` says what was wrong."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class CannotBeSigned(Exception):
    """The document is no PDF that can take a signature. Trying again is useless; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
