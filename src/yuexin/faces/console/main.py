"""The `yuexin` command. Each command starts the database as needed and stops it when done."""

from __future__ import annotations

import click

from yuexin.faces.console import (
    accounts,
    ask,
    care,
    draws,
    handling,
    intake,
    orders,
    papers,
    receipts,
    run,
    trials,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yuexin")
def main() -> None:
    """粤信 Yuexin：以数据服务和监管市场主体。 Serve and supervise market entities by their data.

    YUEXIN_HOME is the data folder; YUEXIN_DATABASE_URL a PostgreSQL of your own.
    """


for command in (
    intake.sample,
    intake.deliver,
    trials.try_,
    receipts.receipt,
    ask.subject,
    ask.code,
    ask.search,
    ask.batch,
    handling.check,
    run.serve,
    run.work,
    orders.erase,
    orders.reprocess,
    care.rebuild,
    care.relink,
    care.verify,
    care.doctor,
    papers.verify_report,
    draws.draw,
    accounts.account,
):
    main.add_command(command)
