"""Whom a session belongs to, with the unit whose name every page shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend

from jike.accounts.models import User
from jike.base.prepared import Prepared

_USER: Prepared[User] = Prepared(lambda pk: User.objects.select_related("unit").filter(pk=pk), sample=UUID(int=1))


class StaffBackend(ModelBackend):
    """Django's own, which would ask for account and unit one after the other."""

    def get_user(self, user_id: Any) -> User | None:
        user = _USER.first(user_id)
        return user if user and self.user_can_authenticate(user) else None
