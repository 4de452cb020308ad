"""A body opens a case about a record that it decided, from the record's own page."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from tests.cast import COMPANY
from tests.faces.counter.world import World

from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.records.models import Record


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
    assert f"{about}/withhold" not in world.sit_down("elsewhere").get(about).content.decode()


@pytest.mark.usefixtures("undone")
def test_a_process_tells_nothing_of_a_record_that_it_is_not_about(world: World) -> None:
    owner = world.sit_down("owner")
    registered = Record.objects.filter(kind="registration", superseded_at=None)
    own = registered.get(body__uscc=COMPANY.uscc).pk
    answer = owner.get(f"/counter/apply/penalty_repair/{own}")
    assert answer.status_code == 400
    assert "不办理这类信息" in answer.content.decode()


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
