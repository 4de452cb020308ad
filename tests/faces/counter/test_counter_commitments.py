"""Commitments at the counter, the draws at the desk, and what the public reads of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.base.dates import today
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.releases.models import ReleaseRow
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def registered(database: str, home: Home, deliver: Intake) -> Iterator[Intake]:
    del database
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch, PASSWORD_HASHERS=QUICK):
        deliver("registration", [COMPANY.registration()])
        deliver("annual_reports", [COMPANY.report(2025)])
        yield deliver


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def signed_in(login: str, **grant: str) -> Client:
    holder = people.officer(login) if grant.get("agency") else None
    if holder is None:
        holder = people.account(login)
    people.grant(holder, **grant)
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def test_a_commitment_is_made_at_the_counter_and_listed_for_everybody(
    registered: Intake, client: Client
) -> None:
    owner = signed_in("owner", role="owner", agency="", subject_code=COMPANY.uscc)
    page = text(owner, "/counter/commitments")
    assert page.count("<summary>") == 7
    assert "不能自行撤回" in page
    said = {"commitment": "volunteered", "matter": "年终促销"}
    missing = owner.post("/counter/commitments", said)
    assert missing.status_code == 400
    assert missing.content.decode().count('value="年终促销"') == 1, "what was typed stays"
    typed = {"commitment": "volunteered", "agreed": "1", "matter": "<b>诚信</b>"}
    assert owner.post("/counter/commitments", typed).status_code == 302
    registered.settle()
    listed = text(client, "/commitments?type=05")
    assert COMPANY.name in listed
    assert "<b>诚信" not in listed
    assert COMPANY.name not in text(client, "/commitments?type=01")
    assert client.get("/commitments?type=99").status_code == 404
    assert client.get("/commitments?page=99").status_code == 404


def test_how_many_have_filed_is_a_page_with_tables(registered: Intake, client: Client) -> None:
    del registered
    page = text(client, "/filings?year=2025")
    assert "应报 1 户" in page
    assert page.count("<caption") >= 4
    assert client.get("/filings?year=1999").status_code == 404
    assert client.get("/draws/7").status_code == 404
    assert client.get("/draws/7/population.txt").status_code == 404


def test_anybody_tells_of_a_false_report_without_an_account(
    registered: Intake, client: Client
) -> None:
    del registered
    row = ReleaseRow.objects.get(kind="annual_report")
    record = f"/s/{COMPANY.uscc}/records/{row.record}"
    assert f"{record}/tell" in text(client, record)
    assert "10 到 1000 个字" in text(client, f"{record}/tell")
    assert client.post(f"{record}/tell", {"what": "假"}).status_code == 400
    answer = client.post(f"{record}/tell", {"what": "从业人数与实际不符，门店只有三人"})
    case = CaseFile.objects.get(process="false_report_told")
    assert answer.status_code == 302
    told = client.get(answer.headers["Location"])
    assert case.number in told.content.decode()
    assert "no-store" in told["Cache-Control"]
    where = answer.headers["Location"]
    assert where.startswith("/told/")
    assert client.get(f"/told/{case.number}").status_code == 404, "the number alone opens nothing"
    assert client.get(f"{where[:-1]}{'a' if where[-1] != 'a' else 'b'}").status_code == 404
    assert f"{record}/tell" in text(client, f"/s/{COMPANY.uscc}")


def test_whoever_tells_too_often_keeps_what_he_wrote(registered: Intake, client: Client) -> None:
    del registered
    row = ReleaseRow.objects.get(kind="annual_report")
    record = f"/s/{COMPANY.uscc}/records/{row.record}"
    said = "从业人数与实际不符，门店只有三人"
    for _ in range(9):
        short = client.post(f"{record}/tell", {"what": "门店"})
        assert short.status_code == 400, "what is refused is not counted"
    assert 'aria-invalid="true"' in short.content.decode()
    for _ in range(7):
        last = client.post(f"{record}/tell", {"what": said})
    assert last.status_code == 429
    assert f"{said}</textarea>" in last.content.decode()
    assert int(last.headers["Retry-After"]) > 0
    assert client.get(f"/s/{COMPANY.uscc}/records/{row.subject}/tell").status_code == 404


def test_a_draw_is_announced_at_the_desk(registered: Intake, client: Client) -> None:
    del registered
    officer = signed_in("head", role="signing_officer", agency="market_regulation")
    officer.post("/account/grant", {"grant": _grant("head")})
    for period in ("20x5", "", "0", "99999", "2999"):
        given = {"filing": "annual_report", "period": period}
        assert officer.post("/desk/draws", given).status_code == 400, period
    answer = officer.post("/desk/draws", {"filing": "annual_report", "period": "2025"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert "起由本部门另一人抽取" in text(officer, "/desk/draws")
    assert officer.post("/desk/draws", {"draw": "1"}).status_code == 400
    page = text(client, "/draws/1")
    assert "尚未抽取" in page
    assert "每千份至少 30 份" in page
    assert "年度年度" not in page
    assert "届时公布在本页" in page
    assert "yuexin-draw/1" in page


def _grant(login: str) -> str:
    from yuexin.engines.access.models import Account
    from yuexin.engines.access.queries import grants_of

    on = today(dt.datetime.now(dt.UTC))
    held = grants_of(account=Account.objects.get(login=login).pk, on=on)
    return str(next(one.id for one in held if one.agency == "market_regulation"))
