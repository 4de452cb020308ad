"""Django settings. Everything a deployment may change comes from `YUEXIN_*` variables."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from yuexin.home.folder import Home

HERE = Path(__file__).resolve().parent
HOME = Home.from_environment()

SECRET_KEY = HOME.secret("django").hex()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("YUEXIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "yuexin.engines.access",
    "yuexin.engines.deliveries",
    "yuexin.engines.records",
    "yuexin.engines.releases",
    "yuexin.engines.rules",
    "yuexin.engines.lake",
    "yuexin.domains.subjects",
    "yuexin.domains.collection",
    "yuexin.domains.credit",
    "yuexin.faces.portal",
    "yuexin.faces.gateway",
]
MIDDLEWARE = [
    "yuexin.faces.shared.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yuexin.faces.shared.language.Language",
    "yuexin.faces.gateway.middleware.Problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "yuexin.urls"
WSGI_APPLICATION = "yuexin.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.i18n"]},
    }
]


def _database(url: str) -> dict[str, Any]:
    """A libpq URL or conninfo string as Django wants it."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    rest = {
        k: v for k, v in given.items() if k not in ("dbname", "user", "password", "host", "port")
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", "yuexin"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": {
            "prepare_threshold": 5,
            **rest,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
        },
    }


DATABASES = {"default": _database(os.environ.get("YUEXIN_DATABASE_URL", "dbname=yuexin"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "display_name")},
    },
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Proxies whose word about the address of a client is believed; nobody's, where none is named.
TRUSTED_PROXIES = tuple(
    ip_network(named.strip()) for named in os.environ.get("YUEXIN_PROXIES", "").split(",") if named
)
# The largest file that is taken over HTTP. A form's file waits in the home, not in /tmp.
DELIVERY_BYTES = int(os.environ.get("YUEXIN_DELIVERY_BYTES", str(4 << 30)))
FILE_UPLOAD_TEMP_DIR = HOME.scratch

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"addresses": {"()": "yuexin.faces.shared.log.WithoutAddress"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["addresses"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # What a visitor asked for in vain is nobody's business; what we did wrong is ours.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
