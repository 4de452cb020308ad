"""What a stored verdict says to a reader: the outcome, its reasons, its law, its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from yuexin.base.text import Text
from yuexin.domains.credit.present import cited
from yuexin.domains.credit.types import Entry, Evidence, Verdict
from yuexin.engines.declare.types import (
    Declarations,
    Outcome,
    RecordKind,
    RuleVersion,
    SubjectRule,
    version_on,
)
from yuexin.engines.rules.models import VerdictRow
from yuexin.engines.rules.queries import MAX_RECORDS

EVIDENCE_SHOWN: Final = 3
UNKNOWN: Final = Text("未知", "unknown")
NOT_JUDGED: Final = Text("尚未研判", "not judged yet")
LATER: Final = Text(
    "今天的研判还没有完成，请稍后再看。", "Today's finding is not done yet: look again later."
)


def verdict(
    *, declarations: Declarations, rule: SubjectRule, row: VerdictRow | None, on: dt.date
) -> Verdict:
    """What was found by a rule, in words. Without a row nothing was found for that day yet."""
    version = version_on(rule.versions, on)
    law = basis_of(declarations=declarations, rule=rule, on=on)
    if row is None:
        return _not_judged(rule, law)
    outcome = _outcome(version, row.value)
    return Verdict(
        rule=rule.id,
        label=rule.label,
        outcome=row.value or "",
        outcome_label=outcome.label if outcome else _otherwise(rule, row),
        tone=outcome.tone if outcome else "plain",
        reasons=(_reason(outcome, row),),
        basis=law,
        until=row.valid_until,
        records=_records(row, truth=True) if outcome else (),
        usual=outcome is None and row.value is not None and row.value == rule.otherwise,
    )


def basis_of(
    *,
    declarations: Declarations,
    rule: SubjectRule,
    on: dt.date,
    own: Iterable[RecordKind] = (),
    foreign: Iterable[RecordKind] = (),
) -> tuple[Text, ...]:
    """The laws of a rule on a day, without those on which the `foreign` kinds rest and none of the
    subject's `own` does."""
    version = version_on(rule.versions, on)
    basis = rule.basis_of(version) if version else rule.basis
    others = _laws(foreign) - _laws(own)
    kept = [item for item in basis if item.partition(":")[0] not in others]
    return cited(laws=declarations.laws, basis=kept, on=on)


def _laws(kinds: Iterable[RecordKind]) -> set[str]:
    return {item.partition(":")[0] for kind in kinds for item in kind.basis}


def _not_judged(rule: SubjectRule, law: tuple[Text, ...]) -> Verdict:
    return Verdict(
        rule=rule.id,
        label=rule.label,
        outcome="",
        outcome_label=NOT_JUDGED,
        tone="plain",
        reasons=(LATER,),
        basis=law,
        until=None,
    )


def in_order(*, declarations: Declarations, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Whether the subject exists at all comes first."""
    status = declarations.status_rule
    return tuple(sorted(verdicts, key=lambda item: (item.rule != status, item.rule)))


def with_evidence(verdicts: Iterable[Verdict], entries: Iterable[Entry]) -> tuple[Verdict, ...]:
    """The verdicts with the records they rest on, as far as those are among the entries shown.

    Of what is not shown not even the id leaves.
    """
    shown = {entry.record: entry for entry in entries}
    return tuple(
        replace(
            item,
            records=(),
            evidence=tuple(
                Evidence(
                    record=record,
                    kind_label=shown[record].kind_label,
                    headline=shown[record].headline,
                )
                for record in item.records
                if record in shown
            )[:EVIDENCE_SHOWN],
        )
        for item in verdicts
    )


def _outcome(version: RuleVersion | None, value: str | None) -> Outcome | None:
    found = version.outcomes if version else ()
    return next((outcome for outcome in found if outcome.id == value), None)


def _otherwise(rule: SubjectRule, row: VerdictRow) -> Text:
    if row.value is None or row.value != rule.otherwise:
        return UNKNOWN
    return Text(rule.otherwise_zh or rule.otherwise, rule.otherwise_en or rule.otherwise)


def _reason(outcome: Outcome | None, row: VerdictRow) -> Text:
    """What decided, or what is missing. The conditions themselves stand in the declaration."""
    if outcome is not None:
        return _decided(outcome, row)
    if row.value is not None:
        return Text("档案中没有符合条件的记录。", "No record in the file meets a condition.")
    if not row.reasons:
        return Text(
            "这一天没有生效的判定规则，所以未知。", "No rule is in force on this day: unknown."
        )
    lacking = _counted(row, truth=None)
    return Text(
        f"档案中{lacking.zh}缺少判定所需的内容，所以未知。",
        f"Unknown: {lacking.en} in the file lacking what the rule needs.",
    )


def _decided(outcome: Outcome, row: VerdictRow) -> Text:
    if not _records(row, truth=True):
        return Text(f"认定为“{outcome.zh}”。", f"Found to be: {outcome.en}.")
    count = _counted(row, truth=True)
    return Text(
        f"依据档案中{count.zh}认定为“{outcome.zh}”。",
        f"By {count.en} in the file: {outcome.en}.",
    )


def _counted(row: VerdictRow, *, truth: bool | None) -> Text:
    """How many records: a condition keeps the first few only, then there are at least so many."""
    count = len(_records(row, truth=truth))
    if not count:
        return Text("有记录", "records")
    cut = any(len(item["records"]) >= MAX_RECORDS for item in row.reasons)
    noun = "record" if count == 1 else "records"
    if cut:
        return Text(f"至少 {count} 条记录", f"at least {count} {noun}")
    return Text(f" {count} 条记录", f"{count} {noun}")


def _records(row: VerdictRow, *, truth: bool | None) -> tuple[UUID, ...]:
    """The records of the conditions of this truth, each once, in the order of the conditions."""
    named = (record for item in row.reasons if item["truth"] is truth for record in item["records"])
    return tuple(UUID(record) for record in dict.fromkeys(named))
