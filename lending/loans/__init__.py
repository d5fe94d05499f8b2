"""Loans on record: terms, schedule, fees, disbursements and repayments as the core lending system tells them, document by document.

Amounts are whole cents of CNY. `documents` reads what comes in, `rules` says why it cannot be true, `actions` keeps it.
"""
