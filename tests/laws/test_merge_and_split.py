"""Merge, use, take back, split: what is derived follows at each step, a rebuild agrees with it, and
at the end everything reads as before (laws 2 and 5)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.cast import CLERK, PUBLIC, Entity, entity
from tests.clock import standing
from tests.domains.credit.handling.rows import abnormal, dishonest
from tests.intake import Intake, Row
from tests.judging import CHIEF, held_row, judge, last_number
from tests.state import all_rows, current_facts, state, undone

from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.verification import verify
from yuexin.domains.credit.checking import check_file, check_number
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.operations import issue_report
from yuexin.domains.credit.queries import (
    checked,
    credit_file,
    document,
    export,
    sitemap_codes,
    whole_document,
)
from yuexin.domains.credit.types import CreditFile
from yuexin.domains.subjects.judgements import Verdict
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.types import Issued

pytestmark = pytest.mark.usefixtures("database")

OLD, NEW, OTHER = entity(11), entity(12), entity(13)
SECOND = Actor(id="chief-he", role="chief", agency="data_bureau", purpose="data_quality")
OWNERS = [Actor(id=one.name, role="owner", subject_code=one.uscc) for one in (OLD, NEW)]
HOUR = dt.timedelta(hours=1)
# Later than every step: a page tells of what was corrected by then.
AFTERWARDS = dt.timedelta(days=7)
# Of a file that was joined, and parted again, the public is told so: all the rest reads as before.
NOTE = re.compile(r'<p class="notice"><[^>]*>[^<]*更正说明.*?</p>\n', re.S)


@dataclass
class World:
    """Two codes of one firm, and another firm. Each step is later than the last."""

    deliver: Intake
    client: Client
    now: dt.datetime

    def later(self) -> dt.datetime:
        self.now += HOUR
        return self.now

    def send(self, resource: str, *rows: Row, **said: Any) -> None:
        # Each file under a name of its own.
        name = f"{self.now:%d%H}-{resource}.csv"
        self.deliver(resource, rows, now=self.later(), name=name, **said)

    def founded(self) -> None:
        """Registers, facts of both to their advantage and not, lists; a row without a code."""
        self.send("registration", OLD.registration(核准日期="2015-05-18"), NEW.registration(),
                  OTHER.registration())  # fmt: skip
        self.send("licences_2018", OLD.licence("1"), NEW.licence("1"), NEW.licence("2"))
        self.send("penalties_2018", OLD.penalty("1"), NEW.penalty("3"), OTHER.penalty("4"))
        self.send("abnormal_operations", abnormal(OLD))
        self.send("serious_dishonesty", dishonest(NEW))
        nameless = {"CF_XDR_SHXYM": "", "CF_XDR_MC": f"{OLD.name[:-4]}他名有限公司", "CF_FRDB": ""}
        self.send("penalties_2018", OLD.penalty("5", **nameless))

    def pair(self, verdict: Verdict, actor: Actor = CHIEF) -> bool:
        """What a person says of the two codes; whether it waits for a second one."""
        said = judge_pair(
            declarations=self.deliver.declarations,
            actor=actor,
            code=OLD.uscc,
            other=NEW.uscc,
            opinion=PairOpinion(verdict=verdict, reason="试一试", seen=last_number()),
            now=self.later(),
        )
        return said.awaits

    def row(self, verdict: Verdict) -> None:
        """What a person says of the row without a code."""
        said = judge(
            self.deliver, held_row(), verdict, OLD.uscc, now=self.later(), reason="经办人核实"
        )
        assert said is not None

    def issue(self, of: Entity) -> Issued:
        issued = issue_report(
            code=of.uscc, language="zh", asked_by="public", verify_at="", home=self.deliver.home,
            actor=PUBLIC, now=self.now,
        )  # fmt: skip
        assert issued is not None
        return issued

    def outcome(self, issued: Issued) -> str:
        """What `/verify` says, by number and by the file alike."""
        found = check_number(number=issued.number, code=issued.code, now=self.now)
        assert found == check_file(data=issued.file, now=self.now)
        return found.outcome

    def file(self, of: Entity, actor: Actor = PUBLIC) -> CreditFile:
        found = credit_file(actor=actor, code=of.uscc, on=None, now=self.now)
        assert found is not None
        return found

    def finding(self, of: Entity, rule: str, actor: Actor = CLERK) -> str:
        return {one.rule: one.outcome for one in self.file(of, actor).head.verdicts}[rule]

    def is_clean(self) -> None:
        """Made again from what came in and what was judged it is the same, and it verifies."""
        found = rebuild(
            home=self.deliver.home, declarations=self.deliver.declarations, check=True,
            now=self.now,
        )  # fmt: skip
        assert found.differences == ()
        assert verify(home=self.deliver.home, now=self.now).problems == ()

    def reads(self) -> Mapping[str, Any]:
        """Everything that is derived, as its readers read it, at one and the same moment."""
        return dict(self._read(self.deliver.now))

    def _read(self, now: dt.datetime) -> Iterator[tuple[str, Any]]:
        yield "facts", current_facts()
        for one in (OLD, NEW, OTHER):
            for actor in (PUBLIC, CLERK, *OWNERS):
                who = f"{one.name} read by {actor.id}"
                yield f"file {who}", credit_file(actor=actor, code=one.uscc, on=None, now=now)
                yield (
                    f"document {who}",
                    whole_document(actor=actor, code=one.uscc, on=None, now=now),
                )
            for text in (one.uscc, one.name, one.reg_no):
                yield f"search {text}", export(actor=PUBLIC, query=Query(text=text), now=now).hits
            for path in ("/s/{}", "/s/{}/timeline", "/s/{}.json", "/api/v1/subjects/{}"):
                yield path.format(one.uscc), NOTE.sub("", self.page(path.format(one.uscc)).decode())
        lines = [OLD.uscc, NEW.name, OTHER.reg_no]
        yield "list", checked(actor=PUBLIC, lines=lines, now=now)
        yield "sitemap", sitemap_codes(actor=PUBLIC, page=1)
        for path in ("/search.csv?q=示例", "/agencies/environment/penalty", "/sitemap.xml?page=1"):
            yield path, self.page(path)

    def page(self, path: str) -> bytes:
        with standing(self.deliver.now + AFTERWARDS):
            answer = self.client.get(path, follow=True)
        assert answer.status_code == 200, path
        return b"".join(answer) if answer.streaming else answer.content

    def corrected(self) -> list[str]:
        """Whose public pages say that they held what was not their own."""
        return [
            one.name
            for one in (OLD, NEW, OTHER)
            if NOTE.search(self.page(f"/s/{one.uscc}").decode())
        ]

    def lines_of(self, *lines: str) -> list[str]:
        """Under which code each line of an uploaded list is answered, as it is taken home."""
        answer = self.client.post("/batch", {"lines": "\n".join(lines), "as": "csv"})
        assert answer.status_code == 200
        text = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8-sig")
        codes = (OLD.uscc, NEW.uscc, OTHER.uscc)
        rows = list(csv.reader(io.StringIO(text)))[1:]
        return [next((c for c in codes if c in row[3:]), "") for row in rows]


@pytest.fixture
def world(deliver: Intake, client: Client) -> Iterator[World]:
    with undone():
        made = World(deliver=deliver, client=client, now=deliver.now - 200 * HOUR)
        made.founded()
        yield made


def test_merge_use_take_back_and_split_leave_everything_as_it_was(world: World) -> None:
    before = world.reads()
    of_old, of_new = world.issue(OLD), world.issue(NEW)
    assert Waiting.objects.count() == 1
    world.is_clean()

    # A row without a code is judged: it stands in the file of the old code.
    world.row("same")
    assert (Waiting.objects.count(), LedRow.objects.count()) == (0, 1)
    assert world.outcome(of_old) == "outdated"
    world.is_clean()
    judged, of_judged = world.reads(), world.issue(OLD)
    assert judged != before

    # One person alone joins nothing where both files hold adverse facts.
    assert world.pair("same")
    assert world.reads() == judged
    world.is_clean()

    # The second one does: one file, under either code, and all that is derived of it.
    assert not world.pair("same", SECOND)
    world.is_clean()
    _is_one_file(world)
    assert world.outcome(of_judged) == world.outcome(of_new) == "outdated"

    # It is used.
    of_both = world.issue(OLD)
    assert world.outcome(of_both) == "same"
    _is_used(world)
    world.is_clean()

    # The judgement is taken back: the report says so, and each file is its own again.
    world.pair("taken_back")
    assert world.outcome(of_both) == "outdated"
    assert world.outcome(of_judged) == world.outcome(of_new) == "same"
    assert world.reads() == judged
    assert world.corrected() == [OLD.name, NEW.name]
    world.is_clean()

    # So is the row's.
    world.row("taken_back")
    assert (Waiting.objects.count(), LedRow.objects.count()) == (1, 0)
    assert world.outcome(of_old) == "same"
    assert world.reads() == before
    world.is_clean()

    # And whoever rebuilds for good reads the same.
    living = state()
    rebuild(
        home=world.deliver.home, declarations=world.deliver.declarations, check=False,
        now=world.now,
    )  # fmt: skip
    assert state() == living
    assert world.reads() == before
    assert world.outcome(of_old) == "same"


def _is_one_file(world: World) -> None:
    for one in (OLD, NEW):
        assert world.file(one).head.code == NEW.uscc
        # The old code's entry on one list and the new one's on the other are of one file.
        assert world.finding(one, "abnormal_operations_now") == "listed"
        assert world.finding(one, "serious_dishonesty_now") == "listed"
        found = export(actor=PUBLIC, query=Query(text=one.name), now=world.now)
        assert [hit.code for hit in found.hits] == [NEW.uscc]
        assert NEW.uscc in world.client.get(f"/s/{one.uscc}", follow=True).content.decode()
    verdicts = all_rows("SELECT s.code FROM verdict v JOIN subject s ON s.id = v.subject")
    assert {code for (code,) in verdicts} == {NEW.uscc, OTHER.uscc}
    assert world.finding(OTHER, "abnormal_operations_now") == "not_listed"


def _is_used(world: World) -> None:
    officer = world.file(OLD, CLERK)
    kinds = sorted(entry.kind for section in officer.sections for entry in section.entries)
    # Of the licence told under both codes one.
    assert kinds == sorted(
        ["registration", "licence", "licence", *["penalty"] * 3,
         "abnormal_operation", "serious_dishonesty"]
    )  # fmt: skip
    assert world.lines_of(OLD.uscc, NEW.name, OLD.name, OTHER.uscc) == [NEW.uscc] * 3 + [OTHER.uscc]
    table = world.page("/search.csv?q=示例").decode()
    assert (table.count(NEW.uscc), table.count(OLD.uscc)) == (1, 0)
    both = [document(actor=PUBLIC, code=one.uscc, now=world.now) for one in (OLD, NEW)]
    assert both[0] == both[1]
    assert both[0] is not None
    assert len(json.loads(both[0])["records"]) == len(kinds) + 1  # Both states of the register.


def used(world: World, *, joined: bool) -> None:
    """What comes while the codes are, or are not, joined; at the same moments."""
    verdict: Verdict = "same" if joined else "unsure"
    world.pair(verdict)
    world.pair(verdict, SECOND)
    world.send("penalties_2018", OLD.penalty("1", CF_NR_FK="5"), OLD.penalty("6"))
    world.send("licences_2018", OLD.licence("1", XK_ZT="撤销"), NEW.licence("7"))
    world.send("registration", NEW.registration(核准日期="2026-03-20", 登记状态="4"))
    world.send("abnormal_operations", {**abnormal(OLD), "移出日期": "2026-11-02"})
    world.row("same")
    world.pair("taken_back")


def test_what_comes_while_codes_are_joined_is_each_ones_own_after_a_split(
    deliver: Intake, client: Client
) -> None:
    found = []
    for joined in (False, True):
        with undone():
            world = World(deliver=deliver, client=client, now=deliver.now - 200 * HOUR)
            world.founded()
            used(world, joined=joined)
            found.append(world.reads())
            world.is_clean()
    never, split = found
    assert split == never
