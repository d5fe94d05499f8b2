"""The product as it is, and a counter of statements around it."""

from jike.settings import *  # noqa: F403 - measured as it is
from jike.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

MIDDLEWARE = ["bench.counting.CountingMiddleware", *PRODUCT_MIDDLEWARE]
