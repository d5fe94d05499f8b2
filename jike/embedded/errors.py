"""What keeps the embedded shape from starting, said so that the operator can act on it."""


class CannotStart(Exception):
    """The embedded database, broker or processes cannot run here; the text says why and what to do."""
