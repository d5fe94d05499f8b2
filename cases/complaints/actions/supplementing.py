"""Asking the consumer for material, once and for everything, and taking in what comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints import materials, supplements, wordings
from cases.complaints.models import Complaint, SupplementAnswer, SupplementItem, SupplementRequest
from cases.complaints.rules import supplementing as rules
from cases.complaints.supplements import Answer
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.ask_supplement",
    label=_("Ask for material"),
    blockers=rules.blockers_to_ask_supplement,
)
def ask_supplement(
    case: Complaint, *, actor: Actor, now: datetime, codes: Sequence[str] = (), others: str = ""
) -> None:
    """Ask for everything that is missing in one list: received -> supplementing. The clock runs on.

    `codes` name rows of `config/materials.yaml`, `others` holds one line per further item, "what：why". Source: O2020-3 art 13.
    """
    request = SupplementRequest.objects.create(id=uuid7(), case_id=case.pk, asked_by_id=actor.user, asked_at=now)
    items = [
        SupplementItem(
            id=uuid7(), case_id=case.pk, request=request, seq=seq, code=item.code, what=item.what, why=item.why
        )
        for seq, item in enumerate(materials.asked_of(list(codes), others), start=1)
    ]
    SupplementItem.objects.bulk_create(items)
    case.mark_supplement_asked()
    party = complainant_of(case)
    if party:
        wordings.SUPPLEMENT.queue(case, party, now=now, items=supplements.items_of(request), due_at=case.next_due_at)
    case.tell(request=str(request.pk), items=len(items))


@verb(Complaint, "complaints.supplement", label=_("Hand in material"), blockers=rules.blockers_to_supplement)
def supplement_complaint(
    case: Complaint, *, actor: Actor, now: datetime, answers: Sequence[Answer] = (), is_all: bool = False
) -> None:
    """Take in answers to the list; when all are answered, or the consumer says that this is all: supplementing -> received."""
    request = supplements.open_request_of(case)
    assert request is not None
    SupplementAnswer.objects.bulk_create(
        [
            SupplementAnswer(
                id=uuid7(),
                case_id=case.pk,
                item_id=answer.item,
                text=answer.text.strip(),
                files=list(answer.files),
                has_none=answer.has_none,
                answered_at=now,
            )
            for answer in answers
        ]
    )
    left = len(supplements.open_items_of(request))
    case.tell(request=str(request.pk), answered=len(answers), left=left, is_all=is_all)
    if is_all or not left:
        case.mark_supplemented()
