"""What people do on a case of any kind: take it, give it to somebody, note, write, keep somebody from it, prove that something was told.

The rules ask for the power of the case's own kind (`complaints.claim`, `inquiries.claim`); each kind registers the acts as verbs of
its own and lends them its words. Nothing here names a kind.
"""
