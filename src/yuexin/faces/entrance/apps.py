"""The entrance as an app of Django: its receivers are connected when it is ready."""

from __future__ import annotations

from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "yuexin.faces.entrance"

    def ready(self) -> None:
        from yuexin.faces.entrance import signals  # noqa: F401
