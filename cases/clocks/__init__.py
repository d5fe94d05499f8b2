"""Clocks: the table of time limits, the arithmetic of their ends, the stored clocks of cases with their lines, the sweep.

`rules`, `pauses`, `steps`, `dates` and `labels` are pure and know no case; `ledger` starts and stops the clocks of a case
inside its verbs; `sweep` marks what has run out. It decides no case and sends nothing.
"""
