"""What has to hold before a case is opened: conditions, and the grounds of the law by date.

A ground is judged by the law of the day of what happened, whenever the case is opened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from yuexin.engines.declare.law import Labelled, LawVersion, version_on


@dataclass(frozen=True, kw_only=True)
class CaseCondition(Labelled):
    """What has to hold on the day a case is opened. `zh` and `en` say it in words, `remedy_*` what
    to do where it does not. `when` is a condition of the rules engine: over the record, for a
    process about records, with `on_date` as the day; else over the subject's file.

    A process about records asks the file by `on_file` instead, which may name what the record says
    (`{record.list_date}`) and is not known where it says nothing; where there is an `of`, a
    condition over the record, it is asked of those records alone. What only `warns` keeps nobody
    from opening a case: where it does not hold, whoever applies and whoever decides is told. It is
    asked again at the steps that `again` names, whose decision it bars as it does the opening."""

    when: str = ""
    of: str = ""
    on_file: str = ""
    warns: bool = False
    again: tuple[str, ...] = ()
    basis: str
    remedy_zh: str = ""
    remedy_en: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseGround(Labelled):
    """One ground of a law: it rests on a record of this kind in the subject's file, and `needs`
    these conditions of its law to hold of that record.

    The day of what happened is `told` in the form, and lies on the day of the record or before it;
    or it follows from the `record` itself, so many `months` after its day.
    """

    basis: str
    confirmed: bool = True
    rests_on: str
    needs: tuple[str, ...] = ()
    event: Literal["told", "record"] = "told"
    months: int = 0


@dataclass(frozen=True, kw_only=True)
class GroundLaw(LawVersion):
    """The grounds of one law, for what happened from `valid_from` to before `valid_to`.

    The `transition` is about what happened before it: that is judged by the `old_law` of that day
    alone, or by the `milder` of both, so that what is no ground in one of them is none.
    """

    basis: tuple[str, ...]
    confirmed: bool = True
    conditions: tuple[CaseCondition, ...] = ()
    grounds: tuple[CaseGround, ...]

    @cached_property
    def by_ground(self) -> dict[str, CaseGround]:
        return {ground.id: ground for ground in self.grounds}

    @cached_property
    def by_condition(self) -> dict[str, CaseCondition]:
        return {condition.id: condition for condition in self.conditions}

    @property
    def milder(self) -> bool:
        """Whether what happened before is a ground only where this law has it too."""
        return self.clause != "old_law"


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """On what grounds a case is opened and decided: the fields of its forms in which the `ground`,
    the `record` that it rests on and the day of the `event` are asked, the steps that are `judged`
    by them, and the laws by date. Where `bodies` are named, one of them decided what the record
    tells."""

    ground: str
    record: str
    event: str
    judged: tuple[str, ...]
    bodies: tuple[str, ...] = ()
    laws: tuple[GroundLaw, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record on which a ground of any law rests."""
        return tuple(dict.fromkeys(one.rests_on for law in self.laws for one in law.grounds))

    def law_on(self, day: dt.date) -> GroundLaw | None:
        return version_on(self.laws, day)

    def laws_of(self, ground: str) -> tuple[GroundLaw, ...]:
        """The laws that have a ground of this name."""
        return tuple(law for law in self.laws if ground in law.by_ground)
