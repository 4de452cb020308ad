"""`yuexin account cast`: make a home a demonstration, once, and say who is in it."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import asdict

import click

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.console.session import say, session
from yuexin.home.folder import Home
from yuexin.sample.planted import OWNERS_PART
from yuexin.sample.players import PARTS, Part
from yuexin.sample.truth import code_playing

PASSWORD_BYTES = 12


@click.command()
@click.option("--json", "as_json", is_flag=True)
def cast(as_json: bool) -> None:
    """开立示例省的十一个账号。 Open the eleven accounts of the demonstration.

    Only on the embedded database, beside a sample province of which all deliveries are, and
    before anybody else has an account. Again: says who they are and resets nothing.
    """
    with session() as home:
        from yuexin.faces.shared.demonstration import cast_of

        if not cast_of(home):
            _require_demonstration(home)
            _begin(home)
        _open_missing(home, dt.datetime.now(dt.UTC))
        players = cast_of(home)
        named = {part.login: f"{part.name.zh} {part.name.en}" for part in PARTS}
        lines = ["示例账号 accounts of the demonstration:"]
        lines += [f"  {one.login}\t{one.password}\t{named[one.login]}" for one in players]
        say([asdict(one) for one in players], as_json=as_json, text="\n".join(lines))


def _require_demonstration(home: Home) -> None:
    from django.db import connection

    from yuexin.engines.access.models import Account
    from yuexin.home.cluster import is_embedded

    if not is_embedded(home=home, host=str(connection.settings_dict["HOST"])):
        raise _no_demonstration("数据库不是内置的", "the database is not the embedded one")
    if Account.objects.exists():
        raise _no_demonstration("已有其他账号", "somebody else has an account already")
    if not _delivered_only(home):
        raise _no_demonstration(
            "没有示例省，或收到过示例省以外的交付",
            "there is no sample province, or something else was delivered",
        )


def _delivered_only(home: Home) -> bool:
    """Whether something was delivered, and all of it is the sample's."""
    from yuexin.engines.deliveries.models import Delivery

    manifest = home.path / "sample" / "manifest.json"
    if not manifest.is_file():
        return False
    invented = {one["sha256"] for one in json.loads(manifest.read_text("utf-8"))}
    received = set(Delivery.objects.values_list("sha256", flat=True))
    return bool(received) and received <= invented


def _begin(home: Home) -> None:
    from yuexin.faces.shared.demonstration import Player, keep_cast

    players = tuple(
        Player(part=part.role, login=part.login, password=secrets.token_urlsafe(PASSWORD_BYTES))
        for part in PARTS
    )
    keep_cast(home=home, cast=players)


def _open_missing(home: Home, now: dt.datetime) -> None:
    """Whoever was not opened yet; a command that was interrupted goes on here."""
    from yuexin.engines.access.models import Account
    from yuexin.faces.shared.demonstration import cast_of

    known = set(Account.objects.values_list("login", flat=True))
    passwords = {player.login: player.password for player in cast_of(home)}
    firm = _owners_firm(home)
    for part in PARTS:
        if part.login in passwords and part.login not in known:
            _open(part, passwords[part.login], firm, now)


def _owners_firm(home: Home) -> str:
    """The firm of the cast's owner: the one with a penalty that can be repaired, or the first."""
    from yuexin.domains.credit.queries import sitemap_codes
    from yuexin.engines.access.types import PUBLIC

    companies = [code for code in sitemap_codes(actor=PUBLIC, page=1) if code.startswith("91")]
    played = code_playing(sample=home.path / "sample", part=OWNERS_PART)
    return played if played in companies else companies[0]


def _open(part: Part, password: str, firm: str, now: dt.datetime) -> None:
    from django.db import transaction

    from yuexin.engines.access.operations import give_grant, open_account, set_password
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.declare.queries import current

    with transaction.atomic():
        account = open_account(
            actor=OPERATOR,
            declarations=current(),
            login=part.login,
            display_name=part.name.zh,
            now=now,
        )
        set_password(actor=OPERATOR, account=account, password=password, now=now)
        give_grant(
            actor=OPERATOR,
            declarations=current(),
            account=account,
            role=part.role,
            agency=part.agency,
            subject_code=firm if part.of_subject else "",
            reason="示例省 demonstration",
            valid_from=today(now),
            now=now,
        )


def _no_demonstration(zh: str, en: str) -> Refusal:
    return Refusal(
        code="NOT_A_DEMONSTRATION",
        what=Text(f"不能设为示例：{zh}", f"this is no demonstration: {en}"),
        remedy=Text(
            "示例账号只在 make run 建立的示例省中开立",
            "accounts of the demonstration are opened in the province that make run makes",
        ),
    )
