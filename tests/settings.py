"""Settings of the test suite: a throw-away home, no manifest, fast passwords.

Read before anything else of the suite, and before `jike.settings`, which reads JIKE_HOME.
"""

import os
import tempfile

THROW_AWAY_HOME = ""
if not os.environ.get("DATABASE_URL") and not os.environ.get("JIKE_TEST_HOME"):
    # Workers of xdist inherit both variables and neither make nor remove the home.
    THROW_AWAY_HOME = tempfile.mkdtemp(prefix="jike-test-")
    os.environ["JIKE_HOME"] = os.environ["JIKE_TEST_HOME"] = THROW_AWAY_HOME
for name in ("DEMO", "FAILPOINT", "SMS_URL", "SMTP_URL", "LENDING_URL", "JIKE_DATABASE_ROLE"):
    os.environ.pop(name, None)

from jike.settings import *  # noqa: E402, F403 - after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STRICT_GETS = True
OUTBOX_DOORBELL = False
HEADS_URL = ""  # the tests of the ledger keep heads in folders of their own
