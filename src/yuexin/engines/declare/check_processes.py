"""Whether a process can be gone through: what it names exists, and nobody is stuck in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.check_forms import check_form
from yuexin.engines.declare.check_grounds import check_grounds
from yuexin.engines.declare.references import based, known
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.transitions import carried_over

LEAST_REFUSED = 2
CASE_VALUES = frozenset({"case", "matter", "step", "state", "due", "subject", "code", "reason"})
"""What a notice of a case may name."""
BACK = "back"
LETTERS = re.compile(r"[A-Z]{2,4}")
CHECKS = "HC"
"""How the numbers of checks at the point of handling begin."""
OFFICES = frozenset({"decided_by", "told", "local", "register", "opener"})


def check_process(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    """Every broken reference of a process, and every state or clock that leads nowhere."""
    place = f"processes/{process.id}"
    yield from known(place, "kind", process.kinds, d.kinds)
    yield from known(place, "office", [process.office], OFFICES | d.agencies.keys())
    yield from _bars(d, process)
    yield from _letters(d, process)
    yield from _versions(d, process)
    yield from _steps(d, process)
    yield from _outcomes(d, process)
    yield from _ways(process)
    yield from _closed(process)
    yield from _clocks(process)
    yield from _examples(process)
    yield from check_grounds(d, process)
    if process.anyone:
        named = process.anyone.step
        yield from known(f"{place} anyone", "step", [named] if named else [], process.by_step)
        taken = [process.by_step[named]] if named in process.by_step else process.openings
        asked = [field.id for step in taken for field in step.form]
        yield from known(f"{place} anyone", "field", [process.anyone.field], asked)
        yield from known(f"{place} anyone", "notice", [process.anyone.answered], d.notices)
        yield from known(f"{place} anyone", "kind", process.anyone.kinds, d.kinds)
    if process.proposed:
        yield from _proposed(d, process, process.proposed)


def _proposed(d: t.Declarations, process: t.Process, proposed: t.Proposal) -> Iterator[Refusal]:
    place = f"processes/{process.id}"
    yield from known(place, "rule", [proposed.rule], d.rules)
    rule = d.rules.get(proposed.rule)
    said = {one.id for version in rule.versions for one in version.outcomes} if rule else set()
    yield from known(place, "outcome", [*proposed.outcomes, *proposed.left_out], said)
    told = [d.resources.get(one.resource) for one in process.outcomes]
    kinds = [d.kinds[one.kind] for one in told if one and one.kind in d.kinds]
    fields = {name for kind in kinds for name in kind.by_field}
    yield from known(place, "field", proposed.entry, fields)
    yearly = {one.id for one in d.filings.values() if one.yearly}
    yield from known(place, "filing", [proposed.filing] if proposed.filing else [], yearly)
    yield from known(place, "kind", proposed.findings, d.kinds)
    if proposed.refuse:
        opening = {one.id: one for one in process.openings}
        yield from known(place, "step", [proposed.refuse], opening)
        step = opening.get(proposed.refuse)
        if step and not (step.reason and not step.outcome and not process.by_state[step.to].open):
            yield _wrong(
                place,
                f"“{step.id}”不予办理，须说明理由、办结且没有结果",
                f"“{step.id}” declines: it asks why, closes the case and brings nothing about",
            )


def _letters(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    place = f"processes/{process.id}"
    if not LETTERS.fullmatch(process.letters) or process.letters == CHECKS:
        yield _wrong(
            place, "letters 是二到四个大写字母，不能是 HC", "letters: two to four capitals"
        )
    for other in d.processes.values():
        if other.letters == process.letters and other.id < process.id:
            yield _wrong(
                place, f"letters 与“{other.zh}”相同", f"“{other.en}” has these letters already"
            )


def _bars(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    place = f"processes/{process.id} bars_also"
    yield from known(place, "process", process.bars_also, d.processes)
    if not process.bars_also:
        return
    if not any(state.bars for state in process.states):
        yield _wrong(place, "没有 bars 的状态", "no state bars")
    if process.closed_to_subject:
        yield _wrong(place, "对主体保密的事项不得限制其他事项", "what is closed bars nothing else")


def _versions(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    yield from carried_over(d, f"processes/{process.id}", process.versions)
    for version in process.versions:
        place = f"processes/{process.id} {version.valid_from}"
        bases = [
            *version.basis,
            *(clock.basis for clock in version.clocks),
            *(one.basis for one in version.conditions),
        ]
        yield from based(d, place, bases, version.valid_to)
        for clock in version.clocks:
            if clock.limit < 1 or clock.extension < 0:
                yield _wrong(place, f"时限“{clock.id}”不是正数", f"“{clock.id}” is no period")
            if clock.begun is not None:
                yield _wrong(place, "begun 由案件而定，不能声明", "begun is never declared")
        for one in version.conditions:
            yield from known(f"{place} {one.id}", "step", one.again, process.by_step)
            if one.again and one.warns:
                yield _wrong(place, f"“{one.id}”只提示，不再核对", f"“{one.id}” only warns")
            on_records = process.about == "record"
            if bool(one.when) == bool(one.on_file) or (one.on_file and not on_records):
                yield _wrong(
                    place,
                    f"条件“{one.id}”须写 when 或 on_file 之一",
                    f"“{one.id}”: when or on_file",
                )
            if one.of and not one.on_file:
                yield _wrong(
                    place,
                    f"条件“{one.id}”的 of 须与 on_file 一起写",
                    f"“{one.id}”: of narrows on_file",
                )
        yield from known(place, "clock", _clock_names(process), version.by_clock)


def _steps(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    place = f"processes/{process.id}"
    if not process.openings:
        yield _wrong(place, "没有开始的步骤", "no step opens a case")
    for step in process.steps:
        where = f"{place}.{step.id}"
        target = [] if step.to == BACK else [step.to]
        yield from known(where, "state", [*step.after, *target], process.by_state)
        yield from known(where, "step", step.not_by, process.by_step)
        yield from known(
            where, "outcome", [step.outcome] if step.outcome else [], process.by_outcome
        )
        yield from check_form(d, process, step)
        yield from known(where, "notice", [one.notice for one in step.notices], d.notices)
        for one in step.notices:
            named = d.notices[one.notice].values if one.notice in d.notices else ()
            yield from known(f"{where} {one.notice}", "value", named, CASE_VALUES)
        by_anyone = process.anyone is not None and process.anyone.step == step.id
        if step.after and ("clock" in step.by) != (bool(step.when_due) or by_anyone):
            yield _wrong(where, "by: [clock] 和 when_due 须一起写", "by: [clock] needs when_due")
        if not step.after and not set(step.by) <= set(process.opened_by):
            yield _wrong(where, "开始的步骤不由 opened_by 办理", "opened by nobody in opened_by")


def _outcomes(d: t.Declarations, process: t.Process) -> Iterator[Refusal]:
    for outcome in process.outcomes:
        where = f"processes/{process.id} {outcome.id}"
        told_again = outcome.amends or outcome.withdraws
        ways = [told_again, *map(bool, (outcome.resource, outcome.grant, outcome.delays_looks))]
        if ways.count(True) != 1:
            yield _wrong(
                where,
                "amends、withdraws、resource、grant、delays_looks 须写其一",
                "name one way to bring it about",
            )
        yield from known(
            where, "resource", [outcome.resource] if outcome.resource else [], d.resources
        )
        yield from known(where, "role", [outcome.grant] if outcome.grant else [], d.roles)
        delay = [outcome.delays_looks] if outcome.delays_looks else []
        yield from known(where, "clock", delay, _clock_names(process))
        named = [name for name in outcome.row if "{" not in name]
        if outcome.resource in d.resources:
            resource = d.resources[outcome.resource]
            columns = {*resource.by_header, *(c.field for c in resource.columns if c.field)}
            yield from known(where, "column", named, columns)
            missing = [c.header for c in resource.columns if c.required]
            filled = {c.header for c in resource.columns if {c.header, c.field} & set(named)}
            for header in missing:
                if header not in filled:
                    yield _wrong(
                        where, f"缺少必填列“{header}”", f"the column “{header}” is required"
                    )
        elif outcome.amends:
            yield from _amended(d, process, outcome, where)


def _amended(
    d: t.Declarations, process: t.Process, outcome: t.CaseOutcome, where: str
) -> Iterator[Refusal]:
    """What is amended has the fields that are named: the record of the case, or of the subject."""
    if bool(outcome.amended_of) != (process.about == "subject"):
        yield _wrong(
            where,
            "就主体办理的事项，而且只有它，须写 amended_of",
            "amended_of: in a process about subjects, and there alone",
        )
    named = [name for name in outcome.row if "{" not in name]
    if outcome.amended_of:
        yield from known(where, "kind", [outcome.amended_of], d.kinds)
    for kind in [outcome.amended_of] if outcome.amended_of else process.kinds or d.kinds:
        if kind in d.kinds:
            yield from known(f"{where} ({kind})", "field", named, d.kinds[kind].by_field)


def _ways(process: t.Process) -> Iterator[Refusal]:
    """Every state can be reached, and every open one left."""
    place = f"processes/{process.id}"
    reached = {step.to for step in process.steps if step.to != BACK}
    left = {state for step in process.steps for state in step.after}
    for state in process.states:
        if state.id not in reached:
            yield _wrong(place, f"没有步骤到达“{state.id}”", f"no step leads to “{state.id}”")
        if state.open and state.id not in left:
            yield _wrong(place, f"“{state.id}”没有出路", f"there is no way out of “{state.id}”")


def _closed(process: t.Process) -> Iterator[Refusal]:
    """No step of what is closed to the subject is its own or told to it, and no state of it marks
    a record before everybody; and looks are delayed by nothing else, since the case would tell of
    them."""
    place = f"processes/{process.id}"
    told = {one.to for step in process.steps for one in step.notices} - {"office"}
    takes = {party for step in process.steps for party in step.by}
    if process.closed_to_subject and (told or "applicant" in takes):
        yield _wrong(place, "对主体保密的事项不得由其办理或通知", "it is closed to the subject")
    if process.closed_to_subject and any(state.flags for state in process.states):
        yield _wrong(place, "对主体保密的事项不得公开标注", "what is closed marks no record")
    if not process.closed_to_subject and any(one.delays_looks for one in process.outcomes):
        yield _wrong(place, "延迟告知须 closed_to_subject", "delayed looks need closed_to_subject")


def _clocks(process: t.Process) -> Iterator[Refusal]:
    """What is started is stopped somewhere, or its end brings a step; what is paused resumes."""
    place = f"processes/{process.id}"
    gather = {
        name: {clock for step in process.steps for clock in getattr(step, name)}
        for name in ("starts", "stops", "pauses", "resumes")
    }
    ends = gather["stops"] | {step.when_due for step in process.steps}
    for clock in sorted(gather["starts"] - ends):
        yield _wrong(place, f"时限“{clock}”从不停止", f"the clock “{clock}” never stops")
    for clock in sorted(gather["pauses"] ^ gather["resumes"]):
        yield _wrong(
            place, f"时限“{clock}”的中止和恢复不成对", f"“{clock}” is paused or resumed alone"
        )


def _examples(process: t.Process) -> Iterator[Refusal]:
    place = f"processes/{process.id}"
    for example in process.examples:
        where = f"{place} “{example.name}”"
        yield from known(where, "step", [act.step for act in example.acts], process.by_step)
        for act in example.acts:
            step = process.by_step.get(act.step)
            asked = [field.id for field in step.form] if step else []
            yield from known(f"{where} {act.step}", "field", act.form, asked)
        yield from known(where, "state", [example.state] if example.state else [], process.by_state)
        yield from known(where, "clock", example.due, _clock_names(process))
        if bool(example.refused) == bool(example.state):
            yield _wrong(where, "写 state 或 refused 之一", "say state or refused")
    if sum(bool(one.refused) for one in process.examples) < LEAST_REFUSED:
        yield _wrong(
            place, "至少要有两个被拒绝的示例", "at least two worked examples must be refused"
        )


def _clock_names(process: t.Process) -> list[str]:
    named = {
        clock
        for step in process.steps
        for clock in (*step.starts, *step.stops, *step.pauses, *step.resumes, *step.extends)
    }
    return sorted(named | {step.when_due for step in process.steps if step.when_due})


def _wrong(place: str, zh: str, en: str) -> Refusal:
    return declaration_error(
        place=place, what=Text(zh, en), remedy=Text("改正这个声明", "mend the declaration")
    )
