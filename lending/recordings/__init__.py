"""Dual recording (双录): a borrower reads what a loan is, on camera, and only then does money leave.

Owns contracts as they are about to be signed, scripts, recordings with their marks, checks and verdicts, the gate before disbursement, and how
long all of it is kept. It reads no face and makes no voice print: who is seen and heard is judged by people. It knows no case.
"""
