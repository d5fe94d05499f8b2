"""May it happen to this complaint, and if not, every reason why not. One module per noun, named as the action's."""
