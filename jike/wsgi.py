"""The WSGI entry point for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # loads the views now and not with the first request

# All of this lives as long as the process. Without this the collector would look through it again with every few pages.
gc.collect()
gc.freeze()
