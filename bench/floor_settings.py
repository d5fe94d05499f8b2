"""The smallest signed-in view of our own Django: sessions, users and nothing else. What a page costs before it does anything."""

from jike.settings import *  # noqa: F403 - the product's own database, user model and session store

ROOT_URLCONF = "bench.floor_urls"
MIDDLEWARE = [
    "bench.counting.CountingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SESSION_COOKIE_NAME = "sessionid"
