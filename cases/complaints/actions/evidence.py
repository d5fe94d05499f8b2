"""The register of evidence of a complaint."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.evidence import acts, rules
from jike.verbs import verb

register_evidence = verb(
    Complaint,
    "complaints.register_evidence",
    label=_("Put papers into the register"),
    blockers=rules.blockers_to_register,
    category="document",
)(acts.register)

describe_evidence = verb(
    Complaint,
    "complaints.describe_evidence",
    label=_("Describe an item of evidence"),
    blockers=rules.blockers_to_describe,
    category="document",
)(acts.describe)

reorder_evidence = verb(
    Complaint,
    "complaints.reorder_evidence",
    label=_("Put the evidence in order"),
    blockers=rules.blockers_to_reorder,
    category="document",
)(acts.reorder)

supersede_evidence = verb(
    Complaint,
    "complaints.supersede_evidence",
    label=_("Supersede an item of evidence"),
    blockers=rules.blockers_to_supersede,
    category="document",
)(acts.supersede)

hand_over_evidence = verb(
    Complaint,
    "complaints.hand_over_evidence",
    label=_("Record that an original was handed over"),
    blockers=rules.blockers_to_hand_over,
    category="document",
)(acts.hand_over)

lock_evidence = verb(
    Complaint,
    "complaints.lock_evidence",
    label=_("Lock the list of evidence"),
    blockers=rules.blockers_to_lock,
    category="document",
)(acts.lock)
