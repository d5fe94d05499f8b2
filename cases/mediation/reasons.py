"""Why a merchant says no: a fixed list, so that refusals can be counted."""

from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text

REASONS: dict[str, Text] = {
    "service_given": _("The service was given as agreed."),
    "settled": _("The matter was settled between us already."),
    "not_ours": _("The matter does not concern us."),
    "court": _("We prefer to have it decided by a court."),
    "other": _("Another reason."),
}
