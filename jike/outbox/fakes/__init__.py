"""Providers on loopback, for tests and trials: they check signatures as real ones do, and fail when told to."""
