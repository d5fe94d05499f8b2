"""Complaints (消费投诉): the machine from filing to the notified decision, its letters, the portal and the staff forms.

It owns what only a complaint has. Parties, timeline, clocks, messages and approvals belong to `cases`.
"""
