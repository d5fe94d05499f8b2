"""What the states of a return are called for the consumer, and who does what next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.errors import Text
from refunds.models import Refund
from refunds.states import State

CONSUMER_WORDS: dict[str, Text] = {
    State.REQUESTED.value: pgettext_lazy("return for consumers", "Received"),
    State.SCREENING.value: pgettext_lazy("return for consumers", "Being checked"),
    State.ELIGIBLE.value: pgettext_lazy("return for consumers", "Being checked"),
    State.DISPUTED.value: pgettext_lazy("return for consumers", "Merchant being asked"),
    State.REFUSED.value: pgettext_lazy("return for consumers", "Not granted"),
    State.HELD.value: pgettext_lazy("return for consumers", "Safety check"),
    State.GOODWILL.value: pgettext_lazy("return for consumers", "Granted"),
    State.REVERSING.value: pgettext_lazy("return for consumers", "Money on its way back"),
    State.STUCK.value: pgettext_lazy("return for consumers", "Money on its way back"),
    State.CORRECTING.value: pgettext_lazy("return for consumers", "Credit record being corrected"),
    State.COMPLETED.value: pgettext_lazy("return for consumers", "Completed"),
}
HAPPENED: dict[str, Text] = {
    State.REQUESTED.value: _("We have your request to return the loan."),
    State.SCREENING.value: _("We have your request to return the loan."),
    State.ELIGIBLE.value: _("Your request is being checked once more."),
    State.DISPUTED.value: _("We are asking the merchant about the service."),
    State.REFUSED.value: _("The loan cannot be returned under the seven-day promise."),
    State.HELD.value: _("We are checking that nobody is defrauding you."),
    State.GOODWILL.value: _("Your return has been granted."),
    State.REVERSING.value: _("The loan is being returned."),
    State.STUCK.value: _("The loan is being returned."),
    State.CORRECTING.value: _("All money is back."),
    State.COMPLETED.value: _("The loan has been returned. It cost you nothing."),
}
PARTLY_HAPPENED: Text = _("The part that was not served is being returned.")
_NEXT: dict[str, Text] = {
    State.REQUESTED.value: _("We check it at once. You need not pay or do anything."),
    State.SCREENING.value: _("We check it at once. You need not pay or do anything."),
    State.ELIGIBLE.value: _("Two of our people look at it and tell you. You need not pay or do anything."),
    State.DISPUTED.value: _(
        "It is for the merchant to prove that it served. You need not pay or do anything meanwhile."
    ),
    State.REFUSED.value: _("You do not agree? One tap makes it a complaint, which other people judge."),
    State.HELD.value: _("We tell you as soon as we are done. We never ask you for a code or a transfer."),
    State.GOODWILL.value: _("The money is sent back by itself."),
    State.REVERSING.value: _("Each amount goes back to the account it came from. You can watch it below."),
    State.STUCK.value: _("One of the amounts takes longer than it should; somebody of ours is looking after it."),
    State.CORRECTING.value: _("We see to it within the 20 days that are set for objections to credit records."),
    State.COMPLETED.value: _("Keep the certificate with your papers."),
}


def next_for_consumer(case: Refund) -> Text:
    return _NEXT[case.state]
