"""A body opens a case about a record that it decided, from the record's own page."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import World, paper
from tests.faces.entrance import people

from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct, CaseFile
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.records.models import Record
from yuexin.faces.shared.acting import PURPOSE


@pytest.mark.usefixtures("undone")
def test_a_body_proposes_not_to_publish_what_it_decided(world: World) -> None:
    record = world.record("5")
    about = f"/desk/cases/about/{COMPANY.uscc}/{record}"
    clerk = world.sit_down("clerk")
    assert about in clerk.get(f"/s/{COMPANY.uscc}/records/{record}").content.decode()
    assert f"{about}/withhold_publicity" in clerk.get(about).content.decode()
    page = clerk.get(f"{about}/withhold_publicity").content.decode()
    assert "f-ground" in page
    answer = clerk.post(f"{about}/withhold_publicity", {"f-ground": "nothing", "reason": "r"})
    assert answer.status_code == 400
    ground = page.split('<option value="')[2].split('"')[0]
    answer = clerk.post(f"{about}/withhold_publicity", {"f-ground": ground, "reason": "商业秘密"})
    assert answer.status_code == 302, answer.content.decode()
    assert CaseAct.objects.get(process="withhold_publicity").party == "office"
    # Another body opens nothing about it.
    elsewhere = world.sit_down("elsewhere").get(about).content.decode()
    assert f"{about}/withhold" not in elsewhere
    assert "由作出决定、认定的部门办理" in elsewhere


def test_the_public_page_of_a_record_offers_a_case_to_the_body_that_handles_it(
    world: World,
) -> None:
    record = world.record("5")
    page, about = f"/s/{COMPANY.uscc}/records/{record}", f"/desk/cases/about/{COMPANY.uscc}"
    shown = {part: world.sit_down(part).get(page) for part in ("clerk", "elsewhere", "owner")}
    offers = {part for part, answer in shown.items() if about in answer.content.decode()}
    assert offers == {"clerk"}
    assert about not in Client().get(page).content.decode()
    # An officer is not asked whether he speaks for the entity.
    assert "/counter/apply/objection/" not in shown["clerk"].content.decode()
    assert "/counter/apply/objection/" in shown["owner"].content.decode()


def test_the_file_offers_a_case_about_those_records_only_that_ones_body_handles(
    world: World,
) -> None:
    offered = re.compile(f'"(/desk/cases/about/{COMPANY.uscc}/[0-9a-f-]{{36}})"')
    for part, own in (("clerk", True), ("elsewhere", False)):
        officer = world.sit_down(part)
        session = officer.session
        session[PURPOSE] = "enforcement"
        session.save()
        page = officer.get(f"/desk/subjects/{COMPANY.uscc}").content.decode()
        assert page.count("<article") > page.count("就这条记录立案")
        links = set(offered.findall(page))
        assert (f"/desk/cases/about/{COMPANY.uscc}/{world.record('5')}" in links) == own
        for link in links:
            assert 'class="doors"' in officer.get(link).content.decode(), link


def _at_register(world: World, role: str) -> Client:
    """An officer of the body that registered the company."""
    register = Delivery.objects.get(resource="registration").agency
    account = people.account(f"register_{role}")
    TOTP.activate(account, people.SECRET)
    people.grant(account, role=role, agency=register)
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    return client


@pytest.mark.usefixtures("undone")
def test_the_register_finds_on_the_file_all_that_it_opens_about_a_subject(world: World) -> None:
    about = f"/desk/cases/about/{COMPANY.uscc}"
    for role, side in (("clerk", {"office"}), ("signing_officer", {"office", "signer"})):
        client = _at_register(world, role)
        session = client.session
        session[PURPOSE] = "licensing"
        session.save()
        assert f'"{about}"' in client.get(f"/desk/subjects/{COMPANY.uscc}").content.decode()
        listed = client.get(about).content.decode()
        for process in world.intake.declarations.processes.values():
            for step in process.openings:
                address = f"{about}/{process.id}?step={step.id}"
                if step in process.proposal_steps:
                    address = f"/desk/lists/proposed?process={process.id}"
                opens = process.about == "subject" and bool(side.intersection(step.by))
                opens = opens and process.entity != "sole_trader"
                assert (address in listed) == opens, (role, address)


@pytest.mark.usefixtures("undone")
def test_the_register_opens_a_case_about_a_subject_by_the_step_that_was_asked_for(
    world: World,
) -> None:
    client = _at_register(world, "clerk")
    about = f"/desk/cases/about/{COMPANY.uscc}"
    closed = client.get(f"{about}/market_withdrawal?step=announce").content.decode()
    assert "条件全部符合以后才能立案" in closed
    page = client.get(f"{about}/abnormal_listing?step=verify").content.decode()
    assert "f-cause" in page
    # What a rule proposes is signed in the room of lists, by whoever signs.
    assert client.get(f"{about}/abnormal_listing?step=list_missing_report").status_code == 404
    assert client.get(f"{about}/withhold_publicity").status_code == 404
    cause = page.split('<option value="')[2].split('"')[0]
    given = {"f-cause": cause, "reason": "查无下落"}
    refused = client.post(f"{about}/abnormal_listing?step=verify", given)
    assert "缺少材料“查实的证据”" in refused.content.decode()
    whole = {**given, "p-evidence": paper()}
    answer = client.post(f"{about}/abnormal_listing?step=verify", whole)
    assert answer.status_code == 302, answer.content.decode()
    number = CaseFile.objects.get(process="abnormal_listing").number
    assert number in client.get(answer.headers["Location"]).content.decode()
    assert "正在办理" in client.get(about).content.decode()


def test_the_owner_finds_all_that_it_applies_for_about_itself(world: World) -> None:
    owner = world.sit_down("owner")
    page = owner.get("/counter/").content.decode()
    _, _, listed = page.partition('id="apply"')
    for process in world.intake.declarations.processes.values():
        own = process.about == "subject" and "applicant" in process.opened_by
        assert (f'"/counter/apply/{process.id}"' in listed) == own, process.id
        answer = owner.get(f"/counter/apply/{process.id}")
        assert answer.status_code == (200 if own else 404), process.id


@pytest.mark.usefixtures("undone")
def test_a_process_tells_nothing_of_a_record_that_it_is_not_about(world: World) -> None:
    owner = world.sit_down("owner")
    registered = Record.objects.filter(kind="registration", superseded_at=None)
    own = registered.get(body__uscc=COMPANY.uscc).pk
    answer = owner.get(f"/counter/apply/penalty_repair/{own}")
    assert answer.status_code == 404


@pytest.mark.usefixtures("undone")
def test_before_it_is_opened_a_record_is_told_as_a_release_tells_it(world: World) -> None:
    seen = eligibility_of(
        declarations=world.intake.declarations,
        actor=Actor(id="clerk", role="clerk", agency="environment"),
        process="withhold_publicity", subject=Record.objects.get(pk=world.record("5")).subject,
        record=UUID(world.record("5")), now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    assert seen is not None
    assert seen.about.body == {}, "who names no purpose sees nothing of a record"
