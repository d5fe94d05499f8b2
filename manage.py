#!/usr/bin/env python
"""Run a Jike command. The embedded database is found or started first when no `DATABASE_URL` is set."""

import os
import signal
import subprocess
import sys
from types import FrameType

from jike.embedded.errors import CannotStart
from jike.embedded.session import database_for_command


def leave(number: int, frame: FrameType | None) -> None:
    """End as after Ctrl-C: what the command started is stopped on the way out."""
    sys.exit(128 + number)


def main() -> None:
    signal.signal(signal.SIGTERM, leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")
    if sys.argv[1:2] == ["migrate"] and os.environ.get("DATABASE_MIGRATE_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_MIGRATE_URL"]
    try:
        with database_for_command(sys.argv):
            from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings may need the database's home

            execute_from_command_line(sys.argv)
    except CannotStart as error:
        sys.exit(f"Jike cannot start: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode or 1)


if __name__ == "__main__":
    main()
