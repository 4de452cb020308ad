"""The identifiers of subjects, persons, licences and goods: their shape and check digits.

A valid code is evidence, not proof. The tables are public because vectorised checkers elsewhere
are built from the very same constants.
"""

from yuexin.base.codes.checksums import (
    GTIN_MODULUS,
    GTIN_WEIGHTS,
    ID_CHECKS,
    ID_MODULUS,
    ID_WEIGHTS,
    ORG_ALPHABET,
    ORG_CHECKS,
    ORG_MODULUS,
    ORG_WEIGHTS,
    USCC_ALPHABET,
    USCC_MODULUS,
    USCC_WEIGHTS,
    gtin_check,
    id_check,
    mod11_10_check,
    mod37_36_check,
    org_check,
    uscc_check,
)
from yuexin.base.codes.documents import (
    DOCUMENTS,
    Document,
    check_document,
    holder_number,
    mask_document,
)
from yuexin.base.codes.goods import check_gtin
from yuexin.base.codes.identify import SCHEMES, check, identify
from yuexin.base.codes.person import check_id_number, mask_id_number
from yuexin.base.codes.prose import FULL_WIDTH, MAY_HOLD_ID, without_id_numbers
from yuexin.base.codes.registers import (
    E_LICENCE_PREFIX,
    FOOD_BUSINESS_KINDS,
    FOOD_CATEGORIES,
    FOOD_CHECK_SEVERITY,
    FOOD_PRODUCTION_KINDS,
    check_e_licence,
    check_food_licence,
    check_legacy13,
    check_reg_no,
    check_tax_no,
)
from yuexin.base.codes.repair import repaired
from yuexin.base.codes.uscc import (
    AUTHORITIES,
    SOLE_TRADER_PREFIX,
    Authority,
    check_org_code,
    check_uscc,
    is_sole_trader,
    org_code_of,
)
from yuexin.base.codes.verdict import Problem, Scheme, Severity, Verdict, normalise_code
from yuexin.base.codes.within import codes_within

__all__ = [
    "AUTHORITIES",
    "DOCUMENTS",
    "E_LICENCE_PREFIX",
    "FOOD_BUSINESS_KINDS",
    "FOOD_CATEGORIES",
    "FOOD_CHECK_SEVERITY",
    "FOOD_PRODUCTION_KINDS",
    "FULL_WIDTH",
    "GTIN_MODULUS",
    "GTIN_WEIGHTS",
    "ID_CHECKS",
    "ID_MODULUS",
    "ID_WEIGHTS",
    "MAY_HOLD_ID",
    "ORG_ALPHABET",
    "ORG_CHECKS",
    "ORG_MODULUS",
    "ORG_WEIGHTS",
    "SCHEMES",
    "SOLE_TRADER_PREFIX",
    "USCC_ALPHABET",
    "USCC_MODULUS",
    "USCC_WEIGHTS",
    "Authority",
    "Document",
    "Problem",
    "Scheme",
    "Severity",
    "Verdict",
    "check",
    "check_document",
    "check_e_licence",
    "check_food_licence",
    "check_gtin",
    "check_id_number",
    "check_legacy13",
    "check_org_code",
    "check_reg_no",
    "check_tax_no",
    "check_uscc",
    "codes_within",
    "gtin_check",
    "holder_number",
    "id_check",
    "identify",
    "is_sole_trader",
    "mask_document",
    "mask_id_number",
    "mod11_10_check",
    "mod37_36_check",
    "normalise_code",
    "org_check",
    "org_code_of",
    "repaired",
    "uscc_check",
    "without_id_numbers",
]
