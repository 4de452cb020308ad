"""Django ready, without a database: the pages need only values."""

from __future__ import annotations

import os
import tempfile

import django

os.environ.setdefault("YUEXIN_HOME", tempfile.mkdtemp(prefix="yuexin-portal-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuexin.settings")
django.setup()
