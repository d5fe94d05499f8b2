#!/usr/bin/env python
"""Run a Jike command. The embedded database is found or started first when no `DATABASE_URL` is set."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from jike.embedded.session import database_for_command  # noqa: PLC0415

    with database_for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
