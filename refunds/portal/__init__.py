"""The consumer's pages of returns: own loans, what a return comes to, asking for it, and following it."""
