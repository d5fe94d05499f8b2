"""A bare django-helpdesk installation to measure against. It runs in an environment of its own, see `bench.helpdesk`."""
