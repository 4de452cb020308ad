"""Where a form says that an answer is held something holds it, and nothing personal leaves so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import FormField, Party

FIELD = FormField(id="one", zh="一", en="one", personal=True)


def said(field: FormField, *, process: str = "objection", by: Party = "applicant") -> list[str]:
    """What is wrong with a process whose first form asks for this alone."""
    declared = current().processes[process]
    opening = replace(declared.openings[0], form=(field,), by=(by,))
    steps = (opening, *(one for one in declared.steps if one.after))
    wrong = replace(declared, steps=steps, opened_by=(by,))
    return [found.what.en for found in check_process(current(), wrong)]


@pytest.mark.parametrize(
    "source",
    [
        "subject.name", "subject.code", "record.doc_no", "file.annual_report.phone", "earlier",
        "person.name", "person.phone",
    ],
)  # fmt: skip
def test_what_holds_an_answer_can_be_named(source: str) -> None:
    assert said(replace(FIELD, prefilled=(source,))) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("subject.colour", "source “subject.colour” is not declared"),
        ("person.password", "source “person.password” is not declared"),
        ("record.colour", "field “colour” is not declared"),
        ("file.colours.phone", "kind “colours” is not declared"),
        ("file.annual_report.colour", "field “colour” is not declared"),
    ],
)
def test_what_holds_nothing_is_refused(source: str, wrong: str) -> None:
    assert wrong in said(replace(FIELD, prefilled=("subject.name", source)))


def test_a_process_about_no_record_names_none() -> None:
    field = replace(FIELD, prefilled=("record.doc_no",))
    assert any("doc_no" in one for one in said(field, process="creditors_announcement"))


def test_what_is_a_persons_fills_no_field_that_others_read() -> None:
    for source in ("person.name", "person.phone"):
        field = replace(FIELD, personal=False, prefilled=(source,))
        assert said(field) == ["a person fills personal fields alone"]


def test_an_officer_is_offered_nothing_of_his_own() -> None:
    for source in ("person.name", "earlier"):
        field = replace(FIELD, prefilled=(source,))
        assert "it is for steps of the applicant" in said(field, by="office")
