"""The subjects of the sample province: valid by every check, believable, and nobody real."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from tests.sample.reading import Province

from yuexin.base.codes import check_id_number, check_org_code, check_reg_no, check_uscc, org_code_of
from yuexin.base.regions import cities
from yuexin.sample import codes, words

# Domain notes 1.2.
_LISTED = """
9144030071526726XG 914403001922038216 91440400192548256N 91440606722473344C 91440300192317458F
9144030010001686XA 91440300100012316L 91440300192181490G 9144030027939873X7 91440000126335439C
91440000100017600N 91441300195971850Y 91445300707813507B 9144010163320680X7 91440300760482233Q
914403003296132911 91330100799655058B 91110108551385082Q 91110000802100433B 9152000071430580XT
91100000100003962T 911100001000044477 911000001000013428 911100001000054748 91350900587527783P
91330000733796106P 91310000132260250X 9132070070404786XB
"""
REAL = tuple(_LISTED.split())


def test_every_code_is_valid_without_a_warning(province: Province) -> None:
    for subject in province.subjects:
        assert check_uscc(subject["code"]).problems == ()
        assert check_org_code(org_code_of(subject["code"])).problems == ()
        assert not subject["reg_no"] or check_reg_no(subject["reg_no"]).problems == ()


def test_no_two_subjects_share_a_code_or_a_number(province: Province) -> None:
    for key in ("code", "reg_no"):
        given = [subject[key] for subject in province.subjects if subject[key]]
        assert len(set(given)) == len(given)
    organisations = {org_code_of(subject["code"]) for subject in province.subjects}
    assert len(organisations) == len(province.subjects)


def test_no_subject_carries_the_code_of_a_real_company(province: Province) -> None:
    assert {subject["code"] for subject in province.subjects}.isdisjoint(REAL)
    delivered = {cell for lines in province.files.values() for line in lines for cell in line}
    assert delivered.isdisjoint(REAL)


@pytest.mark.parametrize("code", REAL)
def test_a_real_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="real company"):
        codes.invented(code)


def test_no_real_code_lies_in_the_blocks_that_are_given_out() -> None:
    assert not [code for code in REAL if code[8:].startswith(("MAY", "99"))]


def test_codes_stay_different_up_to_the_largest_province() -> None:
    sparse = [*range(0, codes.MOST_SUBJECTS, 9973), codes.MOST_SUBJECTS - 1]
    given = {codes.org_code(index=index, seed=20160624) for index in sparse}
    assert len(given) == len(sparse)
    with pytest.raises(ValueError, match="no code"):
        codes.org_code(index=codes.MOST_SUBJECTS, seed=1)


def test_most_subjects_are_sole_traders(province: Province) -> None:
    kinds = Counter(subject["code"][:2] for subject in province.subjects)
    assert set(kinds) == {"91", "92", "93", "12", "51"}
    assert 0.56 < kinds["92"] / len(province.subjects) < 0.64
    assert kinds["12"] < kinds["91"] > kinds["93"] > kinds["51"] > 0


def test_subjects_live_in_all_cities_and_most_in_the_largest(province: Province) -> None:
    living = Counter(subject["city"] for subject in province.subjects)
    assert set(living) == {city.code for city in cities()}
    assert {city for city, _ in living.most_common(2)} == {"440300", "440100"}


def test_every_name_is_plainly_invented(province: Province) -> None:
    for subject in province.subjects:
        assert any(character in words.RARE for character in subject["name"]), subject["name"]


def test_names_are_long_and_short_and_sometimes_point_elsewhere(province: Province) -> None:
    names = [subject["name"] for subject in province.subjects]
    assert max(map(len, names)) > 25
    assert min(map(len, names)) < 6
    elsewhere = [
        subject
        for subject in province.subjects
        if any(city in subject["name"][3:] for city in ("北京", "重庆", "兰州", "长沙", "桂林"))
    ]
    assert 5 < len(elsewhere) < 100


def test_some_names_stand_in_two_cities(province: Province) -> None:
    places: dict[str, set[str]] = {}
    for subject in province.subjects:
        places.setdefault(subject["name"], set()).add(subject["city"])
    assert sum(len(found) > 1 for found in places.values()) >= 3


def test_some_subjects_have_former_names_and_some_have_ended(province: Province) -> None:
    renamed = [subject for subject in province.subjects if subject["former_names"]]
    assert 0.02 < len(renamed) / len(province.subjects) < 0.12
    assert {"active", "cancelled", "revoked"} <= {s["status"] for s in province.subjects}
    for subject in renamed:
        former, since = subject["former_names"].split("|")
        assert former != subject["name"]
        assert since < subject["name_since"]


def test_every_person_has_a_valid_number_that_no_citizen_has(province: Province) -> None:
    numbers = {
        cell
        for row in map(province.delivered, province.rows)
        for column, cell in row.items()
        if column.endswith(("ZJHM", "SFZ", "证件号码", "身份证号码")) and len(cell) == 18
    }
    assert len(numbers) > 500
    for number in numbers:
        assert check_id_number(number, on=dt.date(2026, 11, 24)).problems == ()
        assert number[14:17] == "000"
