"""What a person is writing on a case and has not sent: drafts that survive a lost page, and who else has the case open.

Neither is part of the case: no event, no ledger entry, and both go after a while.
"""
