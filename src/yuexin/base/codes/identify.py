"""Checking a code under a scheme given by name, or under the scheme its shape suggests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final, get_args

from yuexin.base.codes.documents import DOCUMENTS
from yuexin.base.codes.goods import check_gtin
from yuexin.base.codes.person import check_id_number, looks_like_id_number
from yuexin.base.codes.registers import (
    E_LICENCE_PREFIX,
    check_e_licence,
    check_food_licence,
    check_legacy13,
    check_reg_no,
    check_tax_no,
)
from yuexin.base.codes.uscc import check_org_code, check_uscc
from yuexin.base.codes.verdict import Scheme, Verdict, normalise_code

_CHECKS: Final[Mapping[str, Callable[[str], Verdict]]] = {
    "uscc": check_uscc,
    "org_code": check_org_code,
    "reg_no": check_reg_no,
    "legacy13": check_legacy13,
    "tax_no": check_tax_no,
    "food_licence": check_food_licence,
    "gtin": check_gtin,
    "e_licence": check_e_licence,
}
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)


def check(scheme: str, text: str, *, on: dt.date | None = None) -> Verdict:
    """Check a code under a named scheme; `on` bounds the birth dates of identity numbers.

    Raises `ValueError` for a scheme that is not in `SCHEMES`.
    """
    if scheme == "id_number":
        return check_id_number(text, on=on)
    for document, look in DOCUMENTS.items():
        if scheme == document:
            return look(text, on=on)
    if scheme not in _CHECKS:
        raise ValueError(f"no such scheme: {scheme!r}")
    return _CHECKS[scheme](text)


def identify(text: str, *, on: dt.date | None = None) -> Verdict:
    """Check a code under the scheme its shape suggests; what has no known shape, as a USCC.

    This is a guess for search boxes and unlabelled columns. Where a code could be a person's or a
    company's and the check digits do not settle it, it is taken for a person's, which is masked.
    """
    return check(_scheme_of(normalise_code(text)), text, on=on)


def _scheme_of(code: str) -> Scheme:
    if code.startswith(E_LICENCE_PREFIX):
        return "e_licence"
    if len(code) == 16 and code.startswith(("SC", "JY")):
        return "food_licence"
    return _scheme_by_length(code)


def _scheme_by_length(code: str) -> Scheme:
    match len(code):
        case 15:
            return _scheme_of_15(code)
        case 13:
            return _scheme_of_13(code)
        case 8 | 14:
            return "gtin"
        case 9:
            return "org_code"
    return _scheme_of_18(code)


def _scheme_of_18(code: str) -> Scheme:
    # A number of a person passes the check of a USCC once in 31 times, but then mostly with
    # warnings: its authority, category or organisation code make no sense.
    uscc = check_uscc(code)
    if not uscc.problems:
        return "uscc"
    if check_id_number(code).valid:
        return "id_number"
    return "uscc" if uscc.valid or not looks_like_id_number(code) else "id_number"


def _scheme_of_15(code: str) -> Scheme:
    if check_reg_no(code).valid:
        return "reg_no"
    if looks_like_id_number(code):
        return "id_number"
    return "tax_no" if check_tax_no(code).valid else "reg_no"


def _scheme_of_13(code: str) -> Scheme:
    return "gtin" if check_gtin(code).valid else "legacy13"
