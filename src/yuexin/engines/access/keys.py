"""Keys of the interface: issued once, shown once, and asked at every request."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from yuexin.base.dates import today
from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.memo import Memo
from yuexin.base.text import Text
from yuexin.engines.access.granting import (
    division_of,
    grants_of,
    others_of,
    standing_role,
    within_reach,
)
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account, Entry, Key, KeyEnd, KeyUse
from yuexin.engines.access.refusals import not_yours, refusal
from yuexin.engines.access.types import KEY_SCOPES, Actor, KeyAlarm, KeyScope, TooOften
from yuexin.engines.declare.types import Declarations
from yuexin.engines.statements.queries import fetched

SAME_PLACE: Final = dt.timedelta(minutes=10)
LONGEST: Final = dt.timedelta(days=366)
WIDEST: Final = {4: 16, 6: 32}
ORIGIN: Final = re.compile(
    r"https://[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,8}"
    r"(:[0-9]{1,5})?"
)
_SECRET_BYTES: Final = 32
_SECRET: Final = re.compile("yx_([0-9a-f]{12})_")
_NOBODY: Final = sha256_hex(b"")
_issued: Final = Memo[str, Key](1_000)


def issue_key(
    *,
    actor: Actor,
    declarations: Declarations,
    label: str,
    role: str,
    scopes: Collection[KeyScope],
    expires_at: dt.datetime,
    now: dt.datetime,
    account: Account | None = None,
    agency: str = "",
    subject_code: str = "",
    purpose: str = "",
    rate_per_minute: int = 600,
    networks: Collection[str] = (),
    frame_hosts: Collection[str] = (),
) -> tuple[Key, str]:
    """Issue a key to an agency, or to an account within what it holds. Returns it and its secret.

    The secret is not kept: whoever loses it asks for another key.
    """
    if account is not None and account.login == actor.id:
        raise refusal("GRANT_TO_ONESELF", "不得给自己授权", "nobody grants himself anything")
    given = standing_role(declarations, role)
    if not within_reach(declarations, actor, given, agency=agency, subject_code=subject_code):
        raise not_yours()
    _require_terms(label, scopes, rate_per_minute, expires_at, now)
    key = Key(
        id=secrets.token_hex(6), label=label.strip(), account=account, agency=agency,
        subject_code=subject_code, role=role, purpose=purpose,
        scopes=sorted(set(scopes), key=KEY_SCOPES.index), networks=_networks(networks),
        frame_hosts=_origins(frame_hosts),
        rate_per_minute=rate_per_minute, issued_by=actor.id, issued_at=now, expires_at=expires_at,
    )  # fmt: skip
    _require_holder(declarations, key, now)
    secret = f"yx_{key.pk}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    key.secret_sha256 = sha256_hex(secret.encode())
    with transaction.atomic():
        key.save(force_insert=True)
        note(
            stream="change", actor=actor, action="key.issued", thing=_thing(key), now=now,
            role=role, agency=agency, subject=subject_code, scopes=key.scopes, label=key.label,
            account=account.login if account else "", expires_at=expires_at.isoformat(),
        )  # fmt: skip
    return key, secret


def end_key(
    *, actor: Actor, declarations: Declarations, key: Key, reason: str, now: dt.datetime
) -> KeyEnd:
    """Revoke a key, from the next request on. Its holder may, and whoever may issue it."""
    own = key.account is not None and key.account.login == actor.id
    role = declarations.roles.get(key.role)
    if not own and not within_reach(
        declarations, actor, role, agency=key.agency, subject_code=key.subject_code
    ):
        raise not_yours()
    if not reason.strip():
        raise refusal("GRANT_TERMS", "停用密钥须写明理由", "revoking a key needs a reason")
    with transaction.atomic():
        end = KeyEnd.objects.create(key=key, ended_by=actor.id, ended_at=now, reason=reason.strip())
        note(
            stream="change", actor=actor, action="key.ended", thing=_thing(key), now=now,
            reason=end.reason,
        )  # fmt: skip
    return end


def actor_of_key(
    *, declarations: Declarations, secret: str, address: str, scope: KeyScope, now: dt.datetime
) -> Actor:
    """As whom a request with this key, from this address, acts. Counts the request.

    Refused by KEY_UNKNOWN, KEY_REVOKED, KEY_EXPIRED, KEY_SCOPE, KEY_NETWORK, KEY_ELSEWHERE, or
    as `TooOften` (KEY_RATE). Call it outside a transaction: what it counts must last.
    """
    return admitted(
        declarations=declarations, secret=secret, address=address, scope=scope, now=now
    ).actor


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Whom a key acts as, and which pages may frame what is answered to it."""

    actor: Actor
    frame_hosts: tuple[str, ...]


def admitted(
    *, declarations: Declarations, secret: str, address: str, scope: KeyScope, now: dt.datetime
) -> Admitted:
    """As `actor_of_key`, with all that the key says of its answers."""
    key = _found(secret)
    try:
        actor = _admitted(declarations, key, address, scope, now)
    except Refusal:
        _require_lasting(key)
        raise
    origin, minute = _origin(address), now.replace(second=0, microsecond=0)
    if not _counted(key, origin, minute, now):
        _require_lasting(key)
        _refuse_use(key, actor, origin, minute, now)
    return Admitted(actor=actor, frame_hosts=tuple(key.frame_hosts))


def _admitted(
    declarations: Declarations, key: Key, address: str, scope: KeyScope, now: dt.datetime
) -> Actor:
    where = f"key {key.pk}"
    if now >= key.expires_at:
        raise refusal("KEY_EXPIRED", "密钥已过期", "the key has expired", where=where)
    actor = _require_holder(declarations, key, now)
    if scope not in key.scopes:
        raise refusal(
            "KEY_SCOPE", f"密钥不含权限 {scope}", f"the key does not carry {scope}", where=where
        )
    if key.networks and not _is_within(address, key.networks):
        raise refusal(
            "KEY_NETWORK",
            "密钥不得从这个网络使用",
            "the key may not be used from this network",
            where=where,
        )
    return actor


def _require_lasting(key: Key) -> None:
    """Asked where a use is refused: that a key was revoked is said before all else."""
    if key.ends.exists():
        raise refusal("KEY_REVOKED", "密钥已停用", "the key was revoked", where=f"key {key.pk}")


def framing_of(
    *, declarations: Declarations, key: str, now: dt.datetime
) -> tuple[Actor, tuple[str, ...]] | None:
    """Whom a key acts as, and which pages may frame what was answered to it; none where none may,
    or the key holds no more. Refused as `actor_of_key` where what it rests on has ended."""
    found = Key.objects.select_related("account").filter(pk=key).first()
    if found is None or not found.frame_hosts or found.ends.exists() or now >= found.expires_at:
        return None
    return _require_holder(declarations, found, now), tuple(found.frame_hosts)


def alarms_of(*, key: str) -> tuple[KeyAlarm, ...]:
    """When a key was refused because it was in use elsewhere, the latest first."""
    rows = Entry.objects.filter(thing=f"key/{key}", action="key.elsewhere").order_by("-at", "-id")
    return tuple(
        KeyAlarm(key=key, at=row.at, first=row.detail["first"], second=row.detail["second"])
        for row in rows
    )


def _found(secret: str) -> Key:
    """The key of this secret, be it revoked meanwhile. What was issued never changes."""
    form = _SECRET.match(secret)
    name = form.group(1) if form else ""
    key: Key | None
    try:
        key = _issued.get(name, lambda: Key.objects.select_related("account").get(pk=name))
    except Key.DoesNotExist:
        key = None
    # A key that is not there is compared, too, so that it takes as long.
    kept = key.secret_sha256 if key else _NOBODY
    matches = hmac.compare_digest(sha256_hex(secret.encode("utf-8", "replace")), kept)
    if key is None or not matches:
        raise refusal(
            "KEY_UNKNOWN",
            "没有这个密钥",
            "there is no such key",
            remedy=Text("请核对密钥，或申请新的密钥", "check the key, or ask for a new one"),
        )
    return key


def _require_holder(declarations: Declarations, key: Key, now: dt.datetime) -> Actor:
    """Whom the key acts as, while what it rests on holds: the account's grant, or the agency."""
    on = today(now)
    others: frozenset[str] = frozenset()
    role = standing_role(declarations, key.role)
    division = division_of(declarations, key.agency, on=on)
    if key.account is not None:
        wanted = (key.role, key.agency, key.subject_code)
        grants = grants_of(account=key.account.pk, on=on)
        held = {(one.role, one.agency, one.subject_code): one.rights for one in grants}
        others = others_of(grants, key.subject_code)
        stands, rights = wanted in held, held.get(wanted)
    else:
        stands, rights = role.holder in ("machine", "officer") and not key.subject_code, None
    if not stands:
        raise refusal(
            "KEY_REVOKED",
            "密钥所依据的授权已终止，或从未授予",
            "what the key rests on has ended or was never granted",
            where=f"key {key.pk}",
        )
    return Actor(
        id=f"key:{key.pk}", role=key.role, agency=key.agency, purpose=key.purpose,
        subject_code=key.subject_code, division=division, rights=rights, also_for=others,
    )  # fmt: skip


# In one round trip, with whether it was revoked. Nobody waits for it to be on disk: a crash forgets
# a few uses of a minute.
COUNTED: Final = """
WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO access_key_use AS u (key_id, origin, seen_at, minute, count)
SELECT %(key)s::text, %(origin)s::text, %(now)s::timestamptz, %(minute)s::timestamptz, 1 FROM soon
WHERE NOT EXISTS (SELECT FROM access_key_end WHERE key_id = %(key)s::text)
ON CONFLICT (key_id) DO UPDATE SET origin = excluded.origin, seen_at = excluded.seen_at,
    minute = excluded.minute,
    count = CASE WHEN u.minute = excluded.minute THEN u.count + 1 ELSE 1 END
WHERE (%(anywhere)s OR u.seen_at IS NULL OR u.origin = excluded.origin
        OR u.seen_at <= %(long_ago)s)
    AND (u.minute IS DISTINCT FROM excluded.minute OR u.count < %(most)s::int)
RETURNING key_id
"""


def _counted(key: Key, origin: str, minute: dt.datetime, now: dt.datetime) -> bool:
    values = {
        "key": key.pk, "origin": origin, "now": now, "minute": minute,
        "anywhere": bool(key.networks), "long_ago": now - SAME_PLACE, "most": key.rate_per_minute,
    }  # fmt: skip
    return bool(fetched(COUNTED, values, alone=True))


def _refuse_use(key: Key, actor: Actor, origin: str, minute: dt.datetime, now: dt.datetime) -> None:
    """Say why a use does not count, unless it does by now."""
    with transaction.atomic():
        use = KeyUse.objects.select_for_update().get(pk=key.pk)
        first = use.origin
        elsewhere = not key.networks and _is_elsewhere(use, origin, now)
        often = use.minute == minute and use.count >= key.rate_per_minute
        if elsewhere:
            _tell_once(use, actor, origin, now)
        elif not often:
            use.count = use.count + 1 if use.minute == minute else 1
            use.minute, use.origin, use.seen_at = minute, origin, now
            use.save()
    if elsewhere:
        raise refusal(
            "KEY_ELSEWHERE",
            f"密钥正在另一地址使用（{first}），十分钟内不得从第二个地址使用",
            f"the key is in use at another address ({first}); for ten minutes it is refused here",
            where=f"key {key.pk}",
            remedy=Text(
                "若非本单位使用，请立即停用该密钥；需多地使用的，请登记网络范围",
                "if that is not you, revoke the key at once; to use it in several places, have "
                "their networks listed",
            ),
        )
    if often:
        left = 60 - int((now - minute).total_seconds())
        raise TooOften(
            retry_after_seconds=left, rate_per_minute=key.rate_per_minute, where=f"key {key.pk}"
        )


def _is_elsewhere(use: KeyUse, origin: str, now: dt.datetime) -> bool:
    used = use.seen_at is not None and now - use.seen_at < SAME_PLACE
    return used and use.origin != origin


def _tell_once(use: KeyUse, actor: Actor, origin: str, now: dt.datetime) -> None:
    """One line of the journal in ten minutes, however often the second place tries."""
    told = use.refused_elsewhere_at
    if told is not None and now - told < SAME_PLACE:
        return
    use.refused_elsewhere_at = now
    use.save(update_fields=["refused_elsewhere_at"])
    note(
        stream="change", actor=actor, action="key.elsewhere", thing=f"key/{use.pk}", now=now,
        first=use.origin, second=origin,
    )  # fmt: skip


def _address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _origin(address: str) -> str:
    """The place an address tells: of IPv6 the first half, since machines change the second."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or "")


def _is_within(address: str, networks: Collection[str]) -> bool:
    found = _address(address)
    return found is not None and any(found in ipaddress.ip_network(one) for one in networks)


def _networks(given: Collection[str]) -> list[str]:
    found = []
    for one in given:
        try:
            network = ipaddress.ip_network(one.strip())
        except ValueError as error:
            raise refusal(
                "KEY_TERMS", "网络写法不对，如 203.0.113.0/24", "write a network like "
                "203.0.113.0/24", where=one,
            ) from error  # fmt: skip
        if network.prefixlen < WIDEST[network.version]:
            raise refusal("KEY_TERMS", "网络范围过大", "the network is too wide", where=one)
        found.append(str(network))
    return sorted(set(found))


def _origins(given: Collection[str]) -> list[str]:
    """Origins of pages over TLS, whole: a pattern would frame what nobody meant."""
    for one in given:
        if not ORIGIN.fullmatch(one):
            raise refusal(
                "KEY_TERMS", "嵌入页面的来源写法不对，如 https://oa.example.org",
                "write the origin of a page like https://oa.example.org", where=one,
            )  # fmt: skip
    return sorted(set(given))


def _require_terms(
    label: str, scopes: Collection[str], rate: int, expires_at: dt.datetime, now: dt.datetime
) -> None:
    known = scopes and set(scopes) <= set(KEY_SCOPES)
    if not label.strip() or not known or rate < 1 or not now < expires_at <= now + LONGEST:
        raise refusal(
            "KEY_TERMS",
            f"密钥须有名称、权限（{'、'.join(KEY_SCOPES)}）、每分钟次数，并在一年内到期",
            f"a key has a label, scopes ({', '.join(KEY_SCOPES)}), a rate a minute, and ends "
            "within a year",
        )


def _thing(key: Key) -> str:
    return f"key/{key.pk}"
