"""System checks of personal data."""
