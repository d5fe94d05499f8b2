"""Litigation support (诉讼支持): helping a consumer to go to court, from the first look to the money recovered.

Opened out of a complaint or of a broken mediation, whose people, facts, papers and evidence it reads there and never copies. It owns the
assessment, the papers for the court with their versions, what the court did and when, and costs and money recovered as notes: no money
moves here. The consumer is the party; the house helps. Source: CPL art 15.
"""
