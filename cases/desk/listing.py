"""What a list shows: a place of the rail, narrowed by the search box, in an order. Its address says all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict

from cases.desk import columns, queue, rails
from cases.models import Case, Event
from cases.search.finding import Search, search
from cases.search.language import QueryError
from cases.search.operators import Asked
from jike.base.actors import Actor

COUNT_LIMIT = 1_001
NEWS_LIMIT = 99


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of the search, and the address of the list without it."""

    text: str
    without: str


class Listing:
    """One list as one person asked for it. A query that cannot be read shows nothing and says why (`error`)."""

    def __init__(self, asked: QueryDict, rail: str, actor: Actor, *, now: datetime) -> None:
        self.actor, self.now = actor, now
        self.rail = rails.rail_named(rail)
        self.text = asked.get("q", "").strip()
        self.order = "new" if asked.get("order", "new" if self.rail.is_archive else "due") == "new" else "due"
        self.chosen = asked.get("cols", "")
        self.columns = columns.chosen_of(self.chosen)
        self.cursor = asked.get("after", "")
        self.error: QueryError | None = None
        self.search: Search | None = None
        self.cases = rails.listed(actor, self.rail, now=now)
        if self.text:
            try:
                self.search = search(self.text, Asked(actor, now))
                self.cases = self.search.narrowed(self.cases)
            except QueryError as error:
                self.error, self.cases = error, Case.objects.none()

    @cached_property
    def query(self) -> str:
        """The address's question part: `q`, order and columns, each only when it is not the usual one."""
        return self._with(self.text)

    def _with(self, text: str) -> str:
        usual = "new" if self.rail.is_archive else "due"
        told = {"q": text, "order": self.order if self.order != usual else "", "cols": self.chosen}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def chips(self) -> list[Chip]:
        if self.search is None:
            return []
        query = self.search.query
        return [Chip(part, f"?{self._with(query.without(i))}") for i, part in enumerate(query.parts)]

    @property
    def looked_through(self) -> bool:
        return self.search is not None and self.search.looked_through

    def page(self) -> queue.Page:
        """Fifty rows. Where every hit of a page turns out to be none, the next one is looked at, a few times."""
        cursor, tries = self.cursor, 0
        while True:
            found = queue.page_of(
                self.cases,
                self.actor,
                cursor=cursor,
                now=self.now,
                order=self.order,
                extra=columns.fields_of(self.columns),
            )
            kept = self._confirmed(found.rows) if self.search else None
            if kept is not None:
                found.rows[:] = [row | {"found": kept[row["pk"]]} for row in found.rows if row["pk"] in kept]
            tries += 1
            if found.rows or not found.next_cursor or tries == 5:
                columns.draw(found.rows, self.columns, self.origin)
                return found
            cursor = found.next_cursor

    def _confirmed(self, rows: list[queue.Row]) -> dict[UUID, str]:
        assert self.search is not None
        shops = {row["pk"]: row["merchant"] for row in rows if row["in_full"]}
        return self.search.confirmed([row["pk"] for row in rows], shops=shops)

    @property
    def origin(self) -> str:
        """What a link to a case carries, so that its page knows the list it was opened from."""
        return urlencode({"in": self.rail.code, **({"q": self.text} if self.text else {}), "order": self.order})

    def ids(self, limit: int) -> list[object]:
        """The keys of the first cases, in the order of the list."""
        ordered = self.cases.order_by(*queue.ORDERS[self.order].by)
        return list(ordered.values_list("pk", flat=True)[:limit])

    def came_since(self, at: datetime, limit: int) -> int:
        """How many cases something brought here since: a new one, one that moved, one that was given to somebody."""
        brought = Event.objects.filter(case_id=OuterRef("pk"), at__gt=at).filter(
            Q(seq=1) | ~Q(before_state=F("after_state")) | Q(verb__endswith=".assign")
        )
        brought = brought.exclude(actor_id=self.actor.id)
        return int(self.cases.filter(Exists(brought), last_event_at__gt=at).order_by()[:limit].count())

    @property
    def drawn(self) -> str:
        """The instant this list was drawn, for asking later what came since."""
        return f"{self.now.timestamp():.6f}"

    def news_since(self, drawn: str) -> str:
        """How many cases came since a list was drawn; empty for none, and for an instant that no list of ours named."""
        try:
            at = datetime.fromtimestamp(float(drawn), UTC)
        except (ValueError, OverflowError, OSError):
            return ""
        number = self.came_since(at, NEWS_LIMIT + 1)
        return f"{NEWS_LIMIT}+" if number > NEWS_LIMIT else str(number or "")

    def count(self) -> str:
        number = self.cases.order_by()[:COUNT_LIMIT].count()
        return "1,000+" if number >= COUNT_LIMIT else f"{number:,}"
