"""A platform that lives through casework, day after day, with whoever takes part in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from tests.intake import Intake
from tests.laws.casework import Opened, Stepped, Work, Worked, founding
from tests.laws.events import ENTITIES, Sent
from tests.state import all_rows

from yuexin.base.errors import Refusal
from yuexin.domains.collection.operations import judge_again
from yuexin.domains.collection.outcomes import carry_out
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.acts import Case, case_of
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.cases.operations import open_case, take_due, take_step
from yuexin.engines.cases.queries import choices_of, pending_acts
from yuexin.engines.cases.stepping import BACK, followers
from yuexin.engines.cases.types import About, KeptPaper
from yuexin.engines.declare.types import CodeList, FormField, Process, Step

REGISTRAR: Final = "market_regulation"
DECIDES: Final = {"penalty": "environment", "licence": "environment"}
WORDS: Final = "试一试"
EYES: Final = 3
OF_KINDS: Final = """
SELECT r.subject, r.id, r.kind, s.code, d.agency FROM record r
JOIN subject s ON s.id = r.subject JOIN delivery d ON d.number = r.delivery
WHERE r.superseded_at IS NULL AND r.kind = ANY(%s) {AND}
ORDER BY s.code, r.kind, r.source_key
"""
OF_CODES: Final = """
SELECT id, NULL, '', code, %s FROM subject WHERE code = ANY(%s) ORDER BY code
"""
# A subject, perhaps a record of a kind, the subject's code, and who told it.
_About = tuple[UUID, UUID | None, str, str, str]


@dataclass(kw_only=True)
class Office:
    """Each event some days after the last one; `days` are those on which something happened."""

    deliver: Intake
    now: dt.datetime
    opened: list[str] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)

    def founded(self) -> Office:
        """With what it begins with."""
        for sent in founding():
            self.send(sent)
        return self

    def lives(
        self, history: Sequence[object], *, otherwise: Callable[[object], None] | None = None
    ) -> None:
        """Live through it until today; `otherwise` does what is neither a delivery nor casework."""
        self.now = self.deliver.now - dt.timedelta(days=sum(map(_days, history)) + 1)
        for event in history:
            self.now += dt.timedelta(days=_days(event), minutes=1)
            self.days.append(self.now.date())
            match event:
                case Sent():
                    self.send(event)
                case Opened():
                    self.open(event)
                case Stepped():
                    self.step(event)
                case Worked():
                    self.work(*event.work)
                case _:
                    assert otherwise is not None, event
                    otherwise(event)

    def send(self, sent: Sent) -> None:
        self.deliver(sent.resource, sent.rows, agency=sent.agency, now=self.now)

    def open(self, asked: Opened) -> None:
        """Open it, or be refused."""
        process = self.deliver.declarations.processes[asked.process]
        found = self._about(process)
        if not found:
            return
        step = process.openings[asked.said % len(process.openings)]
        with self._refused_whole():
            self._open(process, step, found[asked.place % len(found)], asked.by, asked.said)

    def opens(self, process: str, step: str, *, kind: str, key: str) -> None:
        """Whoever may does open it about the one record of this kind whose key holds this."""
        declared = self.deliver.declarations.processes[process]
        (about,) = all_rows(OF_KINDS.format(AND="AND r.source_key LIKE %s"), [kind], f"%{key}%")
        self._open(declared, declared.by_step[step], about, len(self.taken) + 1, 0)

    def step(self, asked: Stepped) -> None:
        """Take it, or be refused."""
        case = self.case(self.opened[-1 - asked.place % len(self.opened)]) if self.opened else None
        steps = followers(process=case.process, state=case.standing.state) if case else ()
        if case is None or not steps:
            return
        onward = [one for one in steps for _ in range(3 if _goes_on(case.process, one) else 1)]
        with self._refused_whole():
            self._take(case, onward[asked.step % len(onward)], asked.by, asked.said)

    def takes(self, process: str, step: str) -> None:
        """Whoever may does take this step of the one case of this process."""
        (case,) = [one for one in map(self.case, self.opened) if one.process.id == process]
        self._take(case, case.process.by_step[step], len(self.taken) + 1, 0)

    def _open(self, process: Process, step: Step, about: _About, by: int, said: int) -> None:
        subject, record, kind, code, agency = about
        of = About(subject=subject, code=code, name="", kind=kind)
        number = open_case(
            declarations=self.deliver.declarations, process=process.id, subject=subject,
            record=record, actor=_actor(step, code, DECIDES.get(kind, agency), by),
            form=self._form(process, step, of, said), papers=_papers(step), reason=WORDS,
            now=self.now, step=step.id,
        )  # fmt: skip
        self.opened.append(number)
        self.taken.append((number, step.id))

    def _take(self, case: Case, step: Step, by: int, said: int) -> None:
        take_step(
            declarations=self.deliver.declarations, case=case.number, step=step.id,
            actor=_actor(step, case.about.code, case.office, by), seen=case.rows[-1].number,
            form=self._form(case.process, step, case.about, said), papers=_papers(step),
            reason=WORDS, now=self.now,
        )  # fmt: skip
        self.taken.append((case.number, step.id))

    def work(self, *work: Work) -> None:
        """What the worker does in a round, or some of it."""
        for piece in work:
            match piece:
                case "due":
                    take_due(declarations=self.deliver.declarations, now=self.now)
                case "carry":
                    self._carry_out()
                case "killed":
                    with transaction.atomic():
                        self._carry_out()
                        transaction.set_rollback(True)
                case "settle":
                    self.deliver.settle(now=self.now)
                case "judge":
                    judge_again(declarations=self.deliver.declarations, now=self.now)

    def finish(self) -> None:
        """Work until nothing is left to be done today."""
        self.now = self.deliver.now
        self.work("due", "settle")
        while left := len(pending_acts()):
            self.work("carry", "settle")
            if len(pending_acts()) == left:
                # What cannot be made is kept as trouble: nothing waits for ever.
                raise AssertionError([f"{one.case}/{one.number}" for one in pending_acts()])
        self.work("judge")

    def case(self, number: str) -> Case:
        found = case_of(number=number, declarations=self.deliver.declarations)
        assert found is not None
        return found

    def _carry_out(self) -> None:
        carry_out(
            home=self.deliver.home,
            declarations=self.deliver.declarations,
            clock=lambda: self.now,
        )

    def _about(self, process: Process) -> list[_About]:
        if process.about == "subject":
            return all_rows(OF_CODES, REGISTRAR, [one.uscc for one in ENTITIES])
        return all_rows(
            OF_KINDS.format(AND=""), list(process.kinds or self.deliver.declarations.kinds)
        )

    def _form(self, process: Process, step: Step, about: About, said: int) -> Mapping[str, str]:
        codes = choices_of(declarations=self.deliver.declarations, process=process, about=about)
        return {one.id: _value(one, codes, said) for one in step.form}

    @contextmanager
    def _refused_whole(self) -> Iterator[None]:
        """A refusal during the body leaves nothing of it."""
        before = CaseAct.objects.count()
        try:
            with transaction.atomic():
                yield
        except Refusal:
            assert CaseAct.objects.count() == before


def _days(event: object) -> int:
    """How many days after the one before it."""
    return getattr(event, "days", 0)


def _goes_on(process: Process, step: Step) -> bool:
    """Whether something follows: more steps, or an outcome."""
    return bool(step.outcome) or step.to == BACK or process.by_state[step.to].open


def _actor(step: Step, code: str, office: str, by: int) -> Actor:
    """Somebody who may take the step, mostly; there are two of each, for four eyes."""
    parties = step.by if by else ("applicant", "office", "signer")
    party = parties[by % len(parties)]
    if party in ("applicant", "clock"):
        return Actor(id=f"owner-{code}", role="owner", subject_code=code)
    role = "signing_officer" if party == "signer" else "clerk"
    return Actor(id=f"{role}-{by % EYES}", role=role, agency=office)


def _papers(step: Step) -> tuple[KeptPaper, ...]:
    """What the step requires, as it would have been kept."""
    return tuple(
        KeptPaper(
            slot=paper.id, name="材料.pdf", sha256="0" * 64, size_bytes=1,
            media_type="application/pdf",
        )
        for paper in step.papers
        if paper.required
    )  # fmt: skip


def _value(asked: FormField, codes: Mapping[str, CodeList], said: int) -> str:
    """Something that fits the field; which, `said` tells."""
    match asked.type:
        case "code" | "record_field" | "ground" | "file_record":
            listed = codes[asked.listed].values
            return listed[said % len(listed)].code if listed else ""
        case "date":
            return f"2026-0{1 + said % 9}-10"
        case "integer" | "money":
            return str(1 + said)
        case "flag":
            return "true"
        case "phone":
            return "020-12345678"
        case "email":
            return "a@example.org"
    return ("示例更正", "2026-05-07", "3")[said % 3]
