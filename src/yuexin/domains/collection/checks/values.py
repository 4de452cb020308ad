"""Value types: how a column of text becomes typed, written once for all resources.

Each type gives an expression for the value and one for what is wrong with it. Text that cannot
be read becomes null, and null beside text that was there is a finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from yuexin.base.codes import normalise_code
from yuexin.domains.collection.checks import codes as vector
from yuexin.engines.declare.types import CodeList, Column

DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")
FIRST_YEAR, LAST_YEAR, OPEN_YEAR = 1900, 2098, 2099
MONEY = pl.Decimal(20, 4)
AMOUNT = r"^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(\.[0-9]{1,6})?"
NUMBER = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,14})(\.[0-9]{1,6}0*)?$"
LOOSE_PHONE = r"^[0-9+() -]{5,20}$"
LOOSE_URL = r"^(https?://)?[^\s<>\"']{3,300}$"
FLAGS = {"1": True, "2": False, "是": True, "否": False, "true": True, "false": False, "0": False}
TEN_THOUSAND = 10_000
UNDECLARED_LENGTH = Column(header="").max_length
# Control, zero-width and direction characters: they make a name read as another name.
INVISIBLE = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2069\u2800\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)


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
    """Dates in the first format that reads each text; years outside any file's life fail."""
    value = column.str.to_date(DATE_FORMATS[0], strict=False)
    for form in DATE_FORMATS[1:]:
        if value.null_count() == column.null_count():
            break
        value = value.zip_with(value.is_not_null(), column.str.to_date(form, strict=False))
    return value


def _date(text: pl.Expr) -> pl.Expr:
    value = text.map_batches(_dates, return_dtype=pl.Date)
    return pl.when(value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(value)


def _open_date(text: pl.Expr) -> pl.Expr:
    """A date, where a year from 2099 on, or 长期, stands for no end and becomes 9999-12-31."""
    value = text.map_batches(_dates, return_dtype=pl.Date)
    endless = (value.dt.year() >= OPEN_YEAR) | text.is_in(["长期", "永久"])
    inside = value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return pl.when(endless).then(pl.lit(dt.date(9999, 12, 31))).when(inside).then(value)


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
    """Every accepted spelling of every code: itself, its Chinese label, its aliases."""
    spelled = {
        spelling: value.code
        for value in reversed(code_list.values)
        for spelling in (value.code, value.zh, *value.aliases)
    }
    return {**spelled, **{old: spelled.get(new, new) for old, new in given.items()}}


def _code(column: Column, code_list: CodeList, text: pl.Expr) -> Typed:
    spelled = _spellings(code_list, column.map)
    keys, codes = list(spelled), list(spelled.values())
    if column.separator:
        return _codes(column, code_list, text, spelled)
    known = text.replace_strict(keys, codes, default=None, return_dtype=pl.String)
    if code_list.open:
        return Typed(value=pl.coalesce(known, text), findings=(), extra={})
    return Typed(value=known, findings=(("CODE_LIST", _unread(column)),), extra={})


def _codes(column: Column, code_list: CodeList, text: pl.Expr, spelled: Mapping[str, str]) -> Typed:
    """Several codes in one cell."""
    split = text.str.replace_all("[；、|]", column.separator).str.split(column.separator)
    parts = split.list.eval(pl.element().filter(pl.element().str.strip_chars() != ""))
    element = pl.element().str.strip_chars()
    known = element.replace_strict(
        list(spelled), list(spelled.values()), default=None, return_dtype=pl.String
    )
    value = parts.list.eval(pl.coalesce(known, element) if code_list.open else known)
    codes = _value(column).list
    unknown = codes.len() != codes.drop_nulls().list.len()
    return Typed(value=value, findings=(("CODE_LIST", unknown),), extra={})


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
