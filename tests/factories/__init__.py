"""Factories that walk: a case in a state got there by the real actions."""
