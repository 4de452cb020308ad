"""What operators are told to back up is every table that nothing can make again."""

from __future__ import annotations

import re
from pathlib import Path

from tests.state import all_rows

TOLD = Path("docs/operations.md")
# Not truth, and yet nobody could make them again.
ACCOUNTS = {
    "account", "account_phone", "mfa_authenticator", "socialaccount_socialaccount",
    "notice_errand", "notice_read", "notice_contact", "notice_wish",
    "filing_draft", "filing_teller", "follow", "calendar_feed",
}  # fmt: skip
KEPT = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_is\\_truth'"


def test_the_backup_holds_every_table_of_truth(database: str) -> None:
    del database
    truth = {table for (table,) in all_rows(KEPT)}
    command = TOLD.read_text().partition("--data-only")[2].partition('"$URL"')[0]
    named = set(re.findall(r"-t '?([a-z_*]+)'?", command))
    dumped = named | {table for table in truth if "access_grant*" in named and "grant" in table}
    assert truth <= dumped
    assert named - {"access_grant*"} - truth == ACCOUNTS


def test_the_pages_name_every_table_of_truth(database: str) -> None:
    del database
    truth = {table for (table,) in all_rows(KEPT)}
    assert "judgement" in truth
    for page in (TOLD, Path("ARCHITECTURE.md")):
        told = page.read_text()
        assert [table for table in sorted(truth) if f"`{table}`" not in told] == []
