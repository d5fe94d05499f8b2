"""What is shown of the papers of a register: their pages, made once in a process of its own, and copies with parts covered.

Whoever binds, reads or covers parts of a paper works with its pages; originals are never opened for reading. For each audience a
person says what of a paper is covered, or that nothing is; what nobody has decided on does not leave for that audience.
"""
