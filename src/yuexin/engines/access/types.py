"""Who acts, what was granted to him, and what a decision looks like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

Treatment = Literal["show", "mask", "hide"]
KeyScope = Literal["read", "search", "batch", "deliver", "receipt", "check"]
KEY_SCOPES: tuple[KeyScope, ...] = ("read", "search", "batch", "deliver", "receipt", "check")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. `purpose` is why an officer looks; the public has none and needs none.

    `division` is the place (GB/T 2260) that the officer's agency answers for. `rights` are those
    that a delegate was given for the subject; None is whoever needs none given, as its owner.
    `also_for` are the codes of the subjects for which the same account may act by other grants.
    """

    id: str
    role: str
    agency: str = ""
    purpose: str = ""
    subject_code: str = ""
    division: str = ""
    rights: frozenset[str] | None = None
    also_for: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class FieldDecision:
    """What this reader gets of one field, and why; only where the flag `when` is set, if any."""

    field: str
    treatment: Treatment
    mask: str
    reason: Text
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """The decision for one kind of record: which release, which fields, how."""

    release: str
    allowed: bool
    reason: Text
    fields: tuple[FieldDecision, ...] = ()

    @property
    def visible(self) -> tuple[FieldDecision, ...]:
        return tuple(item for item in self.fields if item.treatment != "hide")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Of which agencies an actor sees deliveries, quarantine and waiting rows, and why.

    `everything` spares a filter: whatever was delivered is seen, by agencies gone long since, too.
    """

    everything: bool
    agencies: frozenset[str]
    reason: Text

    def covers(self, agency: str) -> bool:
        return self.everything or agency in self.agencies


@dataclass(frozen=True, kw_only=True)
class GrantInForce:
    """A role that an account holds on a day. It holds before `until`, if that is set.

    `rights` as of an `Actor`. `giver` is by whose grant a delegate was given his; `agent_code` the
    firm in whose service he acts. `by_register` rests on who represents the subject.
    """

    id: UUID
    account: str
    role: str
    agency: str
    subject_code: str
    valid_from: dt.date
    until: dt.date | None
    rights: frozenset[str] | None = None
    giver: UUID | None = None
    agent_code: str = ""
    by_register: bool = False

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it holds, if that is set."""
        return self.until - dt.timedelta(days=1) if self.until else None


Lapse = Literal["no_longer_named", "gone", "joined", "identity", "giver", "agent"]
"""Why a grant that nobody ended holds no more: the register names somebody else; the subject is no
more, or goes on under another code; who its holder is was erased; its giver's holds no more; its
holder left the agent's service."""


@dataclass(frozen=True, kw_only=True)
class LapsedGrant:
    """A grant that holds no more although nobody ended it, and why."""

    grant: GrantInForce
    why: Lapse


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the holder of an account is, as somebody verified. `masked` is all that is ever shown of
    the document's number; `how` is a provider of identities, or a window."""

    id: UUID
    name: str
    document: str
    masked: str
    how: Literal["provider", "window"]
    verified_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class KeyAlarm:
    """A key was used from a second place while it was in use at a first."""

    key: str
    at: dt.datetime
    first: str
    second: str


class TooOften(Refusal):
    """A key asked more often than it may. `retry_after_seconds` is when it may again."""

    def __init__(self, *, retry_after_seconds: int, rate_per_minute: int, where: str) -> None:
        super().__init__(
            code="KEY_RATE",
            what=Text(
                f"请求过于频繁，每分钟最多 {rate_per_minute} 次",
                f"too many requests, the key may ask {rate_per_minute} times a minute",
            ),
            where=where,
            remedy=Text(
                f"请在 {retry_after_seconds} 秒后重试", f"ask again in {retry_after_seconds} s"
            ),
        )
        self.retry_after_seconds = retry_after_seconds
        self.rate_per_minute = rate_per_minute

    def __reduce__(self) -> tuple[Callable[..., Refusal], tuple[object, ...]]:
        return _too_often, (self.retry_after_seconds, self.rate_per_minute, self.where)


def _too_often(seconds: int, rate: int, where: str) -> TooOften:
    return TooOften(retry_after_seconds=seconds, rate_per_minute=rate, where=where)


PUBLIC = Actor(id="public", role="public")
OPERATOR = Actor(id="operator", role="operator")
