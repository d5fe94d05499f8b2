"""Evidence bundles of a complaint."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.bundles import acts, rules
from cases.complaints.models import Complaint
from jike.verbs import verb

build_bundle = verb(
    Complaint,
    "complaints.build_bundle",
    label=_("Make an evidence bundle"),
    blockers=rules.blockers_to_build,
    category="document",
)(acts.build)

issue_bundle = verb(
    Complaint,
    "complaints.issue_bundle",
    label=_("Evidence bundle finished"),
    blockers=rules.blockers_to_issue,
    category="document",
    by_hand=False,
)(acts.issue)

halt_bundle = verb(
    Complaint,
    "complaints.halt_bundle",
    label=_("Evidence bundle halted"),
    blockers=rules.blockers_to_halt,
    category="document",
    by_hand=False,
)(acts.halt)

ask_bundle_release = verb(
    Complaint,
    "complaints.ask_bundle_release",
    label=_("Ask to release a bundle"),
    blockers=rules.blockers_to_ask_release,
    category="document",
)(acts.ask_release)

release_bundle = verb(
    Complaint,
    "complaints.release_bundle",
    label=_("Release a bundle"),
    blockers=rules.blockers_to_release,
    category="document",
)(acts.release)

hand_out_bundle = verb(
    Complaint,
    "complaints.hand_out_bundle",
    label=_("Hand out a bundle"),
    blockers=rules.blockers_to_hand_out,
    category="document",
)(acts.hand_out)
