"""The operations page: is everything moving, what was given up, when was it last checked and saved. It shows no case content."""
