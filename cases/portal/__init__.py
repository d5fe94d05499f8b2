"""What the consumer's pages of every kind stand on: the visit, codes to phones, sealed sessions, fields and forms, letters.

Knows no kind. A kind names its page in `Kind.page_for_consumer` and keeps its own views beside itself.
"""
