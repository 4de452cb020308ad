"""Which agency deals with which trade, and how it signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from yuexin.engines.declare.types import Agency
from yuexin.sample.layout import Row
from yuexin.sample.subjects import Subject

MARKET: Final = "market_regulation"
HOUSING: Final = "housing"
ENVIRONMENT: Final = "environment"
FOOD_DRUG: Final = "food_drug"

_BY_FIELD: Final = {
    "building": HOUSING, "factory": ENVIRONMENT, "transport": ENVIRONMENT, "farm": ENVIRONMENT,
}  # fmt: skip
SHORT: Final = {MARKET: "粤市监", HOUSING: "粤建", ENVIRONMENT: "粤环", FOOD_DRUG: "粤食药监"}
"""How its document numbers begin."""


def agency_of(subject: Subject) -> str:
    """The agency that licenses and punishes the subject's trade."""
    return _BY_FIELD.get(subject.trade.field, MARKET)


class Signatures:
    """The name and code of each agency in the fields of a licence or penalty."""

    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self._rows: dict[str, Row] = {
            agency: {
                "authority": agencies[agency].zh,
                "authority_code": agencies[agency].uscc,
                "source_unit": agencies[agency].zh,
                "source_unit_code": agencies[agency].uscc,
            }
            for agency in SHORT
        }

    def of(self, agency: str) -> Row:
        return self._rows[agency]
