"""What a step need not ask for anew, because it is held already: offered, shown, and to be changed.

Nothing of it is sent by itself: a form holds it, and counts for what it is sent with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from yuexin.base.dates import day_text
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.queries import Reached, acts_for, disclose, reached_of
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.about import current_of
from yuexin.engines.cases.asked import refuse_value
from yuexin.engines.cases.earlier import earlier_papers, own_cases_of
from yuexin.engines.cases.eligibility import held_in
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.cases.rested import choices_of
from yuexin.engines.cases.types import About, Known, Offered
from yuexin.engines.declare.types import Declarations, FormField, Process, RecordKind, Step
from yuexin.engines.notices.queries import own_address
from yuexin.home.folder import Home

REGISTERED: Final = Text("登记信息", "the register")
OF_RECORD: Final = Text("这条记录", "this record")
ACCOUNT: Final = Text("您的账号", "your account")


def offered(
    *,
    home: Home,
    declarations: Declarations,
    actor: Actor,
    process: Process,
    step: Step,
    about: About,
    on: dt.date,
    case: str = "",
) -> Offered:
    """What is held already of what a step asks for, for whoever would take it; `case` is the one
    that it would be a step of, none where it opens one."""
    sources = _Sources(
        home=home, declarations=declarations, actor=actor, process=process, case=case,
        about=seen_of(declarations=declarations, actor=actor, about=about),
    )  # fmt: skip
    choices = choices_of(declarations=declarations, process=process, about=about)
    known: dict[str, Known] = {}
    for field in step.form:
        for one in sources.of(field):
            try:
                refuse_value(field, one.value, choices, on)
            except Refusal:
                continue
            known[field.id] = one
            break
    return Offered(
        known=known,
        held=held_in(
            declarations=declarations, process=process, step=step, about=about, on=on
        ),
        earlier=earlier_papers(
            declarations=declarations, actor=actor, about=about, step=step, case=case
        ),
    )  # fmt: skip


def seen_of(*, declarations: Declarations, actor: Actor, about: About) -> About:
    """The same with those fields of its record only that `actor` sees whole."""
    kind = declarations.kinds.get(about.kind)
    if kind is None:
        return about
    return replace(about, body=_whole(declarations, actor, about.code, kind, about.body))


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Where answers are held, for one who acts and of what the case is."""

    home: Home
    declarations: Declarations
    actor: Actor
    process: Process
    about: About
    case: str

    def of(self, field: FormField) -> Iterator[Known]:
        """What the sources of a field hold, the best first."""
        for named in field.prefilled:
            of, _, rest = named.partition(".")
            match of:
                case "subject":
                    value = self.about.name if rest == "name" else self.about.code
                    yield Known(value=value, source=REGISTERED)
                case "record":
                    yield from _said(self.about.body.get(rest), OF_RECORD)
                case "file":
                    yield from self._on_file(*rest.split("."))
                case "person":
                    yield from _said(getattr(self._person(), rest), ACCOUNT)
                case "earlier":
                    yield from self._earlier(field)

    def _on_file(self, kind: str, field: str) -> Iterator[Known]:
        declared = self.declarations.kinds[kind]
        found = current_of(about=self.about, kind=kind)
        if found:
            seen = _whole(self.declarations, self.actor, self.about.code, declared, found.body)
            yield from _said(seen.get(field), declared.label)

    def _person(self) -> Reached:
        """Whoever applies, by his own account; nobody for an officer at the desk."""
        if not acts_for(actor=self.actor, code=self.about.code):
            return Reached()
        found = reached_of(home=self.home, login=self.actor.id)
        if found.phone:
            return found
        number = own_address(login=self.actor.id, channel="sms")
        return replace(found, phone=number.removeprefix("+86"))

    def _earlier(self, field: FormField) -> Iterator[Known]:
        own = own_cases_of(declarations=self.declarations, actor=self.actor, about=self.about)
        same = own.filter(process=self.process.id).exclude(number=self.case).values("number")
        said = CaseAct.objects.filter(case__in=same, party="applicant", form__has_key=field.id)
        for act in said.order_by("-at", "case", "number")[:1]:
            day = day_text(act.on)
            source = Text(f"{day.zh}的办件 {act.case}", f"case {act.case} of {day.en}")
            yield from _said(act.form[field.id], source)


def _said(value: object, source: Text) -> Iterator[Known]:
    if value is not None and not isinstance(value, list | dict) and str(value).strip():
        yield Known(value=str(value), source=source)


def _whole(
    declarations: Declarations, actor: Actor, code: str, kind: RecordKind, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    seen = disclose(declarations=declarations, actor=actor, kind=kind, about=code)
    whole = {one.field for one in seen.visible if one.treatment == "show" and not one.when}
    return {name: value for name, value in body.items() if name in whole}
