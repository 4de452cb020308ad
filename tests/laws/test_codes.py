"""A column is checked as each of its codes is: vectorised and scalar checks never disagree."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from yuexin.base import codes
from yuexin.base.codes import Verdict
from yuexin.domains.collection.checks import codes as vector
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.reading.batches import ROW
from yuexin.engines.declare.queries import current

Check = Callable[[str], Verdict]
DIGITS = "0123456789"
ODD = st.sampled_from("OISVZ-*. ²ⅩК９Ａaſ业\u200b")


def ending(body: st.SearchStrategy[str], check: Callable[[str], str]) -> st.SearchStrategy[str]:
    """Bodies with the check character that belongs to them."""
    return body.map(lambda text: text + check(text))


def mistaken(valid: st.SearchStrategy[str], alphabet: str) -> st.SearchStrategy[str]:
    """Valid codes, codes with one character changed, lost or too many, and anything at all."""

    @st.composite
    def slip(draw: st.DrawFn) -> str:
        code = draw(valid)
        place = draw(st.integers(0, len(code) - 1))
        other = draw(st.one_of(st.sampled_from(alphabet), ODD, st.just("")))
        return code[:place] + other + code[place + draw(st.integers(0, 1)) :]

    return st.one_of(valid, slip(), st.text(max_size=20))


def letters(alphabet: str, size: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=size, max_size=size)


USCC_BODIES = st.tuples(
    st.one_of(st.sampled_from(tuple(codes.AUTHORITIES)), letters(codes.USCC_ALPHABET, 1)),
    letters(codes.USCC_ALPHABET, 1),
    st.one_of(letters(DIGITS, 6), letters(codes.USCC_ALPHABET, 6)),
    letters(codes.USCC_ALPHABET, 9),
).map("".join)
USCC = mistaken(ending(USCC_BODIES, codes.uscc_check), codes.USCC_ALPHABET)
ORG = mistaken(ending(letters(codes.ORG_ALPHABET, 8), codes.org_check), codes.ORG_ALPHABET)
REG_NO = mistaken(ending(letters(DIGITS, 14), codes.mod11_10_check), DIGITS)
ID = mistaken(ending(letters(DIGITS, 17), codes.id_check), DIGITS + "X")


def columns(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.one_of(values, st.none()), max_size=30)


def agree(
    given: list[str | None], check: Callable[[pl.Series], pl.Series], one: Callable[[str], bool]
) -> None:
    column = [None if text is None else codes.normalise_code(text) for text in given]
    found = check(pl.Series("code", column, dtype=pl.String)).to_list()
    assert found == [None if code is None else one(code) for code in column]


@given(columns(USCC))
def test_unified_codes(given: list[str | None]) -> None:
    agree(given, vector.uscc_valid, lambda code: codes.check_uscc(code).valid)


@given(columns(ORG))
def test_organisation_codes(given: list[str | None]) -> None:
    agree(given, vector.org_code_valid, lambda code: codes.check_org_code(code).valid)


@given(columns(REG_NO))
def test_registration_numbers(given: list[str | None]) -> None:
    agree(given, vector.reg_no_valid, lambda code: codes.check_reg_no(code).valid)


@given(columns(ID))
def test_identity_numbers_by_shape_and_check(given: list[str | None]) -> None:
    """The column says nothing of birth dates, nor of numbers of the old form."""

    def valid(code: str) -> bool:
        problems = {problem.code for problem in codes.check_id_number(code).problems}
        return len(code) == 18 and not problems & {"LEN", "CHARSET", "CHECK"}

    agree(given, vector.id_number_valid, valid)


@given(columns(st.one_of(USCC, ORG, REG_NO, ID)))
def test_a_column_is_its_values_one_by_one(given: list[str | None]) -> None:
    for check in (vector.uscc_valid, vector.org_code_valid, vector.reg_no_valid):
        whole = check(pl.Series("code", given, dtype=pl.String)).to_list()
        alone = [check(pl.Series("code", [one], dtype=pl.String))[0] for one in given]
        assert whole == alone


CHECKED: dict[str, tuple[str, Check]] = {
    "uscc": ("XK_XDR_SHXYM", codes.check_uscc),
    "org_code": ("XK_XDR_ZZJG", codes.check_org_code),
    "reg_no": ("XK_XDR_GSZC", codes.check_reg_no),
}


@given(
    st.lists(USCC, min_size=1, max_size=20),
    st.lists(ORG, max_size=20),
    st.lists(REG_NO, max_size=20),
)
@example(["9144060668440001²K"], ["6844-0001-2"], ["４４０３０１１０３０９７４１３"])
@example(["91440606-684400012-K"], ["68440001—2"], ["4403 0110 3097 413"])
@example(["91440606684400012\u200bK"], ["68440001\ufeff2"], ["440301103097413\u00ad"])
def test_a_delivered_cell_is_judged_as_by_the_command_and_the_search_box(
    uscc: list[str], org: list[str], reg_no: list[str]
) -> None:
    """Whatever is typed: what one code is called valid for, a column is, and read as the same."""
    resource = current().resources["licences_2018"]
    for scheme, texts in (("uscc", uscc), ("org_code", org), ("reg_no", reg_no)):
        header, check = CHECKED[scheme]
        headers = {ROW: pl.Int64, **dict.fromkeys(resource.by_header, pl.String)}
        rows = [{ROW: place, header: text} for place, text in enumerate(texts)]
        program = CheckProgram.of(resource=resource, declarations=current())
        checked = program.run(
            frame=pl.DataFrame(rows, schema=headers), received_on=pl.lit(None, dtype=pl.Date)
        )
        failing = checked.findings.filter(pl.col("column") == header)[ROW].to_list()
        for place, text in enumerate(texts):
            verdict = check(text)
            # What the layout calls blank is no code at all.
            if text.strip() not in ("", *resource.blank) and verdict.code:
                assert (place not in failing) == verdict.valid, (scheme, text)
                if verdict.valid:
                    assert checked.typed[f"={header}"][place] == verdict.code
