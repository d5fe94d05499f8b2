"""The door to one question or report."""

from __future__ import annotations

from cases.inquiries.models import Inquiry
from cases.queries import NotVisible, case_for
from jike.base.actors import Actor


def inquiry_for(actor: Actor, number: str) -> Inquiry:
    """The question or report with this number, if the actor may see it. Raises `NotVisible`."""
    case = case_for(actor, number)
    if not isinstance(case, Inquiry):
        raise NotVisible(number)
    return case
