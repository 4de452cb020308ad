"""What teaches names and numbers must be there, and registers must fill it."""

from __future__ import annotations

import pytest

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import current, load

NAMES = next(
    line
    for line in current().files["records/registration.yaml"].decode().splitlines()
    if line.startswith("names: ")
)


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "says"),
    [
        ("records/registration.yaml", "name: name,", "name: title,",
         "records/registration", "“title” is not declared"),
        ("records/registration.yaml", "{reg_no: reg_no}", "{tax_no: reg_no}",
         "records/registration names", "“tax_no” is not declared"),
        ("records/registration.yaml", "{industry: industry}", "{trade: industry}",
         "records/registration facets", "“trade” is not declared"),
        ("records/registration.yaml", "{industry: industry}", "{industry: trade}",
         "records/registration facets", "“trade” is not declared"),
        ("records/registration.yaml", "temporal: state", "temporal: event",
         "records/registration names", "only a state names its subject"),
        ("records/registration.yaml", f"{NAMES}\n", "",
         "records/registration", "establishes subjects, and no names are declared"),
        ("records/registration.yaml", "former: former_names, ", "",
         "resources/cooperatives", "must be filled by the column “曾用名”"),
        ("resources/registration.yaml", "subject_name: 名称", "subject_name: 法定代表人",
         "resources/registration", "the field “name” must be filled by the column “法定代表人”"),
        ("records/registration_change.yaml", "equals: name", "equals: 名称变更",
         "records/registration_change renames", "“名称变更” is not declared"),
        ("records/registration_change.yaml", "on: change_date", "on: reg_org",
         "records/registration_change renames", "“reg_org” is not declared"),
    ],
)  # fmt: skip
def test_what_teaches_names_is_checked(
    file: str, old: str, new: str, where: str, says: str
) -> None:
    text = current().files[file].decode()
    assert old in text
    changed = {**current().files, file: text.replace(old, new, 1).encode()}
    with pytest.raises(Refusal) as refused:
        load(changed)
    assert refused.value.where == where
    assert says in refused.value.what.en
