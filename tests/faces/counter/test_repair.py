"""A penalty is repaired after its minimum, over HTTP, from the owner's page to gone everywhere."""

from __future__ import annotations

from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import World

from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile


def _applied(world: World, number: str) -> str:
    answer = world.apply(number)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def test_a_repaired_penalty_is_gone_from_every_outlet(world: World, client: Client) -> None:
    address = f"/s/{COMPANY.uscc}/records/{world.record('1')}"
    assert client.get(address).status_code == 200
    case = _applied(world, "1")
    assert world.step("clerk", case, "accept", seen=1).status_code == 302
    assert world.step("signer", case, "grant", seen=2).status_code == 302
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    assert CaseFile.objects.get(number=case).state == "repaired"
    assert client.get(address).status_code == 404
    assert "〔2026〕1号" not in client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert "〔2026〕1号" not in client.get(f"/s/{COMPANY.uscc}.json").content.decode()
    assert CaseAct.objects.filter(case=case).count() == 3
