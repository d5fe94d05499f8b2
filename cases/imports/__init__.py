"""Importing complaints from files: reading any table people send, mapping its columns, and writing historical or live cases.

`reader` gives rows with their line numbers, `mapping` says which column is which field, `rows` judges one row, `historical`
and `live` write. Nothing of a row is dropped in silence: it is stored, or the report names the row and the reason.
"""
