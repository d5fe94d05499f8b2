"""Many pages bound into one document: numbered, indexed, with bookmarks. The program is `__main__`; it runs confined.

It reads parts of one open file and writes another, so that neither the process that calls it nor this one holds a whole bundle.
"""
