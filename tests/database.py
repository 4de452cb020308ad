"""A PostgreSQL for the tests: one server in a run, one migrated template, a copy for whoever asks.

With YUEXIN_DATABASE_URL set the copies are made on that server; its own databases stay untouched.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from yuexin.home.cluster import running
from yuexin.home.folder import Home

NOWHERE = "host=/nonexistent dbname=ask_for_the_fixture_database"
# What is lost when a machine fails is of no interest here; making a copy becomes four times faster.
HASTE = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A running server and the name of the template on it."""

    url: str
    template: str

    @contextmanager
    def copy(self) -> Iterator[str]:
        """A migrated, empty database that Django means by `default` during the body."""
        name = f"yuexin_test_{secrets.token_hex(6)}"
        source = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(source.format(Identifier(name), Identifier(self.template)))
            try:
                with pointed(make_conninfo(self.url, dbname=name)) as url:
                    yield url
            finally:
                server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def cluster(home: Home) -> Iterator[Cluster]:
    """A server with a migrated template, both gone afterwards."""
    given = bool(os.environ.get("YUEXIN_DATABASE_URL"))
    with running(home) as url, psycopg.connect(url, autocommit=True) as server:
        if not given:
            _hasten(server)
        template = f"yuexin_template_{secrets.token_hex(6)}"
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(template)))
        try:
            with pointed(make_conninfo(url, dbname=template)):
                call_command("migrate", verbosity=0, interactive=False)
            yield Cluster(url=url, template=template)
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(template)))


@contextmanager
def pointed(url: str) -> Iterator[str]:
    """Let Django's `default` and YUEXIN_DATABASE_URL mean this database during the body."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YUEXIN_DATABASE_URL", url)
        before = dict(_default().settings_dict)
        point(url)
        try:
            yield url
        finally:
            _leave()
            _default().settings_dict.update(before)


def point(url: str) -> None:
    """Let Django's `default` mean this database from now on."""
    _leave()
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    _default().settings_dict.update(
        NAME=given.get("dbname", ""),
        USER=given.get("user", ""),
        PASSWORD=given.get("password", ""),
        HOST=given.get("host", ""),
        PORT=given.get("port", ""),
    )


def _default() -> DatabaseWrapper:
    wrapper = connections["default"]
    assert isinstance(wrapper, DatabaseWrapper)
    return wrapper


def _leave() -> None:
    _default().close()
    _default().close_pool()


def _hasten(server: psycopg.Connection) -> None:
    for setting in HASTE:
        server.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(setting)))
    server.execute("SELECT pg_reload_conf()")
