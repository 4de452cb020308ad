"""The door: programs of rules over frames. Pure; reads nothing but what it is given."""

from __future__ import annotations

from yuexin.engines.rules.bound import (
    digest_of_rules,
    file_conditions,
    kinds_read,
    record_conditions,
    release_program,
    repair_from,
    said_of_nobody,
    subject_program,
    term_gone_by,
)
from yuexin.engines.rules.check import check_rule, check_term, check_withholding
from yuexin.engines.rules.check_regimes import check_commitment, check_measure, check_regime
from yuexin.engines.rules.conditions import (
    PUBLISHED_ON,
    FileConditions,
    RecordConditions,
    Truth,
    on_file,
)
from yuexin.engines.rules.frames import frame_schema, text_frame
from yuexin.engines.rules.gather import MAX_RECORDS
from yuexin.engines.rules.parameters import (
    MOST_MONTHS,
    with_least_months,
    with_months,
    with_values,
)
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.regimes import (
    called_for,
    exclusions,
    lost_to,
    measures_in,
    regime_rules,
    rules_asked,
    rules_of,
    standing,
)
from yuexin.engines.rules.subjects import SubjectProgram
from yuexin.engines.rules.terms_of_lists import last_day_by_term
from yuexin.engines.rules.types import Condition, Explanation

__all__ = [
    "MAX_RECORDS",
    "MOST_MONTHS",
    "PUBLISHED_ON",
    "Condition",
    "Explanation",
    "FileConditions",
    "RecordConditions",
    "ReleaseProgram",
    "SubjectProgram",
    "Truth",
    "called_for",
    "check_commitment",
    "check_measure",
    "check_regime",
    "check_rule",
    "check_term",
    "check_withholding",
    "digest_of_rules",
    "exclusions",
    "file_conditions",
    "frame_schema",
    "kinds_read",
    "last_day_by_term",
    "lost_to",
    "measures_in",
    "on_file",
    "record_conditions",
    "regime_rules",
    "release_program",
    "repair_from",
    "rules_asked",
    "rules_of",
    "said_of_nobody",
    "standing",
    "subject_program",
    "term_gone_by",
    "text_frame",
    "with_least_months",
    "with_months",
    "with_values",
]
