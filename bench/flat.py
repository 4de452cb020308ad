"""The declared rules and terms as somebody would write them by hand for one day: flat SQL over the
Parquet of the pool, one GROUP BY for each kind, nothing told but the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.rules import ON

D = f"DATE '{ON}'"
UNREMOVED = f"(field_remove_date IS NULL OR field_remove_date > {D})"
REMOVED = "state IN ('removed', 'repaired') AND field_remove_date IS NOT NULL"
STANDS = f"({{listed}} OR {REMOVED})"
DUE = "(field_year + {n})"


def _case(*outcomes: tuple[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN count(*) FILTER (WHERE {when}) >= 1 THEN '{o}'" for o, when in outcomes)
    return f"CASE {cases} ELSE '{otherwise}' END"


def _of(kind: str, default: str, value: str) -> str:
    state = f"(SELECT *, coalesce(field_state, '{default}') AS state FROM {kind})"
    return f"SELECT subject, {value} AS value FROM {state} GROUP BY subject"


_BAR = (
    f"{UNREMOVED} AND field_decision_date <= {D} "
    f"AND field_decision_date + INTERVAL 3 YEAR >= {D} AND field_until_date >= {D}"
)
_DEBT = (
    f"field_publish_date <= {D} AND {UNREMOVED} "
    f"AND (field_expire_date IS NULL OR field_expire_date >= {D})"
)
_SAMPLE = (
    f"field_notice_date <= {D} AND field_notice_date > {D} - INTERVAL 2 YEAR AND state = 'final'"
)


def _register(kind: str) -> str:
    ended = f"(field_end_date IS NULL OR field_end_date <= {D})"
    states = ("cancelled", "annulled", "revoked")
    counts = [f"count(*) FILTER (WHERE state = '{one}' AND {ended}) AS {one}" for one in states]
    alive = "count(*) FILTER (WHERE state IN ('normal', 'cancelled', 'annulled', 'revoked'))"
    return (
        f"SELECT subject, {', '.join(counts)}, 0 AS moved, 0 AS suspended, {alive} AS alive, "
        "count(*) FILTER (WHERE state = 'other') AS other "
        f"FROM (SELECT *, coalesce(field_state, '') AS state FROM {kind}) GROUP BY subject"
    )


_STATUS = f"""
SELECT subject, CASE WHEN sum(cancelled) > 0 THEN 'cancelled' WHEN sum(annulled) > 0 THEN 'annulled'
    WHEN sum(revoked) > 0 THEN 'revoked' WHEN sum(moved) > 0 THEN 'moved_out'
    WHEN sum(suspended) > 0 THEN 'suspended' WHEN sum(alive) > 0 THEN 'alive'
    WHEN sum(other) > 0 THEN 'other' ELSE 'unknown' END AS value
FROM (
    SELECT subject,
        count(*) FILTER (WHERE field_state IN ('3', '4')
            AND (field_cancel_date IS NULL OR field_cancel_date <= {D})) AS cancelled,
        count(*) FILTER (WHERE field_state = '5') AS annulled,
        count(*) FILTER (WHERE field_state IN ('2', '3')
            AND (field_revoke_date IS NULL OR field_revoke_date <= {D})) AS revoked,
        count(*) FILTER (WHERE field_state = '6') AS moved,
        count(*) FILTER (WHERE field_state = '7') AS suspended,
        count(*) FILTER (WHERE field_state IN ('1', '2', '3', '4')) AS alive,
        count(*) FILTER (WHERE field_state = '9') AS other
    FROM registration GROUP BY subject
    UNION ALL {_register("institution_registration")}
    UNION ALL {_register("social_organisation_registration")}
) GROUP BY subject
"""
# On this day the last report that was due is that of 2025: 30 June 2026 was a working day.
_BOUND = f"(field_state IN ('1', '7') OR field_state = '4' AND field_cancel_date > {D})"
_GONE_ON = "coalesce(field_revoke_date, field_cancel_date, field_appr_date, field_est_date)"
_GONE = (
    "coalesce(field_state, '') IN ('2', '3', '4', '5', '6') AND field_est_date IS NOT NULL "
    f"AND year(field_est_date) <= 2025 AND year({_GONE_ON}) > 2025 AND {_GONE_ON} <= {D}"
)
_REPORT = f"""
SELECT subject, CASE WHEN bool_or(bound IS NULL) THEN NULL
    WHEN bool_or(bound AND born > 2025) THEN 'not_due'
    WHEN bool_or(bound) AND sum(filed) > 0 THEN 'filed'
    WHEN bool_or(bound) AND sum(exempt) > 0 THEN 'exempt'
    WHEN bool_or(bound AND born <= 2025) AND sum(listed) > 0 THEN 'listed'
    WHEN bool_or(bound AND born <= 2025) THEN 'owed'
    WHEN bool_or(gone) AND sum(filed) = 0 THEN 'gone' ELSE 'none' END AS value
FROM (
    SELECT subject, {_BOUND} AS bound, year(field_est_date) AS born,
        0 AS filed, 0 AS exempt, 0 AS listed, {_GONE} AS gone FROM registration
    UNION ALL SELECT subject, FALSE, NULL, count(*), 0, 0, FALSE FROM annual_report
        WHERE field_report_date <= {D} AND field_year = 2025 GROUP BY subject
    UNION ALL SELECT subject, FALSE, NULL, 0, count(*), 0, FALSE FROM filing_exemption
        WHERE coalesce(field_state, 'valid') = 'valid' AND field_decision_date <= {D}
        AND (field_until_date IS NULL OR field_until_date >= {D}) AND field_year = 2025
        GROUP BY subject
    UNION ALL SELECT subject, FALSE, NULL, 0, 0, count(*), FALSE FROM abnormal_operation
        WHERE field_cause = '1' AND field_list_date <= {D} AND {UNREMOVED}
        AND coalesce(field_state, 'listed') IN ('listed', 'objection') GROUP BY subject
    UNION ALL SELECT subject, FALSE, NULL, 0, 0, 0, FALSE FROM annual_report
    UNION ALL SELECT subject, FALSE, NULL, 0, 0, 0, FALSE FROM filing_exemption
    UNION ALL SELECT subject, FALSE, NULL, 0, 0, 0, FALSE FROM abnormal_operation
) GROUP BY subject
"""

_SILENT = f"""
SELECT subject, CASE WHEN sum(bound) > 0 AND sum(told) = 0 AND sum(gone) > 0 THEN 'silent'
    ELSE 'none' END AS value
FROM (
    SELECT subject, count(*) FILTER (WHERE field_state = '1' AND year(field_est_date) <= 2024)
        AS bound, 0 AS told, 0 AS gone FROM registration GROUP BY subject
    UNION ALL SELECT subject, 0, count(*) FILTER (WHERE field_report_date <= {D}
        AND field_year IN (2024, 2025)), 0 FROM annual_report GROUP BY subject
    UNION ALL SELECT subject, 0, count(*) FILTER (WHERE coalesce(field_state, 'valid') = 'valid'
        AND field_decision_date <= {D} AND field_year IN (2024, 2025)), 0
        FROM filing_exemption GROUP BY subject
    UNION ALL SELECT subject, 0, 0, count(*) FILTER (WHERE field_cause = '4'
        AND field_list_date <= {D} AND {UNREMOVED}
        AND coalesce(field_state, 'listed') IN ('listed', 'objection'))
        FROM abnormal_operation GROUP BY subject
) GROUP BY subject
"""

_OWED = f"""
SELECT subject, CASE WHEN sum(owed) > 0 AND sum(ending) > 0 THEN 'liquidating'
    WHEN sum(owed) > 0 THEN 'owed' ELSE 'none' END AS value
FROM (
    SELECT subject, count(*) FILTER (WHERE field_state = '2'
        AND field_revoke_date + INTERVAL 3 YEAR <= {D}
        AND left(field_entity_type, 2) IN ('11', '12', '51', '52', '61', '62')) AS owed,
        0 AS ending FROM registration GROUP BY subject
    UNION ALL SELECT subject, 0, count(*) FILTER (WHERE field_state IN ('running', 'ended')
        AND field_from_date + INTERVAL 1 YEAR >= {D})
        FROM creditors_announcement GROUP BY subject
) GROUP BY subject
"""


def _both(first: tuple[str, str, str, str], second: tuple[str, str, str, str]) -> str:
    parts = []
    for place, (kind, default, _, when) in enumerate((first, second)):
        counts = ["0 AS a", "0 AS b"]
        counts[place] = f"count(*) FILTER (WHERE {when}) AS {'ab'[place]}"
        parts.append(
            f"SELECT subject, {', '.join(counts)} FROM "
            f"(SELECT *, coalesce(field_state, '{default}') AS state FROM {kind}) GROUP BY subject"
        )
    return (
        f"SELECT subject, CASE WHEN sum(a) > 0 THEN '{first[2]}' WHEN sum(b) > 0 "
        f"THEN '{second[2]}' ELSE 'none' END AS value FROM ({' UNION ALL '.join(parts)}) "
        "GROUP BY subject"
    )


def _list(kind: str, years: int, *, since: str = "", before: int = 0) -> str:
    """Who stands in a list of so many years, or of so many `before` a law came."""
    term = f"INTERVAL {years} YEAR"
    if since:
        early = f"field_list_date < DATE '{since}'"
        term = f"CASE WHEN {early} THEN INTERVAL {before} YEAR ELSE {term} END"
    stands = (
        f"field_list_date <= {D} AND field_list_date + {term} >= {D} AND {UNREMOVED} "
        f"AND (field_expire_date IS NULL OR field_expire_date >= {D})"
    )
    return _disputable(kind, "listed", "listed", stands)


def _disputable(kind: str, default: str, outcome: str, stands: str) -> str:
    return _of(kind, default, _case(
        (outcome, STANDS.format(listed=f"state = '{default}'") + f" AND {stands}"),
        ("disputed", f"state = 'objection' AND {stands}"), otherwise="none"))  # fmt: skip


def _graded(kind: str, stands: str) -> str:
    """Who has a grade that is held against him, or disputed."""
    return _of(kind, "listed", _case(
        ("listed", f"{stands} AND state = 'listed'"),
        ("disputed", f"{stands} AND state = 'objection'"), otherwise="none"))  # fmt: skip


def _honour(*titles: str) -> str:
    named = " OR ".join(f"contains(field_title, '{title}')" for title in titles)
    return _of("honour", "valid", _case(
        ("held", f"field_award_date <= {D} AND ({named}) "
         f"AND (field_until_date IS NULL OR field_until_date >= {D}) "
         f"AND (field_withdrawn_date IS NULL OR field_withdrawn_date > {D}) "
         "AND (state = 'valid' OR state = 'annulled' AND field_withdrawn_date IS NOT NULL)"),
        otherwise="none"))  # fmt: skip


def _broken(type_: str, months: int, outcome: str, otherwise: str) -> str:
    """Who broke a commitment of a type less than so many months ago."""
    value = _case(
        (outcome, f"field_type = '{type_}' AND field_performance IN ('broken', 'partly_broken') "
         f"AND field_check_date <= {D} AND field_check_date + INTERVAL {months} MONTH > {D}"),
        otherwise=otherwise)  # fmt: skip
    return f"SELECT subject, {value} AS value FROM commitment GROUP BY subject"


def _verified(cause: str, *findings: str) -> str:
    """Who was found to be what a cause of the list says, and whether an entry answers it."""
    found = " UNION ALL ".join(
        f"SELECT subject, {one} AS found, NULL::DATE AS listed, NULL::INTEGER AS alive FROM {kind}"
        for kind, one in (finding.split(": ", 1) for finding in findings)
    )
    return f"""
SELECT subject, CASE WHEN count(found) >= 1 AND
    coalesce(max(listed), DATE '1949-10-01') >= max(found) THEN 'answered'
    WHEN count(found) >= 1 AND count(alive) >= 1 THEN 'found' ELSE 'none' END AS value
FROM (
    {found}
    UNION ALL SELECT subject, NULL, CASE WHEN coalesce(field_cause, '') = '{cause}'
        AND field_list_date <= {D} THEN field_list_date END, NULL FROM abnormal_operation
    UNION ALL SELECT subject, NULL, NULL,
        CASE WHEN coalesce(field_state, '') IN ('1', '7') THEN 1 END FROM registration
) GROUP BY subject
"""


_TOLD = (
    "false_information: CASE WHEN coalesce(field_state, 'valid') = 'valid' "
    f"AND field_verified_date <= {D} THEN field_verified_date END"
)
_CHECKED = (
    "spot_check_problem: CASE WHEN field_result = '{result}' "
    f"AND field_check_date <= {D} AND field_check_date > {D} - INTERVAL 1 YEAR "
    "THEN field_check_date END"
)
_ABNORMAL = f"field_list_date <= {D} AND {UNREMOVED} AND " + STANDS.format(
    listed="state IN ('listed', 'objection')"
)
_TRADER = "subject IN (SELECT subject FROM sole_trader)"
RULES: Mapping[str, str] = {
    "abnormal_mark_now": _of("abnormal_operation", "listed", _case(
        ("marked", f"{_TRADER} AND {_ABNORMAL}"), otherwise="not_marked")),
    "abnormal_operations_now": _of("abnormal_operation", "listed", _case(
        ("listed", f"NOT {_TRADER} AND {_ABNORMAL}"), otherwise="not_listed")),
    "annual_report_missing": _REPORT,
    "bidding_bar": _disputable(
        "bidding_dishonesty", "listed", "listed",
        f"field_list_date <= {D} AND field_list_date + INTERVAL 3 YEAR >= {D} "
        f"AND field_expire_date >= {D} AND {UNREMOVED}"),
    "commitment_barred": _broken("01", 36, "barred", "free"),
    "construction_listed": _list("construction_dishonesty", 1),
    "contract_trust_held": _honour("守合同重信用"),
    "culture_market_listed": _disputable(
        "culture_market_dishonesty", "standing", "listed",
        f"field_list_date <= {D} AND field_list_date + INTERVAL 5 YEAR >= {D} AND {UNREMOVED} "
        f"AND coalesce(field_until_date, field_list_date + INTERVAL 3 YEAR) >= {D}"),
    "customs_certified": _of("customs_grade", "listed", _case(
        ("certified", f"field_determined_date <= {D} AND state = 'listed' "
         "AND field_grade IN ('advanced', 'certified')"), otherwise="none")),
    "customs_dishonest": _graded(
        "customs_grade", f"field_determined_date <= {D} "
        "AND field_grade IN ('dishonest', 'seriously_dishonest')"),
    "deregistration_owed": _OWED,
    "dishonest_debtor": _of("judgement_debtor", "listed", _case(
        ("listed", "(state = 'listed' OR state = 'removed' AND field_remove_date IS NOT NULL) "
         f"AND {_DEBT}"),
        ("disputed", f"state = 'objection' AND {_DEBT}"), otherwise="none")),
    "drug_listed": _list("drug_dishonesty", 3, since="2021-09-01", before=2),
    "entry_commitment_broken": _broken("07", 12, "broken", "none"),
    "environment_poor": _graded(
        "environmental_rating", f"field_publish_date <= {D} AND field_grade IN ('red', 'black') "
        f"AND field_publish_date + INTERVAL 1 YEAR >= {D}"),
    "failed_sampling": _both(
        ("food_sample_failed", "final", "food", _SAMPLE),
        ("product_sample_failed", "final", "product", _SAMPLE)),
    "false_information_found": _verified("3", _TOLD, _CHECKED.format(result="3")),
    "honest_model_held": _honour("诚信", "守信企业"),
    "ip_listed": _list("ip_dishonesty", 1),
    "licence_in_force": _of("licence", "valid", _case(
        ("in_force", "state IN ('valid', 'objection') AND (field_from_date <= "
         f"{D} OR field_from_date IS NULL AND field_decision_date <= {D}) "
         f"AND (field_until_date IS NULL OR field_until_date >= {D})"), otherwise="none")),
    "long_silent": _SILENT,
    "medical_security_listed": _list("medical_security_dishonesty", 1),
    "papers_commitment_barred": _broken("02", 12, "barred", "free"),
    "procurement_bar": _of("procurement_dishonesty", "standing", _case(
        ("barred", STANDS.format(listed="state = 'standing'") + f" AND {_BAR}"),
        ("disputed", f"state = 'objection' AND {_BAR}"), otherwise="none")),
    "proof_commitment_barred": _broken("03", 36, "barred", "free"),
    "quality_award_held": _honour("质量奖"),
    "repair_commitment_barred": _broken("04", 36, "barred", "free"),
    "revoked_lately": _of("registration", "", _case(
        ("undated", "state IN ('2', '3') AND field_revoke_date IS NULL"),
        ("revoked", f"state IN ('2', '3') AND field_revoke_date <= {D} "
         f"AND field_revoke_date + INTERVAL 3 YEAR >= {D}"), otherwise="none")),
    "safety_listed": _list("safety_dishonesty", 3, since="2023-10-01", before=1),
    "securities_listed": _list("securities_dishonesty", 3),
    "serious_dishonesty_now": _of("serious_dishonesty", "listed", _case(
        ("listed", f"field_list_date <= {D} AND field_list_date >= {D} - INTERVAL 3 YEAR "
         f"AND (field_expire_date IS NULL OR field_expire_date >= {D}) AND {UNREMOVED} AND "
         + STANDS.format(listed="state IN ('listed', 'objection')")), otherwise="not_listed")),
    "serious_tax_listed": _list("serious_tax_case", 3),
    "social_insurance_listed": _list("social_insurance_dishonesty", 1),
    "social_organisation_abnormal_now": _disputable(
        "social_organisation_abnormal", "standing", "abnormal",
        f"field_list_date <= {D} AND {UNREMOVED}"),
    "social_organisation_listed": _disputable(
        "social_organisation_dishonesty", "standing", "dishonest",
        f"field_list_date <= {D} AND {UNREMOVED}"),
    "statistics_listed": _list("statistics_dishonesty", 1),
    "subject_status": _STATUS,
    "tax_grade_a": _of("tax_grade", "listed", _case(
        ("a", f"field_year = 2025 AND field_grade = 'A' AND field_publish_date <= {D} "
         f"AND state IN ('listed', 'objection') AND {UNREMOVED}"), otherwise="none")),
    "technology_recognised": _of("technology_enterprise", "valid", _case(
        ("recognised", f"state IN ('valid', 'expired') AND field_issue_date <= {D} AND "
         "coalesce(field_until_date, field_issue_date + INTERVAL 3 YEAR - INTERVAL 1 DAY) "
         f">= {D}"), otherwise="none")),
    "transport_listed": _list("transport_dishonesty", 2),
    "unreachable_found": _verified("4", _CHECKED.format(result="4")),
    "wage_arrears_listed": _list("wage_arrear", 3, since="2022-01-01", before=1),
    "youth_volunteer_held": _honour("青年志愿者"),
}  # fmt: skip

_TYPES = "array_to_string(field_penalty_types, ';')"
_SECOND = "coalesce(field_penalty_type_second, '')"


def _named(*types: str) -> str:
    listed = ", ".join(f"'{one}'" for one in types)
    either = " OR ".join(f"list_contains(field_penalty_types, '{one}')" for one in types)
    return f"({either} OR {_SECOND} IN ({listed}))"


def _begins(word: str) -> str:
    return (
        f"(starts_with({_TYPES}, '{word}') OR contains({_TYPES}, ';{word}') "
        f"OR starts_with({_SECOND}, '{word}'))"
    )


_REVOKED = (
    f"{_begins('吊销')} OR ({_named('暂扣或者吊销证照')} "
    "AND contains(coalesce(field_content, ''), '吊销') "
    "AND NOT contains(coalesce(field_content, ''), '暂扣'))"
)
_HEAVIER = (
    "罚款", "没收违法所得", "没收非法财物", "没收违法所得或非法财物", "暂扣许可证件",
    "降低资质等级", "吊销许可证件", "暂扣或者吊销证照", "限制开展生产经营活动",
    "责令停产停业", "责令关闭", "限制从业", "行政拘留",
)  # fmt: skip
_MINOR = (
    f"(coalesce(field_procedure, '') = 'simple' OR NOT ({_named(*_HEAVIER)} "
    f"OR {_begins('其他-')} OR {_begins('吊销')}))"
)
_SERIOUS_2019 = f"({_named('责令停产停业', '责令关闭')} OR {_REVOKED})"
_SERIOUS_2026 = (
    f"({_named('降低资质等级', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业')} "
    f"OR {_REVOKED})"
)


def _months(number: int) -> str:
    return f"CAST(event_date + INTERVAL {number} MONTH AS DATE) + 1"


_NEW = f"CASE WHEN s26 THEN {_months(36)} WHEN NOT minor THEN {_months(12)} END"
_BORN = "DATE '2026-04-01'"
PENALTY = f"""
SELECT record, least(CASE WHEN taken THEN coming ELSE till END, given) AS shown_until FROM (
    SELECT record, given, till, coming, event_date < {_BORN} AND till > {_BORN}
        AND coalesce(given > {_BORN}, TRUE) AND coming < till AS taken FROM (
        SELECT record, event_date, given, CASE
            WHEN event_date >= {_BORN} THEN coalesce({_NEW}, event_date)
            WHEN event_date >= DATE '2023-05-01'
                THEN CASE WHEN minor THEN event_date ELSE {_months(36)} END
            WHEN event_date >= DATE '2019-07-01'
                THEN CASE WHEN s19 THEN {_months(36)} ELSE {_months(12)} END
            ELSE {_months(12)} END AS till,
            CASE WHEN minor AND NOT s26 THEN {_BORN} ELSE greatest({_NEW}, {_BORN}) END AS coming
        FROM (SELECT record, event_date, field_publicity_end + 1 AS given, {_MINOR} AS minor,
            {_SERIOUS_2019} AS s19, {_SERIOUS_2026} AS s26 FROM penalty)))
"""
PERIODS: Mapping[str, str] = {
    "penalty": PENALTY,
    "food_sample_failed": f"SELECT record, {_months(36)} AS shown_until FROM food_sample_failed",
}


def opened(*, lake: Path, kinds: set[str], traders: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A DuckDB on two threads in which each kind is a view over its Parquet, beside the sole
    traders by their `subject`."""
    database = duckdb.connect(config={"threads": 2, "memory_limit": "4GB"})
    for kind in sorted(kinds):
        files = f"{lake}/kind={kind}/*/*.parquet"
        database.execute(f"CREATE VIEW {kind} AS SELECT * FROM read_parquet('{files}')")
    database.register("traders", traders)
    database.execute("CREATE TABLE sole_trader AS SELECT subject FROM traders")
    return database


def derive(database: duckdb.DuckDBPyConnection) -> None:
    """Every rule and period, each into a table of its own."""
    for name, sql in {**RULES, **PERIODS}.items():
        database.execute(f"CREATE OR REPLACE TABLE of_{name} AS {sql}")


def counted(database: duckdb.DuckDBPyConnection, rule: str) -> dict[Any, int]:
    """How many subjects have which outcome of a rule, of those with a record that it reads."""
    rows = database.execute(f"SELECT value, count(*) FROM of_{rule} GROUP BY value").fetchall()
    return dict(rows)
