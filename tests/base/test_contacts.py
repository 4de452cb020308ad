"""A telephone number and an address of mail are told apart from everything else in one place."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from yuexin.base.codes.contacts import (
    MOBILE,
    is_phone,
    mask_mail,
    mask_phone,
    normalise_mail,
    normalise_phone,
)

SOURCE = Path(__file__).parents[2] / "src" / "yuexin"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "+8613800138000"), ("１３８ ００１３-８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"), ("8613800138000", "+8613800138000"),
        ("+852 (9123) 4567", "+85291234567"), ("12800138000", None), ("+8612800138000", None),
        ("020-12345678", None), ("", None), ("138001380000", None), ("١٣٨٠٠١٣٨٠٠٠", None),
    ],
)  # fmt: skip
def test_a_mobile_number_is_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert normalise_phone(typed) == kept
    if kept:
        assert normalise_phone(kept) == kept
        assert mask_phone(kept)[-4:] == kept[-4:]
        assert kept[4:-4] not in mask_phone(kept)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("chen@example.org", "chen@example.org"),
        (" Chen.Li+a@EXAMPLE.Org ", "Chen.Li+a@example.org"),
        ("a@b", None), ("a@b.c\r\nBcc: d@e.org", None), ("a b@example.org", None),
        ("a@@b.org", None),
        ("陈@example.org", None), ("a@-b.org", None), ("a@b..org", None), (".a@b.org", None),
        (f"{'a' * 65}@b.org", None), (f"a@{'b.' * 130}org", None), ("a@10.0.0.1", None), ("", None),
        ("<a@b.org>", None), ("a@b.org,c@d.org", None),
    ],
)  # fmt: skip
def test_an_address_of_mail_is_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert normalise_mail(typed) == kept
    if kept:
        assert mask_mail(kept) == f"{kept[0]}***@{kept.rpartition('@')[2]}"


@pytest.mark.parametrize(
    ("typed", "holds"),
    [("020-12345678", True), ("(020) 1234 5678", True), ("+86 138 0013 8000", True),
     ("1234", False), ("无", False), ("1" * 40, False), ("12345\n", False)],
)  # fmt: skip
def test_any_telephone_number_may_be_given_where_nobody_texts(typed: str, holds: bool) -> None:
    assert is_phone(typed) == holds


def test_no_other_module_says_what_they_look_like() -> None:
    """An expression of its own for a mobile number, or for what stands around an @."""
    own = re.compile(r"1\[3-9\]|1\[3456789\]|\[\^@|@\[\^|EmailValidator|validate_email")
    found = subprocess.run(
        ["grep", "-rnE", own.pattern, "--include=*.py", "--exclude-dir=migrations", str(SOURCE)],
        capture_output=True, text=True, check=False,
    ).stdout.splitlines()  # fmt: skip
    places = {Path(line.partition(":")[0]).relative_to(SOURCE).as_posix() for line in found}
    assert places == {"base/codes/contacts.py"}
    assert re.fullmatch(MOBILE, "13800138000")
