"""Words every layer shares: actors, blockers and refusals, identifiers, money, Shanghai dates, failpoints. Imports nothing of ours."""
