"""Queries whose SQL is put together once. Django does it anew for every queryset, and of a small query that is most of its cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """The rows of one key, by a query of the ORM that is compiled the first time a connection needs it.

    `build` makes the queryset for a key; `sample` is any key that occurs nowhere else in it. Rows come as Django makes them:
    related rows, annotations and sealed columns included, prefetches not.
    """

    def __init__(self, build: Callable[[Any], models.QuerySet[M]], *, sample: Any) -> None:
        self.build, self.sample = build, sample

    def rows(self, key: Any, *, known: models.Model | None = None) -> list[M]:
        """All rows of `key`. `known` is the instance their foreign key `case` points at, which is then not read again."""
        asked: Any = _Asked(self._plan(), key, known)  # in place of a queryset
        return list(ModelIterable(asked))

    def first(self, key: Any) -> M | None:
        return next(iter(self.rows(key)), None)

    def _plan(self) -> _Plan:
        plans: dict[Prepared[Any], _Plan] = connections[DEFAULT_DB_ALIAS].__dict__.setdefault("prepared", {})
        if self not in plans:
            plans[self] = _Plan(self.build(self.sample), self.sample)
        return plans[self]


class _Plan:
    """A compiled query of one connection, with the places of its key."""

    def __init__(self, queryset: models.QuerySet[Any], sample: Any) -> None:
        self.db, self.model = queryset.db, queryset.model
        self.compiler = queryset.query.get_compiler(using=self.db)
        self.locks = queryset.query.select_for_update
        self.sql, self.params = self.compiler.as_sql()
        if sample not in self.params:
            raise ValueError(f"The query of {self.model.__name__} does not ask for its key.")
        self.sample = sample

    def with_key(self, key: Any) -> Any:
        if self.locks and transaction.get_connection(self.db).get_autocommit():
            raise transaction.TransactionManagementError("A row is locked only inside a transaction.")
        params = tuple(key if param == self.sample else param for param in self.params)
        self.compiler.as_sql = lambda *_args, **_kwargs: (self.sql, params)
        return self.compiler


class _Asked:
    """What `ModelIterable` asks of a queryset and of its query: here they are one."""

    def __init__(self, plan: _Plan, key: Any, known: models.Model | None) -> None:
        self.plan, self.key = plan, key
        self.db, self.model = plan.db, plan.model
        field = self.model._meta.get_field("case") if known is not None else None
        self._known_related_objects = {field: {known.pk: known}} if field and known is not None else {}

    @property
    def query(self) -> _Asked:
        return self

    def get_compiler(self, using: str) -> Any:
        return self.plan.with_key(self.key)
