"""May it happen to a police report: every reason why not, each with its code."""
