"""What the fields of an import are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.errors import Text

LABELS: dict[str, Text] = {
    "external_id": pgettext_lazy("import field", "Number at the source"),
    "received_at": pgettext_lazy("import field", "Received on"),
    "closed_at": pgettext_lazy("import field", "Closed on"),
    "name": pgettext_lazy("import field", "Name of the consumer"),
    "phone": pgettext_lazy("import field", "Telephone"),
    "email": pgettext_lazy("import field", "E-mail"),
    "claim": pgettext_lazy("import field", "Claim"),
    "narrative": pgettext_lazy("import field", "What happened"),
    "merchant": pgettext_lazy("import field", "Merchant"),
    "channel": pgettext_lazy("import field", "Channel"),
    "amount_cny": pgettext_lazy("import field", "Amount"),
    "source": pgettext_lazy("import field", "Source of the row"),
    "product": pgettext_lazy("import field", "Product"),
    "sub_product": pgettext_lazy("import field", "Sub-product"),
    "issue": pgettext_lazy("import field", "Issue"),
    "sub_issue": pgettext_lazy("import field", "Sub-issue"),
    "company": pgettext_lazy("import field", "Institution"),
    "company_response": pgettext_lazy("import field", "Result"),
    "company_public_response": pgettext_lazy("import field", "Public answer"),
    "timely": pgettext_lazy("import field", "In time"),
    "consumer_disputed": pgettext_lazy("import field", "Disputed"),
    "consumer_consent_provided": pgettext_lazy("import field", "Consent to publish"),
    "submitted_via": pgettext_lazy("import field", "Submitted via"),
    "date_sent_to_company": pgettext_lazy("import field", "Forwarded on"),
    "state": pgettext_lazy("import field", "Region"),
    "zip_code": pgettext_lazy("import field", "Postcode"),
    "tags": pgettext_lazy("import field", "Tags"),
}
LEFT_OUT = _("— not imported —")


def label_of(name: str) -> Text:
    return LABELS.get(name, name)


def choices() -> list[tuple[str, Text]]:
    return [("", LEFT_OUT), *LABELS.items()]
