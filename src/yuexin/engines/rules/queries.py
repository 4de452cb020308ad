"""The door: programs of rules over frames. Pure; reads nothing but what it is given."""

from __future__ import annotations

from yuexin.engines.rules.bound import (
    file_conditions,
    kinds_read,
    record_conditions,
    release_program,
    subject_program,
)
from yuexin.engines.rules.check import check_rule, check_term, check_withholding
from yuexin.engines.rules.conditions import FileConditions, RecordConditions, Truth
from yuexin.engines.rules.frames import frame_schema, text_frame
from yuexin.engines.rules.gather import MAX_RECORDS
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.subjects import SubjectProgram
from yuexin.engines.rules.types import Condition, Explanation

__all__ = [
    "MAX_RECORDS",
    "Condition",
    "Explanation",
    "FileConditions",
    "RecordConditions",
    "ReleaseProgram",
    "SubjectProgram",
    "Truth",
    "check_rule",
    "check_term",
    "check_withholding",
    "file_conditions",
    "frame_schema",
    "kinds_read",
    "record_conditions",
    "release_program",
    "subject_program",
    "text_frame",
]
