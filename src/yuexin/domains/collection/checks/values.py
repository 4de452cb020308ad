"""Value types: how a column of text becomes typed, written once for all resources.

Each type gives an expression for the value and one for what is wrong with it. Text that cannot
be read becomes null, and null beside text that was there is a finding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from yuexin.base.codes import normalise_code
from yuexin.base.codes.contacts import ANY_PHONE
from yuexin.base.dates import read_date
from yuexin.domains.collection.checks import codes as vector
from yuexin.engines.declare.types import CodeList, Column

COMMON_DATE, COMMON_FORMAT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "%Y-%m-%d"
FIRST_DATE, LAST_DATE, ENDLESS = dt.date(1900, 1, 1), dt.date(2098, 12, 31), dt.date(9999, 12, 31)
MONEY = pl.Decimal(20, 4)
AMOUNT = r"^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(\.[0-9]{1,6})?"
NUMBER = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,14})(\.[0-9]{1,6}0*)?$"
LOOSE_PHONE = rf"^(?:{ANY_PHONE})$"
LOOSE_URL = r"^(https?://)?[^\s<>\"']{3,300}$"
FLAGS = {"1": True, "2": False, "是": True, "否": False, "true": True, "false": False, "0": False}
TEN_THOUSAND = 10_000
# What senders write between the members of a list instead of the separator of its layout. The last
# stands within names too, so it separates only where one of the pieces is a listed value.
LOOSE_SEPARATOR = r"[\s/／+＋]+"
SEPARATORS = ("[;；|｜]", "[,，]", "、", LOOSE_SEPARATOR)
UNDECLARED_LENGTH = Column(header="").max_length
# Control, zero-width and direction characters: they make a name read as another name.
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2069\u2800\u3164\ufeff\uffa0\U000e0000-\U000e007f"
)
INVISIBLE = f"[{_UNSEEN}]"
# Prose may have lines, a name has one.
INVISIBLE_IN_NAMES = rf"[{_UNSEEN}\t\n\r\u2028\u2029]"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The typed value of a column from its cleaned text, and the findings (a rule's name with
    its condition) over the cleaned text and the value, which stands under `=header`."""

    value: pl.Expr
    findings: tuple[tuple[str, pl.Expr], ...]
    extra: Mapping[str, pl.Expr]


def typed(column: Column, code_list: CodeList | None) -> Typed:
    """The expressions for one declared column, over its cleaned text."""
    text = pl.col(column.header)
    if column.type == "code" and code_list is not None:
        return _code(column, code_list, text)
    if column.type == "money_text":
        return _money_text(column, code_list, text)
    if column.type == "text":
        return Typed(value=text, findings=(_too_long(column),), extra={})
    if column.type in CHECK_DIGITS:
        return _checked(column, text)
    value = SIMPLE[column.type](text)
    findings = (("TYPE", _unread(column)), *_declared(column), *_range(column))
    return Typed(value=value, findings=findings, extra={})


def _too_long(column: Column) -> tuple[str, pl.Expr]:
    return ("LENGTH", pl.col(column.header).str.len_chars() > column.max_length)


def _declared(column: Column) -> tuple[tuple[str, pl.Expr], ...]:
    """The length of a typed column matters where its layout declares one."""
    return () if column.max_length == UNDECLARED_LENGTH else (_too_long(column),)


def _range(column: Column) -> tuple[tuple[str, pl.Expr], ...]:
    """A number outside the bounds that its layout declares."""
    outside = []
    if column.minimum is not None:
        outside.append(_value(column) < column.minimum)
    if column.maximum is not None:
        outside.append(_value(column) > column.maximum)
    return (("RANGE", pl.any_horizontal(outside)),) if outside else ()


def _value(column: Column) -> pl.Expr:
    return pl.col(f"={column.header}")


def _unread(column: Column) -> pl.Expr:
    return pl.col(column.header).is_not_null() & _value(column).is_null()


def _narrow(text: pl.Expr) -> pl.Expr:
    """Full-width digits and letters as half-width, without inner white space, upper case."""
    return text.map_batches(_narrowed, return_dtype=pl.String)


def _narrowed(column: pl.Series) -> pl.Series:
    odd = column.str.contains(r"[^0-9A-Z]").fill_null(value=False)
    if not odd.any():
        return column
    mended = [
        normalise_code(text) if strange and text is not None else text
        for text, strange in zip(column.to_list(), odd.to_list(), strict=True)
    ]
    return pl.Series(column.name, mended, dtype=pl.String)


def _dates(column: pl.Series) -> pl.Series:
    """Dates as `read_date` reads them, those of the common form all at once."""
    common = column.str.contains(COMMON_DATE)
    if common.all():
        return column.str.to_date(COMMON_FORMAT, strict=False)
    others = column.filter(~common).unique()
    read = {text: read_date(text) for text in others.to_list()}
    known = column.replace_strict(read, default=None, return_dtype=pl.Date)
    plain = column.set(~common, None).str.to_date(COMMON_FORMAT, strict=False)
    return plain.zip_with(plain.is_not_null(), known)


def _date(text: pl.Expr) -> pl.Expr:
    return text.map_batches(_in_life, return_dtype=pl.Date)


def _open_date(text: pl.Expr) -> pl.Expr:
    """A date, where a year from 2099 on, or 长期, stands for no end and becomes 9999-12-31."""
    return text.map_batches(_or_endless, return_dtype=pl.Date)


def _in_life(column: pl.Series) -> pl.Series:
    """Dates of years in which a file can live; the others are none."""
    value = _dates(column)
    return value.set(~value.is_between(FIRST_DATE, LAST_DATE), None)


def _or_endless(column: pl.Series) -> pl.Series:
    value = _dates(column)
    endless = (value > LAST_DATE).fill_null(value=False) | column.is_in(["长期", "永久"])
    return value.set(value < FIRST_DATE, None).set(endless, ENDLESS)


def _money_wan(text: pl.Expr) -> pl.Expr:
    """万元 with up to six decimals as yuan."""
    amount = _number(text).cast(pl.Decimal(20, 6), strict=False) * TEN_THOUSAND
    return amount.cast(MONEY, strict=False)


def _decimal(text: pl.Expr) -> pl.Expr:
    return _number(text).cast(MONEY, strict=False)


def _integer(text: pl.Expr) -> pl.Expr:
    return _number(text).cast(pl.Int64, strict=False)


def _number(text: pl.Expr) -> pl.Expr:
    """Digits, in groups of three or in none; nothing else is a number."""
    plain = pl.when(text.str.contains(NUMBER)).then(text)
    return plain.str.replace_all(",", "", literal=True)


def _flag(text: pl.Expr) -> pl.Expr:
    known = list(FLAGS)
    return text.str.to_lowercase().replace_strict(
        known, [FLAGS[key] for key in known], default=None, return_dtype=pl.Boolean
    )


def _phone(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(LOOSE_PHONE)).then(text)


def _url(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(LOOSE_URL)).then(text)


def _checked(column: Column, text: pl.Expr) -> Typed:
    narrow = _narrow(text)
    if column.type == "org_code":
        narrow = narrow.str.replace_all("-", "", literal=True)
    passed = _value(column).map_batches(CHECK_DIGITS[column.type], return_dtype=pl.Boolean)
    return Typed(value=narrow, findings=(("CODE_CHECK", ~passed),), extra={})


def _spellings(code_list: CodeList, given: Mapping[str, str]) -> dict[str, str]:
    """Every accepted spelling of every code: itself, its Chinese label, its aliases.

    What is written behind `other` and is a code means that code: 其他-通报批评.
    """
    spelled = {
        spelling: value.code
        for value in reversed(code_list.values)
        for spelling in (value.code, value.zh, *value.aliases)
    }
    if code_list.other:
        behind = {"": code_list.other, **spelled}
        spelled |= {f"{code_list.other}-{key}": code for key, code in behind.items()}
    return {**spelled, **{old: spelled.get(new, new) for old, new in given.items()}}


def _code(column: Column, code_list: CodeList, text: pl.Expr) -> Typed:
    spelled = _spellings(code_list, column.map)
    if column.separator:
        return _codes(column, code_list, text, spelled)
    value = _coded(text, code_list, spelled)
    unknown = _unlisted(_value(column), code_list) if code_list.open else _unread(column)
    return Typed(value=value, findings=(("CODE_LIST", unknown),), extra={})


def _codes(column: Column, code_list: CodeList, text: pl.Expr, spelled: Mapping[str, str]) -> Typed:
    """Several codes in one cell."""
    separated = text.map_batches(
        lambda cells: _separated(cells, column.separator, code_list, spelled),
        return_dtype=pl.String,
    )
    parts = separated.str.split(column.separator).list.eval(
        pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "")
    )
    codes = _value(column).list
    unknown = codes.eval(_unlisted(pl.element(), code_list)).list.any() | (codes.len() == 0)
    return Typed(
        value=parts.list.eval(_coded(pl.element(), code_list, spelled)),
        findings=(("CODE_LIST", unknown),),
        extra={},
    )


def _coded(text: pl.Expr, code_list: CodeList, spelled: Mapping[str, str]) -> pl.Expr:
    """The code of one spelling. An open list keeps what it does not have."""
    if code_list.other:
        text = text.str.replace(_other_form(code_list), f"{code_list.other}-${{1}}")
    known = text.replace_strict(
        list(spelled), list(spelled.values()), default=None, return_dtype=pl.String
    )
    return pl.coalesce(known, text) if code_list.open else known


def _unlisted(code: pl.Expr, code_list: CodeList) -> pl.Expr:
    """Whether one read code is none of its list, nor a text as its `other` asks for."""
    if not code_list.open:
        return code.is_null()
    if not code_list.other:
        return pl.lit(value=False)
    plain = [value for value in code_list.by_code if value != code_list.other]
    return ~(code.is_in(plain) | code.str.contains(f"^{re.escape(code_list.other)}-."))


def _other_form(code_list: CodeList) -> str:
    """A text behind `other`, or none, whichever dashes or colon are between them."""
    other = code_list.by_code[code_list.other]
    words = "|".join(map(re.escape, (other.code, other.zh, *other.aliases)))
    return rf"^(?:{words})\s*[-－—–:：][-－—–:：\s]*(.*)$"


def _separated(
    cells: pl.Series, separator: str, code_list: CodeList, listed: Collection[str]
) -> pl.Series:
    """Lists with the declared separator between their members, whichever the sender wrote."""
    form = re.compile(_other_form(code_list) if code_list.other else "(?!)")
    odd = cells.filter(cells.str.contains("|".join(SEPARATORS))).unique()
    mended = {cell: separator.join(_members(cell, listed, form)) for cell in odd.to_list()}
    return cells.replace(mended) if mended else cells


def _members(
    text: str,
    listed: Collection[str],
    form: re.Pattern[str],
    separators: tuple[str, ...] = SEPARATORS,
) -> list[str]:
    """The members of a list. A listed value that holds a separator stays whole, and so does a text
    behind `other` in which nothing else is listed."""
    text = text.strip()
    if text in listed or not separators:
        return [text] if text else []
    pieces = [piece.strip() for piece in re.split(separators[0], text)]
    free = separators[0] == LOOSE_SEPARATOR or (
        separators[0] != SEPARATORS[0] and form.match(text) is not None
    )
    if free and not any(piece in listed for piece in pieces):
        return _members(text, listed, form, separators[1:])
    return [one for piece in pieces for one in _members(piece, listed, form, separators[1:])]


def out_of_date(column: Column, code_list: CodeList, first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whether a cell holds a code that was in use on no day from `first` to `last`."""
    cell = pl.col(f"+{column.currency_field}") if column.currency_field else _value(column)
    found = []
    for code in code_list.dated:
        held = cell.list.contains(code.code) if column.separator else cell == code.code
        if code.valid_from:
            found.append(held & (last < code.valid_from))
        if code.valid_to:
            found.append(held & (first >= code.valid_to))
    return pl.any_horizontal(found)


def _money_text(column: Column, currencies: CodeList | None, text: pl.Expr) -> Typed:
    """An amount with its unit and currency in words, such as 1,090(万元人民币)."""
    narrow = text.str.replace_all("（", "(", literal=True).str.replace_all("）", ")", literal=True)
    amount = narrow.str.extract(AMOUNT, 0)
    rest = narrow.str.replace(AMOUNT, "").str.replace_all(r"[()\s]", "")
    spelled = {} if currencies is None else _spellings(currencies, column.map)
    units = rest.map_batches(lambda s: _multipliers(s), return_dtype=MONEY)
    number = amount.str.replace_all(",", "", literal=True).cast(pl.Decimal(20, 6), strict=False)
    value = (number * units).cast(MONEY, strict=False)
    words = rest.str.replace("万", "", literal=True)
    named = {_bare(key): code for key, code in spelled.items()}
    currency = words.replace_strict(
        list(named), list(named.values()), default=None, return_dtype=pl.String
    )
    # "50(万)" names no currency: the amount stands, its currency stays unknown.
    whole = pl.when(currency.is_not_null() | (words == "")).then(value)
    extra = {column.currency_field: currency} if column.currency_field else {}
    return Typed(value=whole, findings=(("TYPE", _unread(column)),), extra=extra)


def _bare(currency: str) -> str:
    return currency.translate(str.maketrans("", "", "万（）() "))


def _multipliers(rest: pl.Series) -> pl.Series:
    wan = rest.str.starts_with("万")
    many = pl.Series([Decimal(TEN_THOUSAND)], dtype=MONEY).new_from_index(0, len(rest))
    one = pl.Series([Decimal(1)], dtype=MONEY).new_from_index(0, len(rest))
    return many.zip_with(wan.fill_null(value=False), one)


SIMPLE: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "date": _date,
    "open_date": _open_date,
    "money_wan": _money_wan,
    "integer": _integer,
    "decimal": _decimal,
    "flag": _flag,
    "phone": _phone,
    "url": _url,
}
CHECK_DIGITS: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "uscc": vector.uscc_valid,
    "org_code": vector.org_code_valid,
    "reg_no": vector.reg_no_valid,
    "id_number": vector.id_number_valid,
}
