"""The state of a litigation in plain words for the consumer, who is the party: what happened, and who does what next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.litigation.models import Litigation
from cases.litigation.papers import set_sha256
from cases.litigation.rules.preparing import gaps_of, stale_papers
from cases.litigation.states import State
from jike.base.errors import Text

CONSUMER_WORDS: dict[str, Text] = {
    State.REQUESTED: pgettext_lazy("litigation for consumers", "Asked for"),
    State.ASSESSING: pgettext_lazy("litigation for consumers", "We look at your claim"),
    State.COLLECTING: pgettext_lazy("litigation for consumers", "Papers being prepared"),
    State.SEALED: pgettext_lazy("litigation for consumers", "Papers ready"),
    State.FILED: pgettext_lazy("litigation for consumers", "At the court"),
    State.DOCKETED: pgettext_lazy("litigation for consumers", "Accepted by the court"),
    State.HEARING: pgettext_lazy("litigation for consumers", "Being heard"),
    State.JUDGED: pgettext_lazy("litigation for consumers", "Judgment given"),
    State.APPEALING: pgettext_lazy("litigation for consumers", "Under appeal"),
    State.EFFECTIVE: pgettext_lazy("litigation for consumers", "Judgment in force"),
    State.ENFORCING: pgettext_lazy("litigation for consumers", "Being enforced"),
    State.CLOSED: pgettext_lazy("litigation for consumers", "Finished"),
    State.DECLINED: pgettext_lazy("litigation for consumers", "Not supported by us"),
    State.SETTLED: pgettext_lazy("litigation for consumers", "Settled"),
    State.COURT_REJECTED: pgettext_lazy("litigation for consumers", "Turned down by the court"),
    State.WITHDRAWN: pgettext_lazy("litigation for consumers", "You gave it up"),
}
_HAPPENED: dict[str, Text] = {
    State.REQUESTED: _("You asked for support in going to court."),
    State.ASSESSING: _("Our legal department looks at your claim."),
    State.COLLECTING: _("Your papers for the court are being prepared."),
    State.SEALED: _("Your papers are ready."),
    State.FILED: _("Your papers are at the court."),
    State.DOCKETED: _("The court has accepted your case."),
    State.HEARING: _("Your case is being heard."),
    State.JUDGED: _("The court has given its judgment."),
    State.APPEALING: _("The court above looks at the judgment."),
    State.EFFECTIVE: _("The judgment is in force."),
    State.ENFORCING: _("The court enforces the judgment."),
    State.CLOSED: _("Your case is finished."),
    State.DECLINED: _("We do not support this claim."),
    State.SETTLED: _("You and the other side came to terms."),
    State.COURT_REJECTED: _("The court did not take up your claim."),
    State.WITHDRAWN: _("You gave it up."),
}
_NEXT: dict[str, Text] = {
    State.REQUESTED: _(
        "Somebody of our legal department takes it and gets in touch with you. You decide whether to sue."
    ),
    State.ASSESSING: _("We count the time limits, look for the right court and tell you what we think."),
    State.COLLECTING: _("We draft the papers. You read and confirm them before anything goes to a court."),
    State.SEALED: _("We help you to hand them in."),
    State.FILED: _("The court accepts the claim or turns it down within seven days. We tell you as soon as we know."),
    State.DOCKETED: _(
        "The court sets a date. Please come to it with your identity card and the originals of your papers."
    ),
    State.HEARING: _("The judgment comes in writing. We explain it to you."),
    State.JUDGED: _("Decide with us by the last day whether to appeal."),
    State.APPEALING: _("Its decision is final."),
    State.EFFECTIVE: _("If the other side does not pay, we help you to have it enforced. You have two years for that."),
    State.ENFORCING: _("We tell you when money comes in."),
    State.CLOSED: _("Nothing more is to be done."),
    State.DECLINED: _("You may go to court yourself or with a lawyer. Mind the time limit."),
    State.SETTLED: _("Nothing more is to be done here."),
    State.COURT_REJECTED: _("We talk with you about an appeal or another court."),
    State.WITHDRAWN: _("You may go to court yourself at any time within the time limit."),
}


def happened(case: Litigation) -> Text:
    return _HAPPENED[case.state]


def next_for_consumer(case: Litigation) -> Text:
    if case.state == State.COLLECTING and may_confirm(case):
        return _("Please read your papers and confirm them. Without your word nothing goes to a court.")
    if case.state == State.COLLECTING and is_confirmed(case):
        return _("You have confirmed your papers. We put the evidence together and make everything final.")
    if case.state == State.EFFECTIVE and not case.awarded_cny:
        return _("The judgment grants nothing that could be enforced. We explain it to you.")
    return _NEXT[case.state]


def is_confirmed(case: Litigation) -> bool:
    """The consumer has agreed to the papers as they are now."""
    confirmed = case.known_confirmation
    return confirmed is not None and bytes(confirmed.sha256) == set_sha256(case)


def may_confirm(case: Litigation) -> bool:
    """Whole papers lie there that the consumer has not agreed to as they are now."""
    if gaps_of(case) or stale_papers(case):
        return False
    return not is_confirmed(case)
