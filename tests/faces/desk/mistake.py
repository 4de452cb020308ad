"""A row that was judged another's, looked at in its file, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from tests.cast import COMPANY
from tests.faces.desk.world import World
from tests.judging import judge

from yuexin.domains.collection.models import LedRow, Waiting

WRONG = "粤环示例罚〔2026〕31号"
REASON = "另有一家同名企业"


@dataclass
class Mistake:
    """One in this world. `made` gives the number of the judgement that undoes it."""

    world: World

    def waits(self) -> Callable[[], Waiting | LedRow]:
        nameless = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="", CF_WSH=WRONG)
        delivery = int(self.world.intake("penalties_2018", [nameless])["batch_id"])
        return lambda: (
            Waiting.objects.filter(delivery=delivery).first()
            or LedRow.objects.get(delivery=delivery)
        )

    def made(self, *parts: str, code: str = COMPANY.uscc) -> int:
        row = self.waits()
        # The pages tell the time themselves.
        judge(self.world.intake, row(), "same", code, now=now())
        for part in parts:
            self.look(part, code)
        number = judge(self.world.intake, row(), "taken_back", code, now=now(), reason=REASON)
        assert number is not None
        return number

    def look(self, part: str, code: str = COMPANY.uscc) -> None:
        browser = self.sit(part)
        assert WRONG in browser.get(f"/desk/subjects/{code}").content.decode()

    def sit(self, part: str) -> Client:
        return self.world.sit_down(part, purpose="licensing")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
