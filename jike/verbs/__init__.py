"""How anything happens to a case: the `@verb` and `@opener` decorators and the registry of all verbs.

A verb is one action function in one transaction: lock, judge, change, save, event with its ledger entry. The registry is
the one source for buttons with their "why not", API routes, the role matrix in the docs and the tests. It knows no kind
of case: models that can be acted on follow `Subject`.
"""

from jike.verbs.decorators import Subject, opener, verb
from jike.verbs.registry import Verb, VerbUnknown, all_verbs, verb_named, verbs_of

__all__ = ["Subject", "Verb", "VerbUnknown", "all_verbs", "opener", "verb", "verb_named", "verbs_of"]
