"""May something happen to a return, and if not, every reason why not."""
