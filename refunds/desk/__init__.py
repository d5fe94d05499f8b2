"""Loans and returns on the workbench: finding a loan, its page, a return asked for by telephone or letter, and where money is stuck.

Nobody is named in full here: whoever works on a matter of the borrower sees the name on its case.
"""
