"""What is still to be done on a case, by whom and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Task(models.Model):
    """One thing to do. `gates` names the verb that waits for it; `code` is its line in the playbook, empty for one's own.

    Ends once: done or, with a reason, skipped. Without an assignee it is for whoever handles the case, or for `power`.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="tasks")
    code = models.CharField(max_length=30, blank=True)
    title = EncryptedTextField()
    gates = models.CharField(max_length=40, blank=True)
    power = models.CharField(max_length=40, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="tasks")
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    skip_reason = EncryptedTextField(blank=True)
    is_skipped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="task_open_once", fields=["case", "code"], condition=Q(ended_at=None) & ~Q(code="")
            ),
            models.CheckConstraint(
                name="task_ended_by_somebody", condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="task_open_of_case", fields=["case"], condition=Q(ended_at=None)),
            models.Index(name="task_open_of_user", fields=["assignee", "due_at"], condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return self.code or str(self.id)
