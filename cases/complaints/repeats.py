"""The same person with the same matter again: an ended complaint is not opened anew, the new one is linked to it."""

from __future__ import annotations

from cases.complaints.models import Complaint
from cases.complaints.states import State
from jike.privacy import open_sealed

ENDED = (State.WITHDRAWN, State.DECLINED, State.CLOSED)


def earlier_of(case: Complaint) -> Complaint | None:
    """The latest ended complaint of this person about the same loan, or about the same merchant where no loan is known.

    A complaint withdrawn may be filed again at any time; it is a case of its own. Source: O2020-3 art 15.
    """
    if case.consumer_id is None:
        return None
    ended = Complaint.objects.filter(consumer_id=case.consumer_id, state__in=ENDED, is_historical=False)
    what = ("loan_id", "merchant_id", "merchant__name", "merchant_named")  # of seventy columns
    for earlier in ended.exclude(pk=case.pk).select_related("merchant").only(*what).order_by("-ended_at")[:50]:
        if is_same_matter(case, earlier):
            return earlier
    return None


def is_same_matter(case: Complaint, earlier: Complaint) -> bool:
    if case.loan_id and earlier.loan_id:
        return case.loan_id == earlier.loan_id
    if case.merchant_id and earlier.merchant_id:
        return case.merchant_id == earlier.merchant_id
    named = _merchant_of(case)
    return bool(named) and named == _merchant_of(earlier)


def _merchant_of(case: Complaint) -> str:
    """The merchant's name as known or as given, without spaces."""
    name = case.merchant.name if case.merchant else open_sealed(case, "merchant_named") if case.merchant_named else ""
    return "".join(name.split())
