"""Settings, in the order of the Django docs. Everything that differs between machines comes from the environment."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jike.embedded.home import Home
from jike.embedded.urls import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "")
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value and not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value) if value else default


def env_given(name: str) -> str:
    """The value of `name`, or what the file `<name>_FILE` holds; empty where neither is set."""
    if value := os.environ.get(name):
        return value
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def env_secret(name: str) -> str:
    """The secret `name`: from the environment, from the file `<name>_FILE`, or (embedded shape only) made once in JIKE_HOME."""
    if value := env_given(name):
        return value
    if EMBEDDED:
        return HOME.secret(name)
    raise ImproperlyConfigured(f"Set {name} or {name}_FILE: with DATABASE_URL set, secrets are never made up.")


HOME = Home.from_environment(BASE_DIR)
EMBEDDED = not os.environ.get("DATABASE_URL")

# Core
DEBUG = env_bool("DEBUG")
DEMO = env_bool("DEMO")
ENABLE_FAILPOINTS = env_bool("ENABLE_FAILPOINTS")
SECRET_KEY = env_secret("SECRET_KEY")
BIND = os.environ.get("BIND", "127.0.0.1")
PORT = env_int("PORT", 8000)
ALLOWED_HOSTS = [h for h in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
PUBLIC_BASE_URL = os.environ.get("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
STAFF_BASE_URL = os.environ.get("STAFF_BASE_URL", PUBLIC_BASE_URL).rstrip("/")
MERCHANT_BASE_URL = os.environ.get("MERCHANT_BASE_URL", PUBLIC_BASE_URL).rstrip("/")
BEHIND_TLS = PUBLIC_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = sorted(
    {u for u in (PUBLIC_BASE_URL, STAFF_BASE_URL, MERCHANT_BASE_URL) if u.startswith("https://")}
)
ROOT_URLCONF = "jike.urls"
WSGI_APPLICATION = "jike.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
RECORDING_BYTES = env_int("RECORDING_MB", 500) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "jike.calendars",
    "jike.privacy",
    "jike.files",
    "jike.ledger",
    "jike.outbox",
    "jike.verbs",
    "jike.accounts",
    "jike.web",
    "jike.api",
    "lending",
    "cases",
    "cases.clocks",
    "cases.attachments",
    "cases.evidence",
    "cases.copies",
    "cases.bundles",
    "cases.notices",
    "cases.inquiries",
    "cases.litigation",
    "cases.mediation",
    "cases.police",
    "cases.complaints",
    "cases.complaints.portal",
    "cases.search",
    "cases.imports",
    "cases.lists",
    "cases.ties",
    "cases.desk",
    "cases.policy",
    "cases.writing",
    "refunds",
    "jike",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jike.web.sessions.SpaceSessionMiddleware",
    "jike.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "jike.web.csrf.SpaceCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jike.web.headers.PrivacyHeadersMiddleware",
    "jike.web.refusals.RefusalMiddleware",
    "jike.accounts.middleware.StaffLoginMiddleware",
    "jike.api.middleware.ApiMiddleware",
    "jike.web.read_only.ReadOnlyGetMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jike.web.context.shell",
            ],
        },
    }
]

# Database
DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL"), HOME)}
DATABASE_ROLE = os.environ.get("JIKE_DATABASE_ROLE", "")

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "jike.accounts.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "/staff/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # the account is locked, not the address: an office shares one address
STAFF_IDLE_MINUTES = env_int("STAFF_IDLE_MINUTES", 15)
PORTAL_SESSION_MINUTES = 30

# Sessions and cookies: the three spaces have cookies of their own, see jike.web.sessions
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jike.web.views.csrf_failed"

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer browsers send Origin: null with our own forms
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS and env_bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Cases
INTAKE_UNIT = os.environ.get("INTAKE_UNIT", "HQ-CP")

SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # CSRF protection is on: SpaceCsrfMiddleware is Django's, with a cookie for each space
    "axes.W006",  # an address is shared by a whole branch or carrier; accounts are locked, addresses are not
]

# Keys of the product (each also as <NAME>_FILE; see jike.privacy, jike.ledger)
FIELD_KEYS = env_secret("FIELD_KEYS")
BLIND_INDEX_KEY = env_secret("BLIND_INDEX_KEY")
LEDGER_KEY = env_secret("LEDGER_KEY")
LEDGER_SIGNING_KEY = env_secret("LEDGER_SIGNING_KEY")
LINK_KEY = env_secret("LINK_KEY")

# Signatures of bundles (jike.signatures): PEM, may be absent; the embedded shape then makes a certificate of its own on first use
SIGNING_KEY = env_given("SIGNING_KEY")
SIGNING_CERTIFICATES = env_given("SIGNING_CERTIFICATES")
SIGNING_ROOTS_FILE = os.environ.get("SIGNING_ROOTS_FILE", "")

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "jike_language"
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Static files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = HOME.path / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Providers: every one is a URL, so that a loopback fake can stand in
FILES_URL = os.environ.get("FILES_URL", f"file://{HOME.path / 'files'}")
HEADS_URL = os.environ.get("HEADS_URL", f"file://{HOME.path / 'heads'}")
TSA_URL = os.environ.get("TSA_URL", "")
TSA_CA_FILE = os.environ.get("TSA_CA_FILE", "")
CLAMAV_URL = os.environ.get("CLAMAV_URL", "")
SMS_URL = os.environ.get("SMS_URL", "")
SMTP_URL = os.environ.get("SMTP_URL", "")
LENDING_URL = os.environ.get("LENDING_URL", "")
TRANSCRIPT_URL = os.environ.get("TRANSCRIPT_URL", "pretend:" if DEMO else "")
# What `serve` starts beside a demonstration: name, command, the variable of its address, and that address
DEMO_SERVICES = [("core", "fake_core", "LENDING_URL", "http://jike:loopback-only@127.0.0.1:{port}/core")]

# Celery: the job row in PostgreSQL is the truth, Celery is the doorbell (docs/architecture.md)
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")

# REST framework; each endpoint is a jike.api.views.Endpoint
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "jike.api.schema.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["jike.api.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "jike.api.errors.to_problem",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jike",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["jike.api.schema.complete"],
    "DESCRIPTION": "Cases, their clocks, messages and ledger, and every verb that may be done to them.",
}
WEBHOOKS_TO_PRIVATE = DEMO  # the demonstration may call programs on its own machine
API_RATE_PER_MINUTE = env_int("API_RATE_PER_MINUTE", 600)
API_ANONYMOUS_RATE_PER_MINUTE = env_int("API_ANONYMOUS_RATE_PER_MINUTE", 60)

# Logging: codes and ids, never personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"links": {"()": "jike.web.logs.WithoutLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "CRITICAL"},  # its warnings name whoever signed a document
        "django.request": {"level": "ERROR"},
    },
}
