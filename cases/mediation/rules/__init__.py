"""May it happen, and if not why: one module per noun."""
