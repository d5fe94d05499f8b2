"""What people type for each verb of a complaint, one module per noun; importing the package registers every form."""

from cases.bundles.forms import register_bundle_forms
from cases.complaints.forms import (
    adding,
    assigning,
    contacts,
    correcting,
    deciding,
    declining,
    ending,
    extending,
    handling,
    linking,
    mass,
    mediating,
    merging,
    naming,
    notice,
    parties,
    pausing,
    posting,
    recusing,
    replying,
    reporting,
    returning,
    reviewing,
    sources,
    splitting,
    stating,
    supplementing,
)
from cases.copies.forms import register_copy_forms
from cases.evidence.forms import register_forms

register_forms("complaints")
register_copy_forms("complaints")
register_bundle_forms("complaints")

__all__ = [
    "adding",
    "assigning",
    "contacts",
    "correcting",
    "deciding",
    "declining",
    "ending",
    "extending",
    "handling",
    "linking",
    "mass",
    "mediating",
    "merging",
    "naming",
    "notice",
    "parties",
    "pausing",
    "posting",
    "recusing",
    "replying",
    "reporting",
    "returning",
    "reviewing",
    "sources",
    "splitting",
    "stating",
    "supplementing",
]
