"""Where the bytes of a file come from: the disk of whoever runs the command, or a sealed file opened in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol


class Content(Protocol):
    """A file that can be opened for reading as often as needed. `suffix` is the end of its name, with the dot, small."""

    @property
    def suffix(self) -> str: ...

    def open(self) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class OnDisk:
    path: Path

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class InMemory:
    """An opened sealed file. Its clear bytes never touch a disk."""

    data: bytes
    name: str = ""

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)
