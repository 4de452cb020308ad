"""What somebody is asked for, as an input of a page: made here, whatever declares it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import parse_date
from yuexin.base.text import Text

Control = Literal["text", "long_text", "date", "email", "choice", "flag"]
PLAIN: Final[dict[str, Control]] = {
    "long_text": "long_text", "email": "email", "flag": "flag", "ground": "choice",
    "file_record": "choice",
}  # fmt: skip
KEYPADS: Final = {
    "integer": "numeric", "decimal": "decimal", "money": "decimal", "money_wan": "decimal",
    "phone": "tel", "email": "email",
}  # fmt: skip
SIGNED: Final = frozenset({"money_wan"})
"""What may be less than nothing, unless its least value says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """An input by its `name` in the form, with the `value` that stands in it, one of the `choices`
    where there are any. `required`: the page holds back a form in which it is empty."""

    name: str
    control: Control
    value: str
    choices: tuple[tuple[str, Text], ...] = ()
    keypad: str = ""
    longest: int
    required: bool = False


def input_of(
    *,
    name: str,
    of: str,
    value: str,
    longest: int,
    choices: Iterable[tuple[str, Text]] = (),
    least: int | None = None,
    required: bool = False,
) -> Input:
    """The input for a value `of` a declared type."""
    listed = tuple(choices)
    return Input(
        name=name, control="choice" if listed else _control(of, value), value=value,
        choices=listed, keypad=keypad_of(of=of, least=least), longest=longest,
        required=required,
    )  # fmt: skip


def keypad_of(*, of: str, least: int | None = None) -> str:
    """The keys that a type needs (HTML `inputmode`). Those of numbers have no minus on a telephone,
    which a loss needs."""
    if of in SIGNED and (least is None or least < 0):
        return ""
    return KEYPADS.get(of, "")


def _control(of: str, value: str) -> Control:
    # A browser empties an input of a day that holds something else, and it could not be mended.
    if of == "date" and (not value or _is_day(value)):
        return "date"
    return PLAIN.get(of, "text")


def _is_day(value: str) -> bool:
    try:
        return parse_date(value).isoformat() == value
    except ValueError:
        return False
