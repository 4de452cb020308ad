"""Under which names and numbers a subject is known, and from when until when. Pure.

What holds is what its current records say. Superseded versions only tell since when something
was known here, and which operators a sole trader has had.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from yuexin.base.text import Text, normalise_name
from yuexin.engines.declare.types import Names, RecordKind, Renames

NAME = "name"
UNNAMED: Final = Text("以经营者姓名为名称的个体工商户", "a sole trader named after its operator")
"""What stands where the name of a sole trader may be a person's own."""
LONGEST_NAME = 200
SEPARATORS = re.compile("[;；、\t\n\r]")


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a record, with the fields of its kind that teach.

    `due` unless it was of a state to come when it came.
    """

    subject: UUID
    kind: str
    current: bool
    due: bool
    valid_from: dt.date | None
    valid_until: dt.date | None
    known_at: dt.datetime
    folded_in: int
    delivery: int
    row: int
    authority: int
    said: Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A name or number of a subject, from a day until before another, by its first source.

    A start of none is unknown, an end of none open. `operator` is the key of a name that an
    operator has had as well.
    """

    subject: UUID
    scheme: str
    key: str
    text: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    operator: str | None
    first: Version


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """What one version says of one name or number. That of a list ended on `until` at the
    latest."""

    scheme: str = NAME
    key: str
    text: str
    since: dt.date | None
    until: dt.date | None
    by: Literal["state", "list", "before", "after"]
    version: Version


def listed(cell: str | None) -> tuple[str, ...]:
    """The names of a cell, separated by ；, 、 or line breaks."""
    return tuple(name.strip() for name in SEPARATORS.split(cell or "") if name.strip())


def known(*, versions: Sequence[Version], kinds: Mapping[str, RecordKind]) -> Iterator[Known]:
    """Every name and number that a current record of this one subject says."""
    same: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    operators = set()
    for version in versions:
        kind = kinds[version.kind]
        for claim in _claims(version, kind):
            same[claim.scheme, claim.key].append(claim)
        if kind.names and (operator := version.said.get(kind.names.operator)):
            operators.add(normalise_name(operator))
    begins = [
        (claim.since, claim.key)
        for (scheme, _), claims in same.items()
        for claim in claims
        if scheme == NAME and claim.version.current and claim.since
    ]
    for claims in same.values():
        if any(claim.version.current for claim in claims):
            yield _known(claims, begins, operators)


def _claims(version: Version, kind: RecordKind) -> Iterator[_Claim]:
    if kind.names:
        yield from _state(version, kind.names)
    if kind.renames and version.said[kind.renames.item] == kind.renames.equals:
        yield from _rename(version, kind.renames)


def _state(version: Version, names: Names) -> Iterator[_Claim]:
    name = version.said[names.name] or ""
    since, until = version.valid_from, version.valid_until
    if own := normalise_name(name):
        yield _Claim(key=own, text=name, since=since, until=until, by="state", version=version)
    for former in listed(version.said.get(names.former)):
        if (key := normalise_name(former)) not in ("", own):
            yield _Claim(key=key, text=former, since=None, until=since, by="list", version=version)
    for scheme, field in names.numbers.items():
        if number := version.said[field]:
            yield _Claim(
                scheme=scheme, key=number, text=number, since=since, until=until, by="state",
                version=version,
            )  # fmt: skip


def _rename(version: Version, renames: Renames) -> Iterator[_Claim]:
    on = dt.date.fromisoformat(said) if (said := version.said[renames.on]) else None
    before, after = (_short(version.said[name]) for name in (renames.before, renames.after))
    if before and on:
        key = normalise_name(before)
        yield _Claim(key=key, text=before, since=None, until=on, by="before", version=version)
    if after and on:
        key = normalise_name(after)
        yield _Claim(key=key, text=after, since=on, until=None, by="after", version=version)


def _short(text: str | None) -> str:
    """What may be a name; longer texts tell about one."""
    return text if text and len(text) <= LONGEST_NAME and normalise_name(text) else ""


def _known(claims: list[_Claim], begins: list[tuple[dt.date, str]], operators: set[str]) -> Known:
    current = [claim for claim in claims if claim.version.current]
    best = max(current, key=_prevails)
    return Known(
        subject=best.version.subject,
        scheme=best.scheme,
        key=best.key,
        text=best.text,
        valid_from=_start(current),
        valid_until=_end(current, begins),
        operator=best.key if best.scheme == NAME and best.key in operators else None,
        first=min((claim.version for claim in claims), key=_learned),
    )


def _start(claims: list[_Claim]) -> dt.date | None:
    """The first day claimed, unless one held on days before it that nobody tells."""
    first = min((claim.since for claim in claims if claim.since), default=None)
    vague = (claim.until for claim in claims if claim.since is None and claim.until)
    return None if first is None or any(until <= first for until in vague) else first


def _end(claims: list[_Claim], begins: list[tuple[dt.date, str]]) -> dt.date | None:
    """The latest end that is told; else the first list of former names that has it."""
    told = [_until(claim, claims, begins) for claim in claims if claim.by != "list"]
    if told:
        return None if None in told else max(day for day in told if day)
    return min((claim.until for claim in claims if claim.until), default=None)


def _until(claim: _Claim, same: list[_Claim], begins: list[tuple[dt.date, str]]) -> dt.date | None:
    """Also a change away from a name ends it, and one that a change gave ends with the next."""
    if claim.since is None:
        return claim.until
    ends = [one.until for one in same if one.by == "before"]
    if claim.by == "after":
        ends += [day for day, key in begins if key != claim.key]
    later = [day for day in (claim.until, *ends) if day and day > claim.since]
    return min(later, default=claim.until)


def _prevails(claim: _Claim) -> tuple[bool, bool, int, dt.date, int, int, int]:
    """The order of REFRESH, so that a name is spelled here as on the subject's pages."""
    one = claim.version
    start = one.valid_from or dt.date.min
    return (
        claim.by == "state", one.due, one.authority, start, one.folded_in, one.delivery, one.row,
    )  # fmt: skip


def _learned(version: Version) -> tuple[int, bool, int, int]:
    """The order in which versions came: within a delivery, what had waited comes last."""
    waited = version.delivery != version.folded_in
    return (version.folded_in, waited, version.delivery, version.row)
