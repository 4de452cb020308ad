"""Resources: what an agency delivers, column by column, and what its rows must keep to. `types` is
the door."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from yuexin.engines.declare.law import Labelled

ValueType = Literal[
    "text",
    "code",
    "uscc",
    "org_code",
    "reg_no",
    "id_number",
    "phone",
    "date",
    "open_date",
    "money_wan",
    "money_text",
    "integer",
    "decimal",
    "flag",
    "url",
]
Severity = Literal["reject", "wait", "warn"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a delivered layout, and the field of the record kind it becomes.

    A `money_text` column such as "1,090(万元人民币)" fills `field` with the amount in units and
    `currency_field` with the currency. A `minor_field` receives whether the person whose id
    number the column holds was under age on the event date. `map` turns delivered values
    into the kind's own codes. A `person_mark` column holds the number of a person's document: its
    keyed digest fills the field of that name, and the number fills none. What a `personal` column
    holds is masked wherever a row is kept outside its delivery. A number lies between `minimum` and
    `maximum`, where they are given.
    """

    header: str
    aliases: tuple[str, ...] = ()
    field: str = ""
    currency_field: str = ""
    minor_field: str = ""
    person_mark: bool = False
    type: ValueType = "text"
    codes: str = ""
    separator: str = ""
    required: bool = False
    max_length: int = 4000
    minimum: int | None = None
    maximum: int | None = None
    trim: str = ""
    personal: bool = False
    map: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RequiredWhen:
    """When `column` contains `contains`, `require` must be filled, and `positive` if so said."""

    id: str
    column: str
    contains: str
    require: str
    positive: bool = False
    severity: Severity = "reject"


@dataclass(frozen=True, kw_only=True)
class NotAfter:
    """The date in `first` is not after the date in `second`. `today` stands for the receipt."""

    id: str
    first: str
    second: str
    severity: Severity = "reject"


@dataclass(frozen=True, kw_only=True)
class AsTold:
    """Where the prose in `within` tells amounts in digits behind the word `after`, the amount in
    `column` is one of them, or all together. A wrong unit is a factor of ten thousand."""

    id: str
    column: str
    within: str
    after: str
    severity: Severity = "reject"


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A column that names the subject, in the order in which they are tried."""

    scheme: Literal["uscc", "org_code", "reg_no"]
    column: str


@dataclass(frozen=True, kw_only=True)
class Example:
    """A worked example: a row as delivered, and the findings it must give, `COLUMN:RULE`."""

    name: str
    row: dict[str, str]
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resource(Labelled):
    """An information resource of one agency, in the terms of the catalogue guide of 2017."""

    code: str
    providers: tuple[str, ...]
    kind: str
    basis: tuple[str, ...]
    cycle: Literal["real_time", "daily", "weekly", "monthly", "quarterly", "yearly", "once"]
    sharing: Literal["unconditional", "conditional", "none"]
    openness: Literal["open", "conditional", "closed"]
    establishes: bool = False
    authority: int = 0
    testing_only: bool = False
    secrecy_column: str = ""
    identifiers: tuple[Identifier, ...]
    subject_name: str
    former_names: str = ""
    natural_person: RequiredValue | None = None
    blank: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    required_when: tuple[RequiredWhen, ...] = ()
    not_after: tuple[NotAfter, ...] = ()
    as_told: tuple[AsTold, ...] = ()
    examples: tuple[Example, ...]

    @cached_property
    def by_header(self) -> dict[str, Column]:
        return {column.header: column for column in self.columns}


@dataclass(frozen=True, kw_only=True)
class RequiredValue:
    column: str
    equals: str
