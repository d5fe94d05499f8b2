"""The cost form before its borrower: a link and a code open it, it stays in sight for a while, one tap confirms it.

What the form says and what is kept of it belongs to `lending.cost`; here are its pages in the portal and its endpoints.
"""
