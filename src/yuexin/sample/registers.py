"""What stands in the registers of institutions, social organisations and cooperatives alone."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.base.dates import add_months
from yuexin.sample import names
from yuexin.sample.cities import short_of
from yuexin.sample.layout import Row
from yuexin.sample.subjects import Kind, Status, Subject

REGISTRAR: Final = "market_regulation"
REGISTER_OF: Final[dict[Kind, tuple[str, str]]] = {
    "company": ("registration", REGISTRAR),
    "sole_trader": ("registration", REGISTRAR),
    "cooperative": ("cooperatives", REGISTRAR),
    "institution": ("institutions", "institution_registrar"),
    "society": ("social_organisations", "civil_affairs"),
}
"""The resource in which subjects of a kind are registered, and who delivers it."""
REGISTERS: Final = frozenset(resource for resource, _ in REGISTER_OF.values())

_BODY_STATES: Final[dict[Status, str]] = {"cancelled": "cancelled", "revoked": "revoked"}
_CERTIFICATE_YEARS: Final = 5


def particulars(subject: Subject, row: Row, day: dt.date) -> Row:
    """What the register of the subject's kind tells on a day, beside the market's own row."""
    match subject.kind:
        case "cooperative":
            return _members(subject)
        case "institution":
            return _institution(subject, row, day)
        case "society":
            return _society(subject, row, day)
        case _:
            return {}


def _members(subject: Subject) -> Row:
    members = 5 + subject.index % 60
    bodies = members // 20
    return {
        "members": str(members),
        "farmer_members": str(members - bodies),
        "body_members": str(bodies),
    }


def _institution(subject: Subject, row: Row, day: dt.date) -> Row:
    city = subject.place.city_name
    return {
        **_body(subject, row, day),
        "entity_type": "事业单位",
        "certificate_no": f"144{subject.index:09}",
        "purpose": subject.trade.scope,
        "funding": "财政补助" if subject.index % 3 else "经费自理",
        "sponsor": f"{names.region_of(subject.place)}人民政府",
        "reg_org": f"{city}事业单位登记管理局",
    }


def _society(subject: Subject, row: Row, day: dt.date) -> Row:
    charity = "慈善" in subject.trade.word
    return {
        **_body(subject, row, day),
        "entity_type": "社会团体",
        "certificate_no": f"{short_of(subject.place.city)}社证字第{subject.index:08}号",
        "supervisor": "无业务主管单位",
        "charity": "是" if charity else "否",
        "reg_org": f"{subject.place.city_name}民政局",
    }


def _body(subject: Subject, row: Row, day: dt.date) -> Row:
    """What both registers of bodies tell: state, funds, and the certificate while it holds."""
    state = _BODY_STATES.get(subject.status, "normal") if _has_ended(row) else "normal"
    since = subject.established
    held = min(day, subject.ended_on or day)
    while add_months(since, 12 * _CERTIFICATE_YEARS) <= held:
        since = add_months(since, 12 * _CERTIFICATE_YEARS)
    return {
        "state": state,
        "end_date": row["revoke_date"] or row["cancel_date"],
        "funds": str(subject.capital_wan),
        "cert_from": since.isoformat(),
        "cert_until": add_months(since, 12 * _CERTIFICATE_YEARS).isoformat(),
    }


def _has_ended(row: Row) -> bool:
    return bool(row["revoke_date"] or row["cancel_date"])
