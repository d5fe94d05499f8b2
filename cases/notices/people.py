"""Who is told: the handler, the supervisors of a unit, the executives; whoever is away is stood in for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from jike.accounts.models import Unit, User
from jike.accounts.roles import holders_of

SUPERVISING = "cases.read_unit"
EXECUTIVE = "executive"


class People:
    """The staff on duty who may have to hear of cases of some units. Two or three queries, whatever their number."""

    def __init__(self, units: Iterable[UUID], handlers: Iterable[UUID | None]) -> None:
        self._superior = dict(Unit.objects.values_list("pk", "superior_id"))
        wanted = {above for unit in units for above in self._line_of(unit)}
        on_duty = User.objects.filter(is_active=True, is_on_leave=False)
        self._handlers = on_duty.in_bulk([pk for pk in handlers if pk])
        supervisors = on_duty.filter(unit_id__in=wanted, roles__overlap=holders_of(SUPERVISING))
        self._supervisors: dict[UUID, list[User]] = {}
        for user in supervisors.order_by("username"):
            if user.unit_id:
                self._supervisors.setdefault(user.unit_id, []).append(user)
        self.executives: Sequence[User] = list(on_duty.filter(roles__contains=[EXECUTIVE]).order_by("username"))

    def _line_of(self, unit: UUID) -> list[UUID]:
        """The unit and those above it, nearest first."""
        line: list[UUID] = []
        at: UUID | None = unit
        while at and at not in line:
            line.append(at)
            at = self._superior.get(at)
        return line

    def supervisors(self, unit: UUID) -> Sequence[User]:
        """Those of the unit, else of the nearest unit above it, else the executives: somebody always hears."""
        found = next((self._supervisors[at] for at in self._line_of(unit) if at in self._supervisors), None)
        return found or self.executives

    def handler(self, assignee: UUID | None, unit: UUID) -> Sequence[User]:
        """Whoever handles the case; the supervisors when nobody does, or that person is away."""
        user = self._handlers.get(assignee) if assignee else None
        return [user] if user else self.supervisors(unit)
