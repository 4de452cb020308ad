"""`yuexin try` and `yuexin relink`: what would become of rows in doubt; comparing them again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.cast import COMPANY
from tests.intake import Intake, table
from tests.state import value

from yuexin.engines.declare.queries import current, load
from yuexin.faces.console.main import main
from yuexin.faces.console.session import REFUSED

pytestmark = pytest.mark.usefixtures("own_database", "home")
MODEL = "linkage/subjects.yaml"
NAMELESS = COMPANY.penalty(CF_XDR_SHXYM="")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def wary(deliver: Intake) -> Intake:
    """An intake by whose weights nothing is linked."""
    files = dict(current().files)
    text = files[MODEL].decode().replace("link_at: 6", "link_at: 60")
    return replace(deliver, declarations=load({**files, MODEL: text.encode()}))


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_waits_is_compared_again_after_a_dry_run(deliver: Intake) -> None:
    intake = wary(deliver)
    intake("registration", [COMPANY.registration()])
    intake("penalties_2018", [NAMELESS])
    dry = said(run("relink", "--dry-run", "--json"))
    assert (dry["linked"], dry["rows"], dry["dry_run"]) == (1, 1, True)
    assert "未作更改" in run("relink", "--dry-run").stdout
    assert value("SELECT count(*) FROM waiting") == 1
    done = run("relink")
    assert COMPANY.uscc in done.stdout
    assert "未作更改" not in done.stdout
    assert value("SELECT count(*) FROM waiting") == 0
    assert "nothing new" in run("relink").stdout
    assert run("rebuild", "--check").exit_code == 0
    noted = "SELECT count(*) FROM journal_entry WHERE action = 'judgement.relinked'"
    assert value(noted) == 1


def test_a_file_is_tried_and_not_kept(deliver: Intake, tmp_path: Path) -> None:
    deliver("registration", [COMPANY.registration()])
    before = value("SELECT count(*) FROM delivery")
    file = tmp_path / "处罚.csv"
    rows = [COMPANY.penalty("1"), COMPANY.penalty("2", CF_XDR_SHXYM=""), {}]
    file.write_text(table(deliver.headers("penalties_2018"), rows), "utf-8")
    found = said(run("try", file, "--resource", "penalties_2018", "--json"))
    counts = {name: found[name] for name in ("received", "passed", "matched", "rejected")}
    assert counts == {"received": 3, "passed": 2, "matched": 1, "rejected": 1}
    text = run("try", file, "--resource", "penalties_2018").stdout
    assert "matched 1" in text
    assert run("try", file, "--resource", "nonsense").exit_code == REFUSED
    assert run("try", "/dev/zero", "--resource", "penalties_2018").exit_code == REFUSED
    assert value("SELECT count(*) FROM delivery") == before
