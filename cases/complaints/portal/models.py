"""The complaint that is being written."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

from django.db import models

from jike.base.ids import uuid7
from jike.privacy import open_sealed
from jike.privacy.fields import EncryptedTextField

T = TypeVar("T")


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Draft(models.Model):
    """Everything typed so far, valid or not, sealed under a key of its own. Its `id` becomes the id of the case, and with it the key.

    `token` makes sending it twice file it once. `link_index` and `code_index` are keyed hashes of what opens it on another day;
    both are empty until somebody asked to go on later. A draft that is filed or thrown away leaves no row.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    content = EncryptedTextField()
    link_index = models.BinaryField(max_length=32, null=True, unique=True)
    code_index = models.BinaryField(max_length=32, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tries_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="draft_oldest", fields=["expires_at"])]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, by the name of its field; lists where several may be chosen."""
        if not hasattr(self, "_answers"):
            self._answers: dict[str, Any] = json.loads(open_sealed(self, "content")) if self.content else {}
        return self._answers

    def with_(self, **changes: Any) -> Self:
        """The draft with these answers in memory; `drafts.keep` writes it."""
        return self.with_answers(changes)

    def with_answers(self, changes: Mapping[str, Any]) -> Self:
        self._answers, self._judged = {**self.answers, **changes}, {}
        self.content = json.dumps(self._answers, ensure_ascii=False)  # type: ignore[assignment]
        return self

    def judged_by(self, judge: Callable[[dict[str, Any]], T]) -> T:
        """What a form, or whatever else reads answers, makes of these: asked once for as long as they stay the same."""
        known = self.__dict__.setdefault("_judged", {})
        if judge not in known:
            known[judge] = judge(self.answers)
        return known[judge]

    @property
    def is_begun(self) -> bool:
        return any(self.answers.get(name) for name in ("matter", "narrative", "claim", "name", "phone"))

    @property
    def is_kept_longer(self) -> bool:
        return self.link_index is not None
