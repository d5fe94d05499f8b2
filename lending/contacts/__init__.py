"""Telephone contact with people who owe, and with those about to be defrauded: when a call may be made, and what was made.

It dials nobody. Whoever dials asks `may_call` first and tells `record_contact` afterwards.
"""
