"""What the console refuses before it touches anything. No database."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from yuexin.base.errors import Refusal, printable
from yuexin.faces.console import intake, manifest, run, session
from yuexin.faces.console.main import main
from yuexin.home.folder import Home

HUSH = "hush"
ENTRY = {"file": "a.csv", "resource": "registration", "agency": "market_regulation"}


@pytest.mark.parametrize(
    ("told", "key"),
    [
        *[([ENTRY, ENTRY | {"declared_rows": rows}], "declared_rows")
          for rows in ("3", 3.0, True, -1, 2**63)],
        ([ENTRY, ENTRY | {"sha256": "x"}], "sha256"),
        ([ENTRY, ENTRY | {"surprise": 1}], "surprise"),
        ([ENTRY, ENTRY | {"secrecy": 1}], "secrecy"),
        ([ENTRY, ENTRY | {"file": "../b"}], "file"),
        ([ENTRY, ENTRY | {"file": "\x00"}], "file"),
        ([ENTRY, ENTRY | {"file": "."}], "file"),
        ([ENTRY, {"file": "a.csv"}], "resource"),
        ([ENTRY, 5], "2"),
        ([], ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_manifest_that_is_amiss_is_refused_as_a_whole(
    told: object, key: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(Refusal) as refused:
        manifest.manifest_items(tmp_path)
    assert refused.value.code == "MANIFEST"
    assert key in refused.value.sentence("en")
    if key:
        assert "Entry 2" in refused.value.sentence("en")


def test_a_manifest_with_a_byte_order_mark_and_a_secrecy_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    told = json.dumps([ENTRY | {"declared_rows": 3, "rows": 3, "secrecy": "秘密"}])
    (tmp_path / "manifest.json").write_text(told, encoding="utf-8-sig")
    (item,) = manifest.manifest_items(tmp_path)
    assert (item.rows, item.secrecy) == (3, "秘密")


def test_a_manifest_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 200_000)
    with pytest.raises(Refusal):
        manifest.manifest_items(tmp_path)


def test_a_device_is_refused_before_it_is_opened() -> None:
    given = manifest.Item(path=Path(), resource="registration", agency="")
    with pytest.raises(Refusal) as refused:
        list(intake._items(Path("/dev/zero"), given))
    assert refused.value.code == "NOT_A_FILE"


def test_what_moves_a_cursor_is_shown_and_not_sent() -> None:
    assert printable("悦\x1b[2J\n\u202e信") == "悦\\u001b[2J\\u000a\\u202e信"


@pytest.mark.parametrize("url", ["nonsense", f"postgresql://u:{HUSH}@127.0.0.1:1/x"])
def test_a_database_that_cannot_be_reached_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refusal) as refused:
        session._require_answer(url)
    assert refused.value.code == "database.unreachable"
    assert HUSH not in refused.value.sentence("en")


def test_a_port_in_use_and_a_host_of_nobody_are_refused() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refusal) as refused:
            run._free_address("127.0.0.1", other.getsockname()[1])
    assert refused.value.code == "PORT_IN_USE"
    with pytest.raises(Refusal) as refused:
        run._free_address("192.0.2.1", 8000)
    assert refused.value.code == "HOST"


def test_every_line_of_codes_gets_a_verdict_and_no_number_of_a_person_is_repeated() -> None:
    said = CliRunner().invoke(main, ["code"], input=b"11010519491231002X\n\n\xff\n")
    assert said.exit_code == 0, said.output
    assert len(said.output.splitlines()) == 3
    assert "19491231" not in said.output


def test_a_day_that_has_not_come_is_refused() -> None:
    said = CliRunner().invoke(main, ["subject", "x", "--on", "2999-01-01"])
    assert said.exit_code == session.REFUSED


def test_an_argument_that_is_no_text_is_refused() -> None:
    assert CliRunner().invoke(main, ["search", "\udcff"]).exit_code == session.REFUSED


def test_a_home_of_an_unknown_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUEXIN_HOME", "~nosuchuser/x")
    with pytest.raises(Refusal):
        Home.from_environment()


@pytest.mark.parametrize("given", [[], ["--number", "YX20261124-00000000"], ["--code", "x"]])
def test_a_report_is_verified_by_its_file_or_by_number_and_code(given: list[str]) -> None:
    assert CliRunner().invoke(main, ["verify-report", *given]).exit_code == session.REFUSED
