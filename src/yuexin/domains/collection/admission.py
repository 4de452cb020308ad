"""What may come in: from whom, for what, and nothing that may not even be kept."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.gate import refuse_secret, sniff_format
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import acts_for, agencies_acted_for
from yuexin.engines.access.types import OPERATOR, Actor
from yuexin.engines.declare.queries import accepting
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import Arrived, arriving, disk_full
from yuexin.engines.deliveries.queries import delivery as delivery_of
from yuexin.engines.deliveries.types import Submission
from yuexin.home.folder import Home

CLOCKS_DIFFER: Final = dt.timedelta(minutes=5)
FILES: Final = "file_reports"
PROMISES: Final = "apply"
NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def admitted(
    *,
    home: Home,
    stream: BinaryIO,
    offer: Offer,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> Iterator[tuple[Arrived, Submission]]:
    """The gate of all channels: a file that may be kept, and is gone where the block does not.

    Raises a `Refusal` as `accept` says.
    """
    _refuse_stranger(declarations, offer.resource, offer.agency)
    if offer.channel == "counter":
        _refuse_other_filer(declarations, actor, offer)
    else:
        refuse_foreign(declarations=declarations, actor=actor, agency=offer.agency)
    _refuse_dead_link(home, offer, declarations, actor)
    _refuse_unsent(offer.sent_at, now)
    try:
        with arriving(store=home.deliveries, stream=stream) as arrived:
            submission = Submission(
                resource=offer.resource,
                agency=offer.agency,
                channel=offer.channel,
                intent=offer.intent,
                file_name=offer.file_name,
                format=sniff_format(arrived.path),
                declared_rows=offer.declared_rows,
                declared_sha256=offer.declared_sha256,
                sent_at=offer.sent_at,
                linked_to=offer.linked_to,
                idempotency_key=offer.idempotency_key,
            )
            refuse_secret(
                path=arrived.path,
                submission=submission,
                resource=declarations.resources[offer.resource],
                mark=offer.secrecy,
                scratch=home.scratch,
            )
            yield arrived, submission
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        raise disk_full(store=home.deliveries) from error


def refuse_foreign(*, declarations: Declarations, actor: Actor, agency: str) -> None:
    """Refuse whoever delivers, or asks, for an agency that he does not act for.

    The operator acts for all.
    """
    own = agencies_acted_for(declarations=declarations, actor=actor)
    if actor.role == OPERATOR.role or agency in own:
        return
    raise Refusal(
        code="OWNERSHIP",
        what=Text(
            f"“{actor.id}”不代表“{agency}”，不得以其名义交付",
            f"“{actor.id}” does not act for “{agency}” and may not deliver in its name",
        ),
        where=agency,
        rule="one item, one source",
        remedy=Text("请以本部门名义交付", "deliver in the name of your own agency"),
    )


def _refuse_other_filer(declarations: Declarations, actor: Actor, offer: Offer) -> None:
    """At the counter an entity files what is declared for it, with whoever keeps that register."""
    filings = {(one.resource, one.keeper) for one in declarations.filings.values()}
    kept = declarations.promising.resource if declarations.promising else ""
    promises = {
        (kept, body)
        for one in declarations.commitments.values()
        for body in accepting(declarations=declarations, commitment=one)
    }
    told = (offer.resource, offer.agency)
    right = FILES if told in filings else PROMISES if told in promises else ""
    if right and acts_for(actor=actor, code=offer.filed_for, right=right):
        return
    raise Refusal(
        code="NOT_YOUR_FIRM",
        what=Text("只能为自己代表的主体填报", "you may file for the entity that you act for only"),
        where=offer.filed_for,
        rule="publicity-regulation:8",
        remedy=Text("请先在“我的账号”中改用该主体的授权", "act for that entity first"),
    )


def _refuse_dead_link(home: Home, offer: Offer, declarations: Declarations, actor: Actor) -> None:
    """Only what is there, and was delivered by an agency one acts for, can be corrected."""
    if offer.linked_to is None:
        return
    first = delivery_of(number=offer.linked_to, store=home.deliveries)
    if first is not None:
        agency = first.submission.agency
        refuse_foreign(declarations=declarations, actor=actor, agency=agency)
        return
    raise dead_link(offer.linked_to)


def dead_link(number: int) -> Refusal:
    """The refusal of a correction of what was never delivered."""
    return Refusal(
        code="LINK",
        what=Text(f"没有交付 {number}", f"there is no delivery {number}"),
        rule="linked_to",
        remedy=Text("填写首次交付的回执号", "give the number on the first delivery's receipt"),
    )


def _refuse_unsent(sent_at: dt.datetime | None, now: dt.datetime) -> None:
    if sent_at is None or sent_at <= now + CLOCKS_DIFFER:
        return
    raise Refusal(
        code="SENT_AT",
        what=Text("发送时间晚于接收时间", "it is said to be sent after it was received"),
        where=sent_at.isoformat(),
        rule="sent_at <= received_at",
        remedy=Text("更正发送时间或校准时钟", "mend the time of sending, or the clock"),
    )


def _refuse_stranger(declarations: Declarations, resource: str, agency: str) -> None:
    declared = declarations.resources.get(resource)
    if declared is None:
        known = "、".join(declarations.resources)
        raise Refusal(
            code="RESOURCE",
            what=Text(f"目录中没有资源“{resource}”", f"no resource “{resource}” is declared"),
            rule="catalogue",
            remedy=Text(f"可交付：{known}", f"choose one of: {known}"),
        )
    if agency not in declared.providers:
        raise Refusal(
            code="PROVIDER",
            what=Text(
                f"“{agency}”不是该资源的提供方", f"“{agency}” does not provide this resource"
            ),
            where=resource,
            rule="one item, one source",
            remedy=Text(
                f"提供方为：{'、'.join(declared.providers)}",
                f"its providers are: {', '.join(declared.providers)}",
            ),
        )
