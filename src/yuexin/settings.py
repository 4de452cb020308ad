"""Django settings. Everything a deployment may change comes from `YUEXIN_*` variables."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
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
    # Before allauth, whose pages it brings its own templates for.
    "yuexin.faces.entrance",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "yuexin.faces.entrance.province",
    "yuexin.engines.access",
    "yuexin.engines.deliveries",
    "yuexin.engines.notices",
    "yuexin.engines.papers",
    "yuexin.engines.records",
    "yuexin.engines.releases",
    "yuexin.engines.rules",
    "yuexin.engines.lake",
    "yuexin.engines.cases",
    "yuexin.domains.subjects",
    "yuexin.domains.collection",
    "yuexin.domains.credit",
    "yuexin.domains.credit.handling",
    "yuexin.domains.credit.signing",
    "yuexin.domains.credit.watching",
    "yuexin.domains.hall.filing",
    "yuexin.faces.portal",
    "yuexin.faces.gateway",
    "yuexin.faces.desk",
    "yuexin.faces.counter",
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
    "yuexin.faces.shared.acting.Acting",
    "yuexin.faces.portal.methods.WrongMethod",
]
ROOT_URLCONF = "yuexin.urls"
WSGI_APPLICATION = "yuexin.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [HERE / "faces" / "shared" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yuexin.faces.shared.acting.acting",
                "yuexin.faces.shared.language.languages",
                "yuexin.faces.shared.demonstration.said",
                "yuexin.faces.portal.touring.guided",
            ]
        },
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
            # What is prepared with values beside it is planned once, not at every request.
            "options": f"{rest.get('options', '')} -c plan_cache_mode=force_generic_plan",
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
ACCOUNT_ADAPTER = "yuexin.faces.entrance.adapter.Accounts"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
}
MFA_ADAPTER = "yuexin.faces.entrance.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Yuexin"
MFA_TOTP_TOLERANCE = 1


def _provider() -> dict[str, Any]:
    """The province's identity provider; none where its address is not set. Over plain HTTP only
    on this machine, for trials."""
    server = os.environ.get("YUEXIN_OIDC_SERVER", "")
    if not server:
        return {}
    split = urlsplit(server)
    if split.scheme != "https" and split.hostname not in ("localhost", "127.0.0.1"):
        raise ImproperlyConfigured("YUEXIN_OIDC_SERVER has to begin with https://")
    claims = os.environ.get("YUEXIN_OIDC_CLAIMS", "name,document_type,document_number").split(",")
    if len(claims) != 3:
        raise ImproperlyConfigured("YUEXIN_OIDC_CLAIMS names three claims: name, type and number")
    app = {
        "provider_id": "province",
        "name": os.environ.get("YUEXIN_OIDC_NAME", "广东省统一身份认证平台"),
        "client_id": os.environ.get("YUEXIN_OIDC_CLIENT", ""),
        "secret": os.environ.get("YUEXIN_OIDC_SECRET", ""),
        "settings": {
            "server_url": server,
            "scope": os.environ.get("YUEXIN_OIDC_SCOPE", "openid profile").split(),
            "claims": claims,
        },
    }
    return {"province": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_ADAPTER = "yuexin.faces.entrance.province.views.Provided"
SOCIALACCOUNT_PROVIDERS = _provider()
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # What is culled no longer limits anybody: nobody fills the table to be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# The proxy in front speaks TLS, and says so in X-Forwarded-Proto.
HTTPS = os.environ.get("YUEXIN_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 3600 * int(os.environ.get("YUEXIN_SESSION_HOURS", "8"))
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "yuexin.faces.entrance.views.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

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

# Where the portal is reached from outside, for links in what is sent.
PUBLIC_URL = os.environ.get("YUEXIN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# Without an address of a mail server, or of a gateway, messages are written to the spool.
SMTP_URL = os.environ.get("YUEXIN_SMTP_URL", "")
_SMTP = urlsplit(SMTP_URL)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _SMTP.hostname or ""
EMAIL_USE_SSL = _SMTP.scheme == "smtps"
EMAIL_USE_TLS = _SMTP.scheme == "smtp" and _SMTP.hostname not in ("localhost", "127.0.0.1", "::1")
EMAIL_PORT = _SMTP.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = unquote(_SMTP.username or "")
EMAIL_HOST_PASSWORD = unquote(_SMTP.password or "")
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = os.environ.get("YUEXIN_MAIL_FROM", "yuexin@localhost")
NOTICE_GATEWAYS = {
    channel: os.environ.get(f"YUEXIN_{channel.upper()}_GATEWAY", "")
    for channel in ("sms", "wechat", "weibo")
}

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
