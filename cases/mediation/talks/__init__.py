"""The pages on which a mediation is talked out: one set of views for both sides, one page for whoever mediates.

A side comes through its own door (the consumer's visit, the merchant's link) and gets the same pages; `places.py` says where they are.
"""
