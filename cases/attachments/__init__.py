"""Papers people hand in: photos, PDF and sound recordings, sealed as they came, and the copies that are shown of them.

Owns the rows, the checks at receipt and the drawing of safe views. It decides no case: adding a paper to a case is a verb of the
kind. Papers handed in while a complaint is being written lie under the draft's key, which becomes the key of the case.
"""
