"""What people keep of their lists: the order they work in, the views they saved, the acts they do on many cases at once."""
