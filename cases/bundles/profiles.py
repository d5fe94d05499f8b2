"""For whom a bundle is made, and what that means: which copies, whether originals go along, how complete the list must be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Profile:
    """`audience` is whose copies are bound. `has_originals` puts originals into the package, for whoever may test them.

    `is_list` means a list of evidence that another body judges by: every item must be described whole. `is_own` is the consumer's own
    copy: own papers alone, nothing in them covered, and no second person. `title` is printed.
    """

    code: str
    label: Text
    title: str
    audience: str
    has_originals: bool = True
    is_list: bool = True
    is_own: bool = False


PROFILES = {
    profile.code: profile
    for profile in (
        Profile("court", pgettext_lazy("bundle", "Court"), "诉讼证据材料", "authority"),
        Profile("arbitration", pgettext_lazy("bundle", "Arbitration"), "仲裁证据材料", "authority"),
        Profile("mediation", pgettext_lazy("bundle", "Mediation body"), "调解材料", "merchant", has_originals=False),
        Profile("police", pgettext_lazy("bundle", "Police"), "报案证据材料", "authority"),
        Profile(
            "regulator", pgettext_lazy("bundle", "Regulator"), "监管报送证据材料", "authority", has_originals=False
        ),
        Profile(
            "consumer",
            pgettext_lazy("bundle", "Consumer's own copy"),
            "本人材料副本",
            "staff",
            is_list=False,
            is_own=True,
        ),
    )
}
