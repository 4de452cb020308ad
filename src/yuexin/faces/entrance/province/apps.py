"""An app of its own, since allauth looks for providers in apps."""

from __future__ import annotations

from django.apps import AppConfig


class ProvinceConfig(AppConfig):
    name = "yuexin.faces.entrance.province"
    label = "province"
