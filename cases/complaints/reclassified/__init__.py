"""Complaints that turned out to be questions or reports, for whoever answers for how messages are classified. Source: house R76."""
