"""Merchant mediation (商户协商调解): consumer and merchant look for an agreement, with the offers made on the way and what became of them.

Two forms. Internal negotiation (协商) ends in a civil contract. Mediation by a lawful outside body (调解) stops the statutory count of the
complaint and opens joint judicial confirmation. The case is opened out of another and knows it by reference; complaints are reached by
the registry of verbs. It owns offers, agreement, signatures, performance and the merchant's link; no money moves here.
"""
