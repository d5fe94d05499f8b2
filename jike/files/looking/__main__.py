"""The program: confine itself, look, answer in one line of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

sys.path.append(str(Path(__file__).resolve().parents[3]))

from jike.files import kinds
from jike.files.looking import confines

MEMORY_BYTES = 1024**3
CPU_SECONDS = 15
MOST_BYTES = 64 * 1024 * 1024


def looker(kind: str) -> Callable[[Any], Any]:
    """The module of this family. Only one family's libraries are ever loaded."""
    if kind in kinds.PICTURES:
        from jike.files.looking import pictures  # noqa: PLC0415

        return pictures.look
    if kind == kinds.PDF:
        from jike.files.looking import pdfs  # noqa: PLC0415

        return pdfs.look
    if kind in kinds.OLD_OFFICE or kind == kinds.MSG:
        from jike.files.looking import storages  # noqa: PLC0415

        return storages.look
    if kind in kinds.OFFICE and kind != kinds.RTF:
        from jike.files.looking import office  # noqa: PLC0415

        return office.look
    if kind == kinds.ZIP:
        from jike.files.looking import archives  # noqa: PLC0415

        return archives.look
    if kind in kinds.MAILS:
        from jike.files.looking import mails  # noqa: PLC0415

        return mails.look
    from jike.files.looking import texts  # noqa: PLC0415

    return texts.look


def damage_of(kind: str) -> str:
    """The code for what could not be understood to its end."""
    families = (
        (kinds.PICTURES, "picture"),
        ({kinds.PDF}, "pdf"),
        (kinds.OFFICE, "office"),
        ({kinds.ZIP}, "archive"),
        (kinds.RECORDINGS, "recording"),
    )
    return next((f"{family}.damaged" for members, family in families if kind in members), "file.damaged")


def looked(stream: BinaryIO, kind: str, ending: str) -> dict[str, Any]:
    from jike.files.looking import traces  # noqa: PLC0415
    from jike.files.looking.look import Look, Refuse  # noqa: PLC0415

    try:
        if kind in kinds.RECORDINGS:
            from jike.files.looking import recordings  # noqa: PLC0415

            found = recordings.look(stream, kind)
        else:
            content = stream.read(MOST_BYTES)
            found = looker(kind)(content)
            traces.add_to(found, content)
    except Refuse as no:
        found = Look(kind, refused=no.code)
    except MemoryError:
        found = Look(kind, refused="file.too_heavy")
    except Exception:
        found = Look(kind, refused=damage_of(kind))
    traces.compare(found, ending)
    return found.told()


def peak_in(status: bytes) -> int:
    """The most memory this process ever had; what its parent had is in other counts."""
    line = next((line for line in status.splitlines() if line.startswith(b"VmHWM:")), b"VmHWM: 0 kB")
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    with Path("/proc/self/status").open("rb", buffering=0) as own:
        confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
        found = looked(sys.stdin.buffer, sys.argv[1], sys.argv[2])
        own.seek(0)
        sys.stdout.write(json.dumps(found | {"peak_bytes": peak_in(own.read())}))
