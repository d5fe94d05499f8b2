"""Who acts: one value for staff, consumers, merchants and machines."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["staff", "consumer", "merchant", "machine", "import"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine that asks for a verb.

    `id` is the primary key of the user or consumer, `person` the human behind it (one human may have several accounts;
    four-eyes rules compare `person`). `label` is what the timeline prints and holds no personal data of consumers.
    `powers` come from `config/roles.yaml`.
    """

    kind: ActorKind
    label: str
    id: uuid.UUID | None = None
    person: uuid.UUID | None = None
    unit: uuid.UUID | None = None
    powers: frozenset[str] = field(default=frozenset())

    def can(self, power: str) -> bool:
        return power in self.powers

    @classmethod
    def machine(cls, name: str, *, powers: frozenset[str] = frozenset()) -> Actor:
        """A timer, worker or command. Its powers are those listed for `name` under `machines` in `config/roles.yaml`,
        given by `jike.accounts.roles.machine_actor`; this constructor alone grants none."""
        return cls(kind="machine", label=name, powers=powers)

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def user(self) -> uuid.UUID:
        """The account of a member of staff. Raises TypeError for everybody else: only staff sign what they do with an account."""
        if not self.is_staff or self.id is None:
            raise TypeError(f"{self.kind} has no staff account")
        return self.id

    @property
    def human(self) -> uuid.UUID:
        """The person behind a staff account, as four-eyes rules compare them. Raises TypeError for everybody else."""
        if not self.is_staff or self.person is None:
            raise TypeError(f"{self.kind} is no member of staff")
        return self.person
