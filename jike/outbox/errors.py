"""How work can end other than well. Every one carries a code `noun.problem`; texts from outside never travel in them."""

from __future__ import annotations


class Unfit(ValueError):
    """A body, key or receipt holds something other than identifiers and codes. Nothing was written."""


class UnknownTopic(LookupError):
    """No handler is registered for a topic in this process."""


class LeaseLost(Exception):
    """Another worker has taken the job since: what this worker did must not be recorded. The transaction rolls back."""


class Postpone(Exception):
    """The job cannot be done yet, through no fault of its own: try again after `seconds`. No attempt is counted."""

    def __init__(self, seconds: float, code: str) -> None:
        self.seconds = seconds
        self.code = code
        super().__init__(code)


class Failed(Exception):
    """An attempt that failed and may succeed later. `after` asks for a longer pause, in seconds, than the back-off gives."""

    def __init__(self, code: str, *, after: float = 0) -> None:
        self.code = code
        self.after = after
        super().__init__(code)


class GiveUp(Exception):
    """Trying again is useless: the job becomes a dead letter at once."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class ChannelUnavailable(Failed):
    """The provider did not answer, or answered that it cannot now. Nobody knows whether it accepted."""


class ChannelRefused(GiveUp):
    """The provider refused this message for good, such as a number that does not exist."""
