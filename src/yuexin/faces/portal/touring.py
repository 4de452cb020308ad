"""The guided tour of a demonstration: its stops, and at which of them a visitor stands.

A stop is opened by `/tour/<number>`, which remembers the number in a cookie of the visit and leads
to the real page; every page then says which stop it is and where the next one leads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from yuexin.base.text import Text
from yuexin.domains.credit.types import Tour
from yuexin.faces.shared.demonstration import invented

COOKIE: Final = "yuexin_tour"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the tour leads through, and the delivery that mended its rejected row, if one did."""

    tour: Tour
    mended: int | None


class Lead(NamedTuple):
    """Where a stop is, '' while there is no such page, and what it is about here."""

    address: str
    about: Text


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop: its title, what to look at there, and what the link says that opens it.

    `officer` where only officers may see it.
    """

    title: Text
    look: Text
    act: Text
    lead: Callable[[Found], Lead]
    officer: bool = False


def _late(found: Found) -> Lead:
    query = urlencode({"agency": found.tour.agency, "late": "1"})
    return Lead(f"{reverse('portal:today')}?{query}#rows", found.tour.label)


def _penalty(found: Found) -> Lead:
    code, name = found.tour.code, found.tour.name
    address = reverse("portal:record", kwargs={"code": code, "record": found.tour.record})
    return Lead(address, Text(f"{name}（虚构）", f"{name} (invented)"))


def _raw(found: Found) -> Lead:
    return _stored(found.tour.delivery, found.tour.row)


def _rejected(found: Found) -> Lead:
    return _beside("desk:quarantined", found)


def _mending(found: Found) -> Lead:
    return _beside("desk:mend", found)


def _public(found: Found) -> Lead:
    if found.mended is None:
        return Lead(
            "", Text("上一站更正之后，这里有链接", "The link is here once the row is mended")
        )
    return _stored(found.mended, 1)


def _whole(found: Found) -> Lead:
    del found
    return Lead(reverse("portal:integrity"), Text("", ""))


def _stored(delivery: int, row: int) -> Lead:
    address = reverse("desk:stored", kwargs={"number": delivery, "row": row})
    return Lead(address, _row(delivery, row))


def _beside(view: str, found: Found) -> Lead:
    if found.tour.rejected is None:
        return Lead("", Text("这个部门没有退回的行", "This agency has no row that went back"))
    delivery, row = found.tour.rejected
    return Lead(reverse(view, kwargs={"delivery": delivery, "row": row}), _row(delivery, row))


def _row(delivery: int, row: int) -> Text:
    return Text(f"第 {delivery} 次交付第 {row} 行", f"Row {row} of delivery {delivery}")


STOPS: Final = (
    Stop(
        title=Text("哪个部门迟了", "Which agency is late"),
        look=Text(
            "这些记录今天才首次公开，超过了规定的工作日；每一行写着用了几个工作日。",
            "These became public today, past the working days allowed. Each says how many it took.",
        ),
        act=Text("看逾期的记录", "See the late records"),
        lead=_late,
    ),
    Stop(
        title=Text("其中一条记录", "One of these records"),
        look=Text(
            "依据、公示到哪一天、不服怎么办，都在这一页；来源写着第几次交付第几行。",
            "Its law, how long it is public, what can be done against it, and its source.",
        ),
        act=Text("打开这条记录", "Open this record"),
        lead=_penalty,
    ),
    Stop(
        title=Text("它从哪里来", "Where it came from"),
        look=Text(
            "这是存档文件里的那一行，一字未改；回执和校验再点一下就到。",
            "The row as it stands in the stored file. Its receipt and checks are one step on.",
        ),
        act=Text("看原始行、回执和校验", "See the raw row, its receipt and checks"),
        lead=_raw,
        officer=True,
    ),
    Stop(
        title=Text("旁边被退回的一行", "A row beside it that went back"),
        look=Text(
            "哪一列、违反哪条规则、该怎么办，都写明了；没有一行被丢掉。",
            "Which column, which rule, and what to do. No row is lost.",
        ),
        act=Text("看这一行和原因", "See the row and why"),
        lead=_rejected,
        officer=True,
    ),
    Stop(
        title=Text("更正，再交付", "Mend it, deliver it again"),
        look=Text(
            "改好标红的那一项再提交，成为关联原来那次的新交付；原件不动。",
            "Mend what is marked: it becomes a new delivery linked to the first, which stays.",
        ),
        act=Text("更正这一行", "Mend this row"),
        lead=_mending,
        officer=True,
    ),
    Stop(
        title=Text("一秒之内公开", "Public within a second"),
        look=Text(
            "去处写着“已入库”；打开公开的记录，就是市民看到的样子。",
            "It became a record. Open the public one to see what a citizen sees.",
        ),
        act=Text("看更正后的这一行", "See where the mended row is now"),
        lead=_public,
        officer=True,
    ),
    Stop(
        title=Text("没有被改过", "Nothing was altered"),
        look=Text(
            "核验交付链和日志链，再从全部交付重建一遍，与现状逐列比较。",
            "The chains are verified; all deliveries are folded again and compared by column.",
        ),
        act=Text("核验并重建", "Verify and rebuild"),
        lead=_whole,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """At which stop a visitor stands, and what comes next; nothing after the last."""

    number: int
    stop: Stop
    onward: Stop | None

    @property
    def count(self) -> int:
        return len(STOPS)

    @property
    def following(self) -> int:
        return self.number + 1


def opened(*, address: str, number: int, secure: bool) -> HttpResponseRedirect:
    """Off to a stop's page, where the visit remembers which stop it is."""
    response = HttpResponseRedirect(address)
    response.set_cookie(COOKIE, str(number), httponly=True, samesite="Lax", secure=secure)
    return response


def left() -> HttpResponseRedirect:
    """The tour is over: back to the front page, and no page speaks of it any more."""
    response = HttpResponseRedirect(reverse("portal:front"))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def reached(request: HttpRequest) -> int:
    """The number of the stop that was opened last, 0 where none was."""
    given = request.COOKIES.get(COOKIE, "")
    number = int(given) if given.isdecimal() and given.isascii() and len(given) < 3 else 0
    return number if number <= len(STOPS) else 0


def guided(request: HttpRequest) -> dict[str, Any]:
    """For templates: `standing`, at which stop of the tour the visitor is; none where at none."""
    number = reached(request)
    if not number or not invented():
        return {"standing": None}
    rest: Sequence[Stop] = STOPS[number:]
    onward = rest[0] if rest else None
    return {"standing": Standing(number=number, stop=STOPS[number - 1], onward=onward)}
