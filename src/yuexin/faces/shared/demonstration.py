"""The demonstration: an installation on one's own machine where everything is invented.

It is a fact of the data folder, not a setting: `yuexin account cast` writes the file, on the
embedded database, beside a sample province, before anybody else has an account.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from yuexin.home.cluster import is_embedded
from yuexin.home.folder import Home, write_durably

HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDING: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


@dataclass(frozen=True, kw_only=True)
class Player:
    """One account of the cast, with the password it was first given."""

    part: str
    login: str
    password: str


def demonstration(request: HttpRequest) -> bool:
    """Whether one may sign in by one click: all of it, or not.

    The data folder is a demonstration's; the database is the folder's own; and whoever asks sits
    at this machine, by the address he comes from, with no proxy between, and the name he asks for.
    """
    return (
        settings.HOME.demonstration.is_file()
        and is_embedded(home=settings.HOME, host=str(connection.settings_dict["HOST"]))
        and _is_loopback(str(request.META.get("REMOTE_ADDR", "")))
        and not any(header in request.headers for header in FORWARDING)
        and _without_port(request.get_host()) in HOSTS
    )


def cast_of(home: Home) -> tuple[Player, ...]:
    """The cast of a demonstration; nobody elsewhere."""
    if not home.demonstration.is_file():
        return ()
    return tuple(Player(**one) for one in json.loads(home.demonstration.read_text("utf-8")))


def keep_cast(*, home: Home, cast: tuple[Player, ...]) -> None:
    """Make the home a demonstration with this cast."""
    content = json.dumps([asdict(one) for one in cast], ensure_ascii=False, indent=1)
    write_durably(file=home.demonstration, content=content.encode())


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host
