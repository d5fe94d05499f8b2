"""Finding cases: keyed tokens of the words of a case, the language of the search box, and the lists it makes.

The words are encrypted at rest, so the index holds keyed hashes of neighbouring characters and no text. A hit is a candidate
until the words themselves were opened and looked at. Why so: docs/decisions/0008-search.md.
"""
