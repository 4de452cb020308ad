"""A body opens a case about a record that it decided, from the record's own page."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY
from tests.faces.counter.world import World

from yuexin.engines.cases.models import CaseAct


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
