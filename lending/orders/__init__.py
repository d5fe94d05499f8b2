"""Orders to the core lending system: what it is told to do about a loan, once each, and how each ended.

An order is a row written with the fact that asks for it; the outbox carries it. Whether one that got no answer was taken is
found out by asking, never by sending again. This package decides nothing: who may order what is the caller's judgement.
"""
