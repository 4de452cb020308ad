"""A form that is refused keeps the documents that came with it."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.faces.counter.world import APPLICATION, PDF, World

from yuexin.engines.cases.models import CaseAct, CasePaper

pytestmark = pytest.mark.usefixtures("undone")


def _tokens(page: str) -> list[str]:
    return re.findall(r'name="k-proof" value="([^"]+)"', page)


def test_documents_of_a_refused_form_need_not_be_chosen_again(world: World) -> None:
    owner = world.sit_down("owner")
    page = f"/counter/apply/penalty_repair/{world.record('6')}"
    proof = SimpleUploadedFile("缴款凭证.pdf", PDF, content_type="application/pdf")
    refused = owner.post(page, {**APPLICATION, "f-phone": "不是号码", "p-proof": proof})
    assert refused.status_code == 400
    tokens = _tokens(refused.content.decode())
    assert len(tokens) == 1
    taken = owner.post(page, {**APPLICATION, "k-proof": tokens})
    case = taken.headers["Location"].removeprefix("/counter/cases/").partition("?")[0]
    assert re.fullmatch(r"XF\d{8}-\d{4}", case)
    assert CasePaper.objects.get(case=case).name == "缴款凭证.pdf"


def test_a_document_that_is_refused_does_not_lose_the_others(world: World) -> None:
    owner = world.sit_down("owner")
    page = f"/counter/apply/penalty_repair/{world.record('6')}"
    good = SimpleUploadedFile("好.pdf", PDF, content_type="application/pdf")
    bad = SimpleUploadedFile("坏.pdf", b"MZ", content_type="application/pdf")
    refused = owner.post(page, {**APPLICATION, "p-proof": [bad, good]})
    assert refused.status_code == 400
    assert "好.pdf" in refused.content.decode()
    assert len(_tokens(refused.content.decode())) == 1


def test_what_names_a_kept_document_cannot_be_made_up(world: World) -> None:
    page = f"/counter/apply/penalty_repair/{world.record('7')}"
    proof = SimpleUploadedFile("缴款凭证.pdf", PDF, content_type="application/pdf")
    sent = world.sit_down("owner").post(page, {**APPLICATION, "f-phone": "x", "p-proof": proof})
    tokens = _tokens(sent.content.decode())
    case = world.apply("7").headers["Location"].removeprefix("/counter/cases/").partition("?")[0]
    world.step("clerk", case, "accept", seen=1)
    world.step("clerk", case, "ask", seen=2, reason="补")
    given = {"f-supplement": "见附件", "k-proof": tokens}
    foreign = {**given, "k-proof": [tokens[0][:-2] + "xx"]}
    assert world.step("owner", case, "supply", seen=3, **foreign).status_code == 302
    assert CasePaper.objects.filter(case=case, act=4).count() == 0
    assert CaseAct.objects.filter(case=case).count() == 4
