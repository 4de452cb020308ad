"""Officers check before they handle: one firm is eased, another refused and later released."""

from __future__ import annotations

import pytest
from tests.cast import Entity
from tests.domains.credit.handling.rows import debtor, grade_a
from tests.stories import printed
from tests.stories.pages import Node
from tests.stories.province import TODAY, ago
from tests.stories.town import Town
from tests.stories.townsfolk import FALLEN, GOOD, NOBODY, OWES
from tests.stories.visitor import Visitor, form_with, link, main_form

ROOM = "/desk/handling"
LIFTINGS = f"{ROOM}/liftings"
CASE = "粤采示例〔2026〕81号"
HOUSING, COMMERCE = "广东省住房和城乡建设厅", "广东省商务厅"
MOST_ACTIONS = 3


@pytest.fixture(scope="module", autouse=True)
def _listed(town: Town) -> None:
    """Today the tax service names two of grade A, and the court two debtors: one is both."""
    graded = {"评价年度": str(TODAY.year - 1), "公布日期": ago(30)}
    town.deliver("tax_a_grades", grade_a(GOOD, **graded), grade_a(FALLEN, **graded))
    town.deliver("judgement_debtors", debtor(FALLEN, "81"), debtor(OWES, "82"))


@pytest.fixture(scope="module")
def buyer(town: Town) -> Visitor:
    """Of the department of housing."""
    return town.enter("buyer")


def checked(officer: Visitor, firm: Entity, scene: str) -> Node:
    """From the room to the answer: one press."""
    form = next(f for f in officer.open(ROOM).one("main").all("form") if f.all("textarea"))
    return officer.submit(form, scene=scene, lines=firm.uscc, case_no=CASE)


# --- the green channel ---


def test_who_is_of_grade_a_gets_the_green_channel_for_his_case(town: Town, buyer: Visitor) -> None:
    page = checked(buyer, GOOD, "licensing")
    for said in ("可予便利", "绿色通道", "守信主体容缺受理", CASE):
        assert said in page.text, said
    done = buyer.submit(form_with(page, "tax_grade_a_eased"), result="green_channel", applied="1")
    assert "已反馈" in done.text
    assert "绿色通道" in buyer.open(buyer.at).text
    owner = town.enter("good")
    told = owner.open("/counter/commitments")
    form = form_with(told, "papers_to_come")
    made = owner.submit(form, commitment="papers_to_come", agreed="1", case_no=CASE)
    assert "回执第" in made.text
    town.visitor().until("/commitments", GOOD.name)


def test_who_stands_in_an_adverse_list_too_is_not_eased(buyer: Visitor) -> None:
    page = checked(buyer, FALLEN, "licensing").one("main").text
    assert "可予便利" not in page
    assert "守信激励" in page, "it is said that and why it is lost"
    assert "失信被执行人" in page


def test_of_whom_nothing_is_known_nothing_is_eased(buyer: Visitor) -> None:
    page = checked(buyer, NOBODY, "licensing").one("main").text
    assert "可予便利" not in page
    assert "须人工核实" in page


# --- refused, and released ---


def test_a_debtor_is_refused_on_paper_and_once_released_every_body_confirms(
    town: Town, buyer: Visitor
) -> None:
    page = checked(buyer, OWES, "procurement")
    actions = 1
    for said in ("依法不予办理", "（2025）粤0606执示例82号", "须确认知悉"):
        assert said in page.text, said
    address = buyer.at
    proven(town, buyer, page)
    refused_on_paper(buyer, address)
    done = buyer.submit(form_with(buyer.open(address), "procurement_refused"), applied="1")
    actions += 1
    assert "已反馈" in done.text
    assert actions <= MOST_ACTIONS
    other = town.enter("other.buyer")
    other.submit(form_with(checked(other, OWES, "procurement"), "procurement_refused"), applied="1")
    assert "没有须解除的措施" in buyer.open(LIFTINGS).text

    gone = {"名单状态": "已移出", "删除日期": TODAY.isoformat(), "删除原因": "全部履行"}
    town.deliver("judgement_debtors", debtor(OWES, "82", **gone))
    for officer in (buyer, other):
        assert f"须解除对{OWES.name}的措施" in officer.until("/account/notices", OWES.name).text
    chief = town.enter("chief")
    missing = chief.until(LIFTINGS, COMMERCE).text
    assert HOUSING in missing
    assert OWES.uscc not in missing, "of whom is theirs alone"
    told = buyer.until(LIFTINGS, OWES.uscc)
    assert "已确认" in buyer.submit(main_form(told)).text
    left = chief.open(LIFTINGS).text
    assert COMMERCE in left, "who has not confirmed is listed"
    assert HOUSING not in left
    again = checked(buyer, OWES, "procurement").one("main").text
    assert "不予办理" not in again, "what has left a list is never returned"


def proven(town: Town, buyer: Visitor, page: Node) -> None:
    """The proof says all of it on paper, and anybody may verify that it is genuine, no more."""
    form = next(f for f in page.all("form") if f.attributes.get("action", "").endswith("/proof"))
    paper = buyer.taken(form)
    said = printed.text(paper)
    for part in (OWES.uscc, CASE, "（2025）粤0606执示例82号"):
        assert part in said, part
    n, c = printed.number_and_code(paper)
    verified = town.visitor().open(f"/verify?n={n}&c={c}").text
    assert "这份核查文书是真的" in verified
    assert OWES.uscc not in verified


def refused_on_paper(buyer: Visitor, address: str) -> None:
    """The refusal gives reasons and remedies, as a draft first, and is signed once."""
    where = f"{address}/refusal"
    draft = printed.text(buyer.client.get(where, params={"subject": OWES.uscc}).content)
    signing = buyer.open(link(buyer.open(address), f"{address}/signing"))
    for said in ("决定书全文", "行政复议", "（2025）粤0606执示例82号"):
        assert said in signing.text, said
    signed = buyer.submit(main_form(signing))
    assert "不予办理决定已签发" in signed.text
    handing = next(f for f in signed.all("form") if "下载已签发" in f.text)
    paper = printed.text(buyer.taken(handing))
    for said in ("行政复议", "行政诉讼", "政府采购", "（2025）粤0606执示例82号"):
        assert said in draft, said
        assert said in paper, said
    assert f"{TODAY.year}年{TODAY.month}月{TODAY.day}日" in paper
