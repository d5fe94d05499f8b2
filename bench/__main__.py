"""`python -m bench`: measure, print the table, write `bench.json` in JIKE_HOME."""

from __future__ import annotations

import argparse
import os
import sys
import time

SMALLEST = 5_000


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--cases", "--sizes", default="", metavar="N,N", help="sizes to measure at (10000,100000; with --quick 10000)"
    )
    parser.add_argument("--quick", action="store_true", help="few samples, for a first look")
    parser.add_argument(
        "--fresh", action="store_true", help="load the data anew even when it is kept from an earlier run"
    )
    parser.add_argument(
        "--times", type=int, default=1, metavar="N", help="measure everything so often and keep the median of every bar"
    )
    parser.add_argument(
        "--helpdesk-up-to",
        type=int,
        default=100_000,
        metavar="N",
        help="with more cases, compare with django-helpdesk's largest so far: a million tickets take it minutes a page",
    )
    parser.add_argument(
        "--loans",
        default="",
        metavar="N,N",
        help="measure returns with so many loans on record, and nothing else (10000,100000,1000000)",
    )
    found = parser.parse_args(words)
    found.loans = sorted(int(word) for word in found.loans.split(",") if word)
    sizes = found.cases or ("10000" if found.quick else "10000,100000")
    found.sizes = sorted(int(word) for word in sizes.split(","))
    if found.sizes[0] < SMALLEST:
        parser.error(f"at least {SMALLEST} cases: fewer have not enough to accept")
    return found


def main(words: list[str]) -> int:
    chosen = arguments(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")
    from jike.embedded.session import database_for_command

    with database_for_command(["bench", "bench"]):
        from bench.run import run

        started = time.monotonic()
        missed = run(chosen)
        print(f"\n{time.monotonic() - started:.0f} s, bars missed: {missed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
