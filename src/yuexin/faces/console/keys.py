"""`yuexin account key …`: keys of the interface."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from yuexin.faces.console.named import account_named, not_there
from yuexin.faces.console.session import say, session, utf8

SCOPES = click.Choice(["read", "search", "batch", "deliver", "receipt", "check"])


@click.group()
def key() -> None:
    """接口密钥。 Keys of the interface."""


@key.command()
@click.option("--label", required=True, callback=utf8, help="哪个系统用。 Which system uses it.")
@click.option("--role", default="machine", show_default=True, callback=utf8)
@click.option("--agency", default="", callback=utf8, help="代表的部门。 The agency it acts for.")
@click.option(
    "--account", "login", default="", callback=utf8, help="或代表的账号。 Or the account."
)
@click.option("--subject", default="", callback=utf8, help="主体的代码。 The entity's code.")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, required=True)
@click.option("--purpose", default="", callback=utf8, help="查询目的。 Why it looks.")
@click.option("--rate", type=click.IntRange(1, 100_000), default=600, show_default=True)
@click.option("--network", "networks", multiple=True, help="如 203.0.113.0/24")
@click.option(
    "--frame-host",
    "frame_hosts",
    multiple=True,
    help="可嵌入核查结果的页面来源，如 https://oa.example.org。 Whose pages may frame an answer.",
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
def issue(
    label: str,
    role: str,
    agency: str,
    login: str,
    subject: str,
    scopes: tuple[Any, ...],
    purpose: str,
    rate: int,
    networks: tuple[str, ...],
    frame_hosts: tuple[str, ...],
    days: int,
) -> None:
    """签发密钥，只显示一次。 Issue a key; it is shown once."""
    with session():
        from yuexin.engines.access.operations import issue_key
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        now = dt.datetime.now(dt.UTC)
        made, secret = issue_key(
            actor=OPERATOR,
            declarations=current(),
            label=label,
            role=role,
            scopes=scopes,
            expires_at=now + dt.timedelta(days=days),
            now=now,
            account=account_named(login) if login else None,
            agency=agency,
            subject_code=subject,
            purpose=purpose,
            rate_per_minute=rate,
            networks=networks,
            frame_hosts=frame_hosts,
        )
        click.echo(f"密钥编号 key: {made.pk}", err=True)
        click.echo("以下密钥只显示这一次 the secret is shown this once:", err=True)
        click.echo(secret)


@key.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """列出未停用的密钥。 List the keys that were not revoked."""
    with session():
        from yuexin.engines.access.models import Key
        from yuexin.engines.access.queries import alarms_of

        found: list[dict[str, Any]] = [
            {
                "id": one.pk,
                "label": one.label,
                "role": one.role,
                "agency": one.agency,
                "account": one.account.login if one.account else "",
                "scopes": one.scopes,
                "expires_at": one.expires_at,
                "alarms": len(alarms_of(key=one.pk)),
            }
            for one in Key.objects.filter(ends=None).select_related("account").order_by("pk")
        ]
        lines = [
            f"{one['id']}\t{one['label']}\t{one['role']}\t{one['agency'] or one['account']}"
            f"\t{','.join(one['scopes'])}\t{one['expires_at']:%Y-%m-%d}"
            + (f"\t异地使用 used elsewhere {one['alarms']}" if one["alarms"] else "")
            for one in found
        ]
        say(found, as_json=as_json, text="\n".join(lines) or "没有密钥 no keys")


@key.command()
@click.argument("key_id", callback=utf8)
@click.option("--reason", required=True, callback=utf8)
def end(key_id: str, reason: str) -> None:
    """停用密钥。 Revoke a key."""
    with session():
        from yuexin.engines.access.models import Key
        from yuexin.engines.access.operations import end_key
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        found = Key.objects.select_related("account").filter(pk=key_id).first()
        if found is None:
            raise not_there("没有这个密钥", "there is no such key", key_id)
        now = dt.datetime.now(dt.UTC)
        end_key(actor=OPERATOR, declarations=current(), key=found, reason=reason, now=now)
        click.echo(f"已停用 revoked: {found.pk}")
