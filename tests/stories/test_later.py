"""What an operator does to a delivery later, by the commands: erase it by order, read it again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import entity
from tests.stories.site import Site

from yuexin.engines.declare.queries import declarations_folder

Write = Callable[..., Path]
WORD = "无人见过之字"
NUMBER = "粤数删〔2026〕1号"
ORDER = (
    "--order", NUMBER, "--basis", "guangdong-credit-regulation:30",
    "--issued-by", "广东省政务服务和数据管理局", "--reason", "依申请删除",
)  # fmt: skip
KEPT, GONE, REREAD = (entity(n) for n in range(61, 64))


def test_an_order_is_shown_then_carried_out_and_told_of(office: Site, written: Write) -> None:
    console = office.console
    rows = [KEPT.registration(), GONE.registration()]
    console.deliver("registration", written("registration", *rows))
    penalties = [KEPT.penalty("61"), GONE.penalty("62", CF_SY=WORD)]
    sent = written("penalties_2018", *penalties, name="penalties.csv")
    environment = ("--agency", "environment")
    number = console.deliver("penalties_2018", sent, *environment)["batch_id"]
    words = ("erase", *ORDER, "--delivery", number, "--row", 2)
    shown = console(*words, "--json").json()
    (part,) = shown["parts"]
    (address,) = part["pages"]
    assert (part["count"], part["of"], part["records"]) == (1, 2, 1)
    assert office.answer(address).status_code == 200
    done = console(*words, "--yes").out
    assert (NUMBER in done, address in done) == (True, True)
    gone = office.answer(address)
    assert (gone.status_code, NUMBER in gone.text, WORD in gone.text) == (410, True, False)
    assert office.answer(f"/s/{KEPT.uscc}").status_code == 200
    verified = console("verify").out
    assert f"redacted under {NUMBER}" in verified
    assert "must be destroyed" in verified
    assert console("rebuild", "--check", "--json").json()["differences"] == []
    assert f"erased under {NUMBER}: 1 rows" in console("receipt", number).out
    again = console("deliver", sent, "--resource", "penalties_2018", *environment, status=2)
    assert ("ERASED" in again.err, NUMBER in again.err) == (True, True)
    assert "nothing is left to erase" in console(*words, "--yes").out


def test_law_declared_anew_is_shown_then_applied(
    office: Site, written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = office.console
    console.deliver("registration", written("registration", REREAD.registration()))
    sent = written("penalties_2018", REREAD.penalty("63"))
    console.deliver("penalties_2018", sent, "--agency", "environment")
    monkeypatch.setenv("YUEXIN_DECLARATIONS", str(_without_facts(tmp_path / "declarations")))
    shown = console("reprocess", "--kind", "penalty", "--json").json()
    assert [(one["kind"], one["changed"]) for one in shown["kinds"]] == [
        ("penalty", _penalties(office))
    ]
    assert "DIFFERENCE" in console("reprocess", "--kind", "penalty", "--yes", status=2).err
    agreed = ("reprocess", "--kind", "penalty", "--yes", "--expect", shown["digest"])
    assert "reading 1" in console(*agreed).out
    assert "nothing would change" in console("reprocess", "--kind", "penalty").out
    facts: list[dict[str, Any]] = [
        record["facts"] for record in office.document(REREAD.uscc)["records"]
        if record["kind"] == "penalty"
    ]  # fmt: skip
    assert [("facts" in one, "doc_no" in one) for one in facts] == [(False, True)]
    assert console("rebuild", "--check", "--json").json()["differences"] == []
    assert console("verify", "--json").json()["problems"] == []


def _penalties(office: Site) -> int:
    statement = "SELECT count(*) FROM public_row WHERE kind = 'penalty'"
    return int(office.console.rows(statement)[0][0])


def _without_facts(folder: Path) -> Path:
    """Declarations under which the facts of a penalty are not public."""
    shutil.copytree(declarations_folder(), folder)
    kind = folder / "records" / "penalty.yaml"
    text = kind.read_text("utf-8")
    field = "{id: facts, zh: 违法事实, en: Facts, scope: public, level: L1,"
    assert field in text
    closed = field.replace("scope: public, level: L1", "scope: agencies, level: L2")
    kind.write_text(text.replace(field, closed), "utf-8")
    return folder
