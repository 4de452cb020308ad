"""`yuexin account …`: accounts and what is granted to them. The operator may do all of it."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from yuexin.base.dates import today
from yuexin.faces.console import cast, keys
from yuexin.faces.console.named import account_named, not_there
from yuexin.faces.console.session import say, session, utf8

if TYPE_CHECKING:
    from yuexin.engines.access.models import Account

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def account() -> None:
    """账号、授权和接口密钥。 Accounts, grants and keys of the interface."""


@account.command("open")
@click.argument("login", callback=utf8)
@click.option("--name", required=True, callback=utf8, help="显示名称。 The name that is shown.")
def open_(login: str, name: str) -> None:
    """开立账号，尚无密码和授权。 Open an account, without password or grant."""
    with session():
        from yuexin.engines.access.operations import open_account
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        now = dt.datetime.now(dt.UTC)
        opened = open_account(
            actor=OPERATOR, declarations=current(), login=login, display_name=name, now=now
        )
        click.echo(f"已开立 opened: {opened.login}")


@account.command()
@click.argument("login", callback=utf8)
def password(login: str) -> None:
    """设置密码，从标准输入读取。 Set the password, read from standard input."""
    with session():
        from yuexin.engines.access.operations import set_password
        from yuexin.engines.access.types import OPERATOR

        found = account_named(login)
        given = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        now = dt.datetime.now(dt.UTC)
        set_password(actor=OPERATOR, account=found, password=given, now=now)
        click.echo(f"已设置密码 password set: {found.login}")


@account.command()
@click.argument("login", callback=utf8)
@click.option("--reason", required=True, callback=utf8)
def close(login: str, reason: str) -> None:
    """停用账号。 Close an account."""
    with session():
        from yuexin.engines.access.operations import close_account
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        found, now = account_named(login), dt.datetime.now(dt.UTC)
        close_account(actor=OPERATOR, declarations=current(), account=found, reason=reason, now=now)
        click.echo(f"已停用 closed: {found.login}")


@account.command("forget-factor")
@click.argument("login", callback=utf8)
def forget_factor(login: str) -> None:
    """手机和恢复码都丢失时，清除动态口令。 Clear the second factor of whoever lost it."""
    with session():
        from allauth.mfa.models import Authenticator
        from django.db import transaction

        from yuexin.engines.access.operations import note
        from yuexin.engines.access.types import OPERATOR

        found, now = account_named(login), dt.datetime.now(dt.UTC)
        with transaction.atomic():
            Authenticator.objects.filter(user=found).delete()
            note(
                stream="change",
                actor=OPERATOR,
                action="account.factor_forgotten",
                thing=f"account/{found.login}",
                now=now,
            )
        click.echo(f"已清除 cleared: {found.login}")


@account.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """列出账号和有效授权。 List accounts and the grants in force."""
    with session():
        from yuexin.engines.access.models import Account

        on = today(dt.datetime.now(dt.UTC))
        found = [_plain(one, on) for one in Account.objects.order_by("login")]
        say(found, as_json=as_json, text="\n".join(map(_line, found)) or "没有账号 no accounts")


@account.command()
@click.argument("login", callback=utf8)
@click.option("--role", required=True, callback=utf8)
@click.option("--agency", default="", callback=utf8, help="公职人员的部门。 An officer's agency.")
@click.option("--subject", default="", callback=utf8, help="主体的代码。 The entity's code.")
@click.option("--from", "valid_from", type=DAY, default=None, help="起日。 First day; today.")
@click.option("--to", "valid_to", type=DAY, default=None, help="止日（不含）。 First day after.")
@click.option("--reason", required=True, callback=utf8)
def grant(
    login: str,
    role: str,
    agency: str,
    subject: str,
    valid_from: dt.datetime | None,
    valid_to: dt.datetime | None,
    reason: str,
) -> None:
    """授权。 Give an account a role."""
    with session():
        from yuexin.engines.access.operations import give_grant
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        now = dt.datetime.now(dt.UTC)
        given = give_grant(
            actor=OPERATOR,
            declarations=current(),
            account=account_named(login),
            role=role,
            agency=agency,
            subject_code=subject,
            reason=reason,
            valid_from=valid_from.date() if valid_from else today(now),
            valid_to=valid_to.date() if valid_to else None,
            now=now,
        )
        click.echo(f"已授权 granted: {given.pk}")


@account.command("end-grant")
@click.argument("grant", type=click.UUID)
@click.option("--on", type=DAY, default=None, help="自该日起无效。 Holds no more from then; today.")
@click.option("--reason", required=True, callback=utf8)
def end_grant(grant: UUID, on: dt.datetime | None, reason: str) -> None:
    """终止授权。 End a grant."""
    with session():
        from yuexin.engines.access import operations
        from yuexin.engines.access.models import Grant
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        now = dt.datetime.now(dt.UTC)
        found = Grant.objects.select_related("account").filter(pk=grant).first()
        if found is None:
            raise not_there("没有这项授权", "there is no such grant", str(grant))
        end = operations.end_grant(
            actor=OPERATOR,
            declarations=current(),
            grant=found,
            reason=reason,
            ends_on=on.date() if on else today(now),
            now=now,
        )
        click.echo(f"已终止 ended: {found.pk} ({end.ends_on})")


def _asked() -> str:
    return str(click.prompt("密码 password", hide_input=True, confirmation_prompt=True))


def _plain(found: Account, on: dt.date) -> dict[str, Any]:
    from dataclasses import asdict

    from yuexin.engines.access.queries import grants_of

    return {
        "login": found.login,
        "name": found.display_name,
        "active": found.is_active,
        "grants": [asdict(one) for one in grants_of(account=found.pk, on=on)],
    }


def _line(found: dict[str, Any]) -> str:
    state = "" if found["active"] else "\t已停用 closed"
    lines = [f"{found['login']}\t{found['name']}{state}"]
    for one in found["grants"]:
        place = one["agency"] or one["subject_code"]
        until = f" – {one['until']}" if one["until"] else ""
        lines.append(f"  {one['id']}\t{one['role']}\t{place}\t{one['valid_from']}{until}")
    return "\n".join(lines)


account.add_command(cast.cast)
account.add_command(keys.key)
