"""A body's system checks before it handles: one is eased, another refused and later released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.cast import entity
from tests.domains.credit.handling.rows import debtor, grade_a
from tests.stories.province import as_csv
from tests.stories.site import Site

Write = Callable[..., Path]
GOOD, OWES = entity(71), entity(72)
NO_CHECK = "HC20261129-0000000000"
HOUSING, ENVIRONMENT = "housing", "environment"


@pytest.fixture(scope="module")
def keys(office: Site) -> dict[str, str]:
    """The secrets of the systems of two bodies."""
    given = (
        "account",
        "key",
        "issue",
        "--label",
        "示例系统",
        "--role",
        "clerk",
        "--scope",
        "check",
    )
    return {one: office.console(*given, "--agency", one).out.strip()
            for one in (HOUSING, ENVIRONMENT)}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def delivered(office: Site, tmp_path_factory: pytest.TempPathFactory) -> None:

    folder = tmp_path_factory.mktemp("rows")
    for resource, rows in {
        "registration": [GOOD.registration(), OWES.registration()],
        "tax_a_grades": [grade_a(GOOD)],
        "judgement_debtors": [debtor(OWES)],
    }.items():
        path = folder / f"{resource}.csv"
        path.write_text(as_csv(resource, rows), "utf-8")
        office.console.deliver(resource, path)


def post(office: Site, path: str, key: str, **said: Any) -> httpx.Response:
    head = {"Authorization": f"Bearer {key}"}
    return office.client.post(f"/api/v1/{path}", json=said, headers=head)


def get(office: Site, path: str, key: str) -> httpx.Response:
    return office.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})


def test_whoever_stands_in_a_list_of_honour_gets_the_green_channel(
    office: Site, keys: dict[str, str]
) -> None:
    said = post(office, "checks", keys[HOUSING], subjects=[GOOD.uscc], scene="licensing").json()
    (one,) = said["subjects"]
    assert (one["overall"], one["must_ack"]) == ("ease", False)
    opened = [easing["measure"] for easing in one["easings"]]
    assert "tax_grade_a_eased" in opened
    where = f"checks/{said['number']}/feedback"
    report = {
        "subject": GOOD.uscc, "measure": "tax_grade_a_eased", "applied": True,
        "result": "green_channel", "done_on": _today(),
    }  # fmt: skip
    assert post(office, where, keys[HOUSING], reports=[report]).json()["owed"] == len(opened) - 1


def test_a_debtor_is_refused_and_once_released_the_body_is_told_and_confirms(
    office: Site, keys: dict[str, str], written: Write
) -> None:
    key, other = keys[HOUSING], keys[ENVIRONMENT]
    asked = {"subjects": [OWES.uscc, GOOD.uscc], "scene": "procurement", "consortium": True}
    said = post(office, "checks", key, **asked).json()
    number = said["number"]
    assert said["overall"] == "mandatory_deny"
    assert any(OWES.uscc in note["zh"] for note in said["notes"])
    report = {
        "subject": OWES.uscc, "measure": "procurement_refused", "applied": True,
        "result": "refused", "done_on": _today(), "doc_no": "粤建示例〔2026〕1号",
    }  # fmt: skip
    told = post(office, f"checks/{number}/feedback", key, acknowledged=True, reports=[report])
    assert told.json()["owed"] == 0
    assert get(office, "liftings", key).json() == {"liftings": []}
    gone = debtor(OWES, 名单状态="已移出", 删除日期=_today(), 删除原因="全部履行")
    office.console.deliver("judgement_debtors", written("judgement_debtors", gone))
    (one,) = get(office, "liftings", key).json()["liftings"]
    assert (one["subject"], one["confirmed_at"]) == (OWES.uscc, None)
    assert get(office, "liftings", other).json() == {"liftings": []}
    confirmed = {"withdrawn_on": _today()}
    where = f"liftings/{one['id']}/confirmed"
    assert post(office, where, other, **confirmed).status_code == 404
    assert post(office, where, key, **confirmed).status_code == 200
    again = post(office, "checks", key, subjects=[OWES.uscc], scene="procurement").json()
    assert again["overall"] == "", "what has left a list is never returned"
    _is_nobody_elses(office, other, number, said["digest"])


def _is_nobody_elses(office: Site, other: str, number: str, digest: str) -> None:
    """Neither another body nor any public page shows a check or what was said of it."""
    assert get(office, f"checks/{number}", other).status_code == 404
    for path in (f"/s/{OWES.uscc}", f"/s/{OWES.uscc}.json", "/agencies", f"/agencies/{HOUSING}"):
        answer = office.answer(path)
        for hidden in (number, digest, "粤建示例〔2026〕1号", "不予办理"):
            assert hidden not in answer.text, (path, hidden)
    found, other_found = (office.answer("/search", q=q).text for q in (number, NO_CHECK))
    assert found.replace(number, "") == other_found.replace(NO_CHECK, ""), "as for nonsense"
    proof = office.answer("/verify", n=number, c=digest)
    assert "这份核查文书是真的" in proof.text
    for hidden in (OWES.uscc, OWES.name, "拒绝"):
        assert hidden not in proof.text


def _today() -> str:
    china = dt.timezone(dt.timedelta(hours=8))
    return dt.datetime.now(china).date().isoformat()
