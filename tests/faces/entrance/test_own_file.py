"""An owner reads his own file: more than the public, nobody else's, and nothing that is closed."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from tests.cast import COMPANY, TRADER, Entity, entity
from tests.faces.entrance import people
from tests.intake import Intake
from tests.judging import CHIEF
from tests.state import all_rows, value

from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.engines.access.models import Account, Grant

pytestmark = pytest.mark.usefixtures("undone")

FILE = "/account/file"
REMARK = "内部备注示例不得外传"
PENALTIES = [
    COMPANY.penalty("1", CF_GSJZQ="2028-12-30", CF_SYCX="普通程序", BZ=REMARK),
    COMPANY.penalty("2", CF_ZT="已修复"),
]
LOOKS = "SELECT count(*) FROM journal_entry WHERE stream = 'look'"


@pytest.fixture
def filed(deliver: Intake) -> Intake:
    then = deliver.now - dt.timedelta(days=1)
    if not value("SELECT count(*) FROM delivery"):
        rows = [COMPANY.registration(), TRADER.registration()]
        deliver("registration", rows, now=then)
        deliver("penalties_2018", PENALTIES, agency="environment", now=then)
    return deliver


def owner(login: str = "owner", *, of: str = COMPANY.uscc) -> tuple[Client, Account]:
    holder = people.account(login)
    people.grant(holder, role="owner", agency="", subject_code=of)
    return signed_in(holder), holder


def signed_in(holder: Account) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def page_of(client: Client, address: str = FILE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("filed")
def test_an_owner_sees_fields_and_records_that_the_public_page_lacks(client: Client) -> None:
    public = page_of(client, f"/s/{COMPANY.uscc}")
    own = page_of(owner()[0])
    for said in ("普通程序", "2028年12月30日", "粤环示例罚〔2026〕2号"):
        assert said in own
        assert said not in public
    assert "粤环示例罚〔2026〕1号" in public
    for said in ("粤环示例罚〔2026〕1号", "目录", "来源：", "公众看得到", "公众看不到"):
        assert said in own


@pytest.mark.usefixtures("filed")
def test_what_only_he_sees_is_marked_where_it_stands() -> None:
    public = {record for (record,) in all_rows("SELECT record::text FROM public_row")}
    entries = {
        entry.partition(' id="r')[2][:36]: entry
        for entry in page_of(owner()[0]).split('<article class="entry')[1:]
    }
    assert entries.keys() & public
    assert entries.keys() - public
    for record, entry in entries.items():
        head = entry.partition("<dl")[0]
        assert ("公众看得到" in head) is (record in public)
        assert (f"/records/{record}" in entry) is (record in public)
    (first,) = [entry for entry in entries.values() if "罚〔2026〕1号" in entry]
    assert "公众看不到" in first.partition("适用程序")[2].partition("</dd>")[0]
    assert "公众看不到" not in first.partition("处罚决定文书号")[2].partition("</dd>")[0]


@pytest.mark.usefixtures("filed")
def test_what_no_law_opens_to_him_stays_closed() -> None:
    own = page_of(owner()[0])
    assert REMARK in str(all_rows("SELECT body->>'remarks' FROM record"))
    assert REMARK not in own
    closed = own.partition("不显示的字段")[2]
    assert "备注" in closed


@pytest.mark.usefixtures("filed")
def test_his_file_is_his_subjects_whatever_he_asks_for() -> None:
    other = owner("other", of=TRADER.uscc)[0]
    for crafted in ("", f"?code={COMPANY.uscc}", f"?subject_code={COMPANY.uscc}"):
        page = page_of(other, FILE + crafted)
        assert TRADER.uscc in page
        assert COMPANY.uscc not in page
        assert "普通程序" not in page
    for path in (f"{FILE}/{COMPANY.uscc}", f"{FILE}/"):
        assert other.get(path).status_code == 404
    assert "普通程序" not in page_of(other, f"/s/{COMPANY.uscc}")


@pytest.mark.usefixtures("filed")
def test_who_is_no_owner_is_refused_in_a_sentence(client: Client) -> None:
    away = client.get(FILE)
    assert (away.status_code, away.headers["Location"].partition("?")[0]) == (302, "/sign-in")
    visitors = [signed_in(people.citizen()), signed_in(people.officer()),
                signed_in(people.account("bare"))]  # fmt: skip
    before = value(LOOKS)
    for visitor in visitors:
        answer = visitor.get(FILE)
        assert answer.status_code == 403
        assert "这一页只对主体本人开放" in answer.content.decode()
        assert FILE not in page_of(visitor, "/account")
    assert value(LOOKS) == before


@pytest.mark.usefixtures("filed")
def test_an_ended_grant_opens_it_no_more() -> None:
    client, holder = owner()
    assert FILE in page_of(client, "/account")
    assert "普通程序" in page_of(client)
    people.end(Grant.objects.get(account=holder))
    answer = client.get(FILE)
    assert answer.status_code == 403
    assert "普通程序" not in answer.content.decode()


@pytest.mark.usefixtures("filed")
def test_who_acts_by_another_grant_is_refused_until_he_acts_for_the_subject() -> None:
    holder = people.account("both")
    citizen = people.grant(holder, role="citizen", agency="")
    mine = people.grant(holder, role="owner", agency="", subject_code=COMPANY.uscc)
    client = signed_in(holder)
    assert "请先选择以哪一项授权办事" in client.get(FILE).content.decode()
    for grant, status in ((citizen, 403), (mine, 200), (uuid4(), 200)):
        client.post("/account/grant", {"grant": str(getattr(grant, "pk", grant))})
        assert client.get(FILE).status_code == status


@pytest.mark.usefixtures("filed")
def test_nobody_keeps_it_and_no_engine_indexes_it() -> None:
    answer = owner()[0].get(FILE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


@pytest.mark.usefixtures("filed")
def test_his_look_is_journaled_and_is_not_among_those_of_others() -> None:
    client, _ = owner()
    before = value(LOOKS)
    page_of(client)
    assert value(LOOKS) == before + 1
    assert "还没有人看过" in page_of(client, "/account").partition('id="looks"')[2]


@pytest.mark.usefixtures("filed")
def test_a_subject_of_which_nothing_came_yet_has_no_file() -> None:
    answer = owner(of=entity(7).uscc)[0].get(FILE)
    assert answer.status_code == 404
    assert "还没有收到本主体的登记信息" in answer.content.decode()


@pytest.mark.usefixtures("filed")
def test_an_owner_takes_the_public_report_of_his_own_subject(client: Client) -> None:
    own, _ = owner()
    assert f'action="{FILE}/report"' in page_of(own)
    answer = own.post(f"{FILE}/report", {"edition": "en"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert client.post(f"/s/{COMPANY.uscc}/report").status_code == 200
    issued = all_rows("SELECT asked_by, about, language, facts_sha256 FROM issued_paper ORDER BY 1")
    (mine, public) = issued
    assert mine[:3] == ("own", COMPANY.uscc, "en")
    assert public[:3] == ("public", COMPANY.uscc, "zh")
    assert mine[3] == public[3]


def test_a_report_of_ones_own_is_for_owners_only(client: Client) -> None:
    assert client.post(f"{FILE}/report").status_code == 302
    stranger = signed_in(people.citizen())
    assert stranger.post(f"{FILE}/report").status_code == 403
    guarded = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    guarded.force_login(people.citizen("other"))
    assert guarded.post(f"{FILE}/report").status_code == 403


@pytest.mark.usefixtures("filed")
def test_his_page_draws_what_he_reads() -> None:
    page = page_of(owner()[0])
    assert 'aria-labelledby="time-title time-said"' in page


# --- a code that goes on under another one ---


@pytest.fixture
def joined(filed: Intake, undone: None) -> Intake:
    """The sole trader that became the company: the same licence was told under both codes."""
    del undone
    then = filed.now - dt.timedelta(hours=2)
    filed("licences_2018", [TRADER.licence("1", XK_XDR_SWDJ="51010120")], now=then)
    same = COMPANY.licence("1", XK_XDR_SWDJ="61010120")
    filed("licences_2018", [same, COMPANY.licence("2", XK_XDR_SWDJ="61010121")], now=filed.now)
    judge_pair(
        declarations=filed.declarations, actor=CHIEF, code=TRADER.uscc, other=COMPANY.uscc,
        opinion=PairOpinion(verdict="same", reason="个转企"), now=filed.now,
    )  # fmt: skip
    return filed


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(("mine", "other"), [(TRADER, COMPANY), (COMPANY, TRADER)])
def test_an_owner_of_either_code_reads_the_joined_file(mine: Entity, other: Entity) -> None:
    client, _ = owner(of=mine.uscc)
    page = page_of(client)
    assert f"您代表的代码 {mine.uscc} 与 {other.uscc} 经认定为同一主体" in page
    entries = page.split('<article class="entry')[1:]
    theirs = [entry for entry in entries if f"记在代码 {other.uscc} 名下" in entry]
    assert theirs
    assert not any("不显示的字段" in entry or "公众看不到" in entry for entry in theirs)
    mark = {TRADER.uscc: "51010120", COMPANY.uscc: "6101012"}
    assert mark[mine.uscc] in page
    assert mark[other.uscc] not in page
    assert ("普通程序" in page) is (mine is COMPANY)


@pytest.mark.usefixtures("joined")
def test_a_fact_told_under_both_codes_is_public_to_either_owner(client: Client) -> None:
    page = page_of(owner(of=TRADER.uscc)[0])
    (licence,) = [one for one in page.split('<article class="entry')[1:] if "51010120" in one]
    assert "公众看得到" in licence.partition("<dl")[0]
    address = licence.partition('class="permanent"><a href="')[2].partition('"')[0]
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize("mine", [TRADER, COMPANY])
def test_an_owner_of_either_code_takes_the_report(mine: Entity) -> None:
    answer = owner(of=mine.uscc)[0].post(f"{FILE}/report")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert all_rows("SELECT asked_by, about FROM issued_paper") == [("own", mine.uscc)]
