"""System checks: the role table is well formed, and no person holds two of the three administrator roles."""
