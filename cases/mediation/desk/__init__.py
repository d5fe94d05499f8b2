"""The workbench of whoever mediates: both sides beside each other, and what each said written down for them."""
