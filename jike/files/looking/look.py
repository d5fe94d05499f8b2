"""What a look into a file found, and the ways it can end."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

MOST_PARTS = 200
MOST_NAME = 300


class Refuse(Exception):
    """The file is not taken. `code` says why; it never carries a word of the file."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass
class Look:
    """`facts` are numbers and codes, `words` what may name people (part names, camera, subject). `concerns` are the reasons why a
    person has to look before anybody else does; none means that the file is taken."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    concerns: list[str] = field(default_factory=list)
    refused: str = ""

    def concern(self, code: str) -> None:
        if code not in self.concerns:
            self.concerns.append(code)

    def list_parts(self, parts: list[dict[str, Any]]) -> None:
        """What lies inside, as many as a person reads; the number is that of all."""
        self.facts["parts"] = len(parts)
        self.words["parts"] = [{**part, "name": str(part.get("name", ""))[:MOST_NAME]} for part in parts[:MOST_PARTS]]

    def told(self) -> dict[str, Any]:
        return asdict(self)
