"""The faults of the sample province: each there, about as often as declared, and what it says."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from tests.sample.reading import Province

from yuexin.base.codes import check_uscc
from yuexin.base.text import normalise_name
from yuexin.engines.declare.queries import current
from yuexin.sample.faults import DECIDING, Faults
from yuexin.sample.registers import REGISTERS
from yuexin.sample.schedule import sheets
from yuexin.sample.vocabulary import TELLINGS

RARE_KINDS = {
    "old_name", "fine_without_amount", "contradicting_agencies", "traditional_name",
    "trailing_mark", "formula_text",
}  # fmt: skip
"""Faults that befall few rows only, so that their share of all rows says little."""


def code_of(truth: dict[str, str], row: dict[str, str]) -> str:
    """The unified code in the column in which its resource names the subject."""
    return _identifier(truth, row, "uscc")


def name_of(truth: dict[str, str], row: dict[str, str]) -> str:
    return row[current().resources[truth["resource"]].subject_name]


def old_numbers(truth: dict[str, str], row: dict[str, str]) -> set[str]:
    told = (_identifier(truth, row, scheme) for scheme in ("reg_no", "org_code"))
    return {number.replace("-", "") for number in told if number}


def _identifier(truth: dict[str, str], row: dict[str, str], scheme: str) -> str:
    named = current().resources[truth["resource"]].identifiers
    return next((row.get(one.column, "") for one in named if one.scheme == scheme), "")


def carrying(province: Province, fault: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The rows with this fault: their truth, and what was delivered."""
    return [(row, province.delivered(row)) for row in province.faults[fault]]


def true_names(province: Province) -> dict[str, set[str]]:
    return {
        subject["code"]: {
            subject["name"],
            *(part.split("|")[0] for part in subject["former_names"].split(";") if part),
        }
        for subject in province.subjects
    }


@pytest.mark.parametrize("fault", [field.name for field in dataclasses.fields(Faults)])
def test_each_fault_occurs_about_as_often_as_declared(province: Province, fault: str) -> None:
    share = len(province.faults[fault]) / len(province.rows)
    declared = getattr(Faults(), fault)
    assert share > 0
    if fault not in RARE_KINDS:
        # A contradiction counts twice, since two rows take part in it.
        assert 0.4 * declared < share < 2.6 * declared


def test_rows_without_a_code_have_none(province: Province) -> None:
    for truth, row in carrying(province, "missing_code"):
        assert code_of(truth, row) == ""


def test_a_mistyped_code_never_passes(province: Province) -> None:
    for truth, row in carrying(province, "mistyped_code"):
        assert code_of(truth, row) != truth["code"]
        assert not check_uscc(code_of(truth, row)).valid


def test_some_mistyped_codes_have_the_letter_o_for_a_zero(province: Province) -> None:
    typed = [code_of(truth, row) for truth, row in carrying(province, "mistyped_code")]
    assert any("O" in code for code in typed)
    assert any("O" not in code for code in typed)


def test_an_outdated_code_still_names_its_subject(province: Province) -> None:
    reg_nos = {subject["code"]: subject["reg_no"] for subject in province.subjects}
    for truth, row in carrying(province, "outdated_code"):
        given = old_numbers(truth, row)
        assert code_of(truth, row) == ""
        assert given & {reg_nos[truth["code"]], truth["code"][8:17]}


def test_an_old_name_was_the_subjects_own(province: Province) -> None:
    names = true_names(province)
    for truth, row in carrying(province, "old_name"):
        if "contradicting_name" not in truth["faults"]:
            assert name_of(truth, row) in names[truth["code"]]


def test_wide_forms_are_the_same_name_and_code(province: Province) -> None:
    names = true_names(province)
    for truth, row in carrying(province, "full_width_code"):
        assert code_of(truth, row) != truth["code"] == check_uscc(code_of(truth, row)).code
    for truth, row in carrying(province, "full_width_name"):
        if "contradicting_name" not in truth["faults"]:
            known = set(map(normalise_name, names[truth["code"]]))
            assert normalise_name(name_of(truth, row)) in known


def test_other_names_were_never_the_subjects_own(province: Province) -> None:
    names = true_names(province)
    for fault in ("traditional_name", "marked_name"):
        for truth, row in carrying(province, fault):
            assert name_of(truth, row) not in names[truth["code"]]


def test_a_row_that_stands_twice_says_the_same(province: Province) -> None:
    for truth in province.faults["duplicate_row"]:
        lines = province.files[truth["file"]]
        number = int(truth["row"])
        assert lines[number] == lines[number - 1]


def test_a_contradiction_is_one_code_with_two_names_in_one_file(province: Province) -> None:
    rows = province.faults["contradicting_name"]
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        assert (first["file"], first["code"]) == (second["file"], second["code"])
        one, other = province.delivered(first), province.delivered(second)
        assert code_of(first, one) == code_of(second, other)
        assert name_of(first, one) != name_of(second, other)


def test_formulas_stay_text_in_every_form(province: Province) -> None:
    told = [row for _, row in carrying(province, "formula_text")]
    starts = {cell[0] for row in told for cell in row.values() if cell.startswith(("=", "@", "+"))}
    assert starts == {"=", "@", "+"}


def test_no_fault_makes_a_row_that_must_be_hidden_public(province: Province) -> None:
    """Faults only leave open whether a row is shown; what the law hides stays hidden."""
    for row in province.rows:
        faults = set(row["faults"].split(";"))
        assert row["public"] in ("yes", "no", "may")
        assert not (row["public"] == "yes" and faults & DECIDING)
        assert (row["public"] == "yes") == (row["why"] == "")


def test_what_must_be_hidden_is_hidden_by_law(province: Province) -> None:
    reasons = {row["why"] for row in province.rows if row["public"] == "no"}
    told = {why for telling in TELLINGS for why in telling.hidden.values()}
    assert reasons == told | {
        "natural_person", "minor_person", "minor_offence", "expired", "repaired", "annulled",
        "sealed", "closed",
    }  # fmt: skip


def test_the_second_register_tells_what_is_new(province: Province) -> None:
    second = {
        sheet.file
        for sheet in sheets(province.times)
        if sheet.resource in REGISTERS and sheet.delivered_on == province.times.second_register
    }
    told = [row for row in province.rows if row["file"] in second]
    superseded = [row for row in province.rows if row["why"] == "superseded"]
    assert 0.02 < len(told) / len(province.subjects) < 0.12
    assert {row["code"] for row in superseded} < {row["code"] for row in told}
    approved = [province.delivered(row)["核准日期"] for row in told]
    after = (province.times.first_register + dt.timedelta(days=1)).isoformat()
    assert sum(date >= after for date in approved) > len(approved) / 2
