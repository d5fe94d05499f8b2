"""Copies of the evidence of a complaint: what is covered for whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.copies import acts, rules
from jike.verbs import verb

redact_evidence = verb(
    Complaint,
    "complaints.redact_evidence",
    label=_("Cover parts of a paper"),
    blockers=rules.blockers_to_redact,
    category="document",
)(acts.redact)

release_evidence = verb(
    Complaint,
    "complaints.release_evidence",
    label=_("Find that nothing is to be covered"),
    blockers=rules.blockers_to_release,
    category="document",
)(acts.release)
