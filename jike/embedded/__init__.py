"""The embedded shape: PostgreSQL, broker and processes on one machine with nothing installed by hand. No Django imports."""
