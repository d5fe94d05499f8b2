"""The portal's views: filing, and following a case."""
