"""Why something may not happen to a litigation, all reasons at once."""
