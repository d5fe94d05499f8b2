"""Tags and filters of the shells."""
