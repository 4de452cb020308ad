"""Small worlds for the laws: what a few agencies send about a few entities, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from tests.cast import Entity, entity
from tests.domains.credit.handling.rows import abnormal, debtor, dishonest, grade_a
from tests.intake import Intake, Row

ENTITIES = tuple(entity(n, trader=n % 3 == 2) for n in range(4))
APPROVED = ("2019-05-06", "2021-05-18", "2024-02-29", "2026-03-20")
STATES = ("1", "1", "2", "4")
AGENCIES = {"licences_2018": ("housing", "environment"), "penalties_2018": ("environment",)}


SOAK, SOAK_TIMES = "soak", 12
LISTS: dict[str, Callable[[Entity], Row]] = {
    "abnormal_operations": abnormal,
    "serious_dishonesty": dishonest,
    "judgement_debtors": debtor,
    "tax_a_grades": grade_a,
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One delivery: the rows of one resource from one agency."""

    resource: str
    rows: Sequence[Row] = field(hash=False)
    agency: str = ""


def worlds(examples: int) -> settings:
    """Hypothesis with so many worlds; a world is made and taken back within the test.

    A world costs seconds and is small already, so a failing one is not made smaller. With
    `--hypothesis-profile=soak` there are many times as many, others in every run.
    """
    return settings(
        max_examples=examples * (SOAK_TIMES if settings.get_current_profile_name() == SOAK else 1),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def of(one: Entity, number: int, **changes: str) -> dict[str, Row]:
    """A row of each resource about an entity."""
    return {
        "registration": one.registration(**changes),
        "registration_changes": one.change(变更后=f"示例路{number}号"),
        "licences_2018": one.licence(str(number)),
        "penalties_2018": one.penalty(str(number)),
        "annual_reports": one.report(2020 + number),
        **{resource: row(one) for resource, row in LISTS.items()},
    }


@st.composite
def registrations(draw: st.DrawFn, *, once: bool = False) -> Row:
    """A state of an entity on the register; `once`: the only one it will ever have."""
    one = draw(st.sampled_from(ENTITIES))
    approved = APPROVED[0] if once else draw(st.sampled_from(APPROVED))
    return one.registration(
        核准日期=approved,
        登记状态=draw(st.sampled_from(STATES)),
        **{"注册资本（万元）": draw(st.sampled_from(("500", "800")))},
        曾用名=draw(st.sampled_from(("", f"{one.name[:-2]}旧名"))),
    )


@st.composite
def facts(draw: st.DrawFn, resource: str) -> Row:
    """A row about what happened to an entity; the same number again is a correction."""
    one = draw(st.sampled_from(ENTITIES))
    number = str(draw(st.integers(1, 3)))
    if resource == "licences_2018":
        return one.licence(number, XK_NR=draw(st.sampled_from(("排放", "施工"))))
    if resource == "penalties_2018":
        name = draw(st.sampled_from((one.name, one.name, f"{one.name[:-2]}旧名")))
        return one.penalty(number, CF_XDR_MC=name, CF_NR_FK=draw(st.sampled_from(("1", "2"))))
    if resource == "annual_reports":
        return one.report(2020 + int(number), 从业人数=draw(st.sampled_from(("3", "38"))))
    if resource in LISTS:
        return LISTS[resource](one)
    return one.change(变更后=f"示例路{number}号", 变更日期=f"2016-08-0{number}")


@st.composite
def deliveries(draw: st.DrawFn) -> Sent:
    """Any delivery, with a fault in it now and then."""
    resource = draw(
        st.sampled_from(
            ("registration", "registration", "licences_2018", "penalties_2018", "annual_reports",
             "registration_changes", "register_extract")
        )
    )  # fmt: skip
    if resource == "registration":
        rows = st.lists(registrations(), min_size=1, max_size=5)
    elif resource == "register_extract":
        rows = st.lists(st.sampled_from(ENTITIES).map(lambda one: one.extract()), max_size=3)
    else:
        rows = st.lists(facts(resource), min_size=1, max_size=5)
    agency = draw(st.sampled_from(AGENCIES.get(resource, ("",))))
    faulty: list[Row] = [{}] if draw(st.integers(0, 4)) == 0 else []
    return Sent(resource=resource, rows=[*draw(rows), *faulty], agency=agency)


HISTORIES = st.lists(deliveries(), min_size=1, max_size=6)


def live(deliver: Intake, history: Sequence[Sent]) -> list[dict[str, object]]:
    """Deliver these, a week apart, and give the receipts."""
    return [
        deliver(
            sent.resource,
            sent.rows,
            agency=sent.agency,
            now=deliver.now - dt.timedelta(weeks=len(history) - place),
        )
        for place, sent in enumerate(history)
    ]
