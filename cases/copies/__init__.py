"""What is shown of the papers of a register: their pages, made once in a process of its own. Originals are never opened for reading.

Whoever binds, reads or covers parts of a paper works with its pages.
"""
