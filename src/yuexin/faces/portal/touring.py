"""The guided tour of a demonstration: its stops, and which of them a visitor opened.

A stop is opened by `/tour/<number>`, which adds the number to a cookie of the visit and leads to
the real page; every page then says which stop was opened last and where the next one leads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from yuexin.base.text import Text
from yuexin.domains.credit.types import Tour
from yuexin.faces.shared.demonstration import invented
from yuexin.faces.shared.headers import NEVER_KEEP

COOKIE: Final = "yuexin_tour"
OVER: Final = "over"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the tour leads through, and the delivery by which its rejected row became a record."""

    tour: Tour
    mended: int | None


class Lead(NamedTuple):
    """Where a stop is, '' while there is no such page, what it is about here, what is still to be
    done there, and what its link says where it says something else."""

    address: str
    about: Text
    undone: Text = Text("", "")
    act: Text = Text("", "")


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop: its title, the view it leads to, what to look at there, and what the link says.

    `officer` where only officers may see it; `doing` where something is to be done there first.
    """

    title: Text
    view: str
    look: Text
    act: Text
    lead: Callable[[Found], Lead]
    officer: bool = False
    doing: bool = False


def _late(found: Found) -> Lead:
    asked = {"agency": found.tour.agency, "late": "1", "on": found.tour.on.isoformat()}
    query = urlencode(asked)
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
    lead = _beside("desk:mend", found)
    if not lead.address:
        return lead
    if found.mended:
        return lead._replace(
            about=Text("这一行已经更正过了", "This row was mended already"),
            act=Text("看它怎样更正的", "See how it was mended"),
        )
    return lead._replace(undone=Text("还没有更正", "Not mended yet"))


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
        return Lead("", Text("这个部门没有退回的行", "This agency has no returned row"))
    delivery, row = found.tour.rejected
    return Lead(reverse(view, kwargs={"delivery": delivery, "row": row}), _row(delivery, row))


def _row(delivery: int, row: int) -> Text:
    return Text(f"第 {delivery} 次交付第 {row} 行", f"Row {row} of delivery {delivery}")


STOPS: Final = (
    Stop(
        title=Text("哪个部门迟了", "Which agency is late"),
        view="portal:today",
        look=Text(
            "这些记录公开时已超过规定的工作日；每一行写着用了几个工作日。",
            "These became public past the working days allowed. Each says how many it took.",
        ),
        act=Text("看逾期公开的记录", "See the late records"),
        lead=_late,
    ),
    Stop(
        title=Text("其中一条记录", "One of these records"),
        view="portal:record",
        look=Text(
            "依据、公示到哪一天、不服怎么办，都在这一页；来源写着第几次交付第几行。",
            "Its law, how long it is public, what can be done against it, and its source.",
        ),
        act=Text("打开这条记录", "Open this record"),
        lead=_penalty,
    ),
    Stop(
        title=Text("它从哪里来", "Where it came from"),
        view="desk:stored",
        look=Text(
            "存档文件里的那一行，没有改动过，只遮住证件号码这类个人信息；回执和校验再点一下就到。",
            "The row as it stands in the stored file. Its receipt and checks are one step on.",
        ),
        act=Text("看原始行、回执和校验", "See the raw row, its receipt and checks"),
        lead=_raw,
        officer=True,
    ),
    Stop(
        title=Text("旁边被退回的一行", "A returned row beside it"),
        view="desk:quarantined",
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
        view="desk:mend",
        look=Text(
            "改好标出的那一项，下面列着可以对照的内容；先校验一下也可以，再提交。原件不动。",
            "Mend what is marked by what stands below it; you may only check it first.",
        ),
        act=Text("更正这一行", "Mend this row"),
        lead=_mending,
        officer=True,
        doing=True,
    ),
    Stop(
        title=Text("随即公开", "Public at once"),
        view="desk:stored",
        look=Text(
            "写着接收后几秒处理、去了哪里；打开公开的记录，就是市民看到的样子。",
            "It says how many seconds it took. Open the public record as a citizen sees it.",
        ),
        act=Text("看更正后的这一行", "See where the mended row is now"),
        lead=_public,
        officer=True,
    ),
    Stop(
        title=Text("没有被改过", "Nothing was altered"),
        view="portal:integrity",
        look=Text(
            "点“现在核验一次”：核验交付链和日志链，再从全部交付重建一遍，与现状逐列比较。",
            "“Verify now” checks the chains, derives all data again and compares.",
        ),
        act=Text("核验并重建", "Verify and rebuild"),
        lead=_whole,
    ),
)


FIRST_OF_OFFICERS: Final = next(n for n, stop in enumerate(STOPS, start=1) if stop.officer)


@dataclass(frozen=True, kw_only=True)
class Waypoint:
    """The stop that was opened last, whether this page is it, and what comes next if anything."""

    number: int
    stop: Stop
    here: bool
    onward: Stop | None

    @property
    def count(self) -> int:
        return len(STOPS)

    @property
    def following(self) -> int:
        return self.number + 1


def opened(request: HttpRequest, *, address: str, number: int) -> HttpResponseRedirect:
    """Off to a stop's page, where the visit remembers which were opened since it began, or began
    anew."""
    before = () if is_over(request) else (n for n in seen(request) if n != number)
    return _remembering(request, HttpResponseRedirect(address), *before, number)


def left(request: HttpRequest) -> HttpResponseRedirect:
    """The tour is over: no page speaks of it any more, but its own still knows what was seen."""
    response = HttpResponseRedirect(reverse("portal:tour"))
    return _remembering(request, response, *seen(request), OVER)


def _remembering(
    request: HttpRequest, response: HttpResponseRedirect, *said: object
) -> HttpResponseRedirect:
    value = ".".join(map(str, said))
    response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.is_secure())
    return _unkept(response)


def _unkept(response: HttpResponseRedirect) -> HttpResponseRedirect:
    # A shared cache must not hand one visitor's way to the next.
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def seen(request: HttpRequest) -> tuple[int, ...]:
    """The numbers of the stops that were opened, the last one last."""
    known = {str(number): number for number in range(1, len(STOPS) + 1)}
    return tuple(dict.fromkeys(known[one] for one in _said(request) if one in known))


def is_over(request: HttpRequest) -> bool:
    """Whether the visitor has ended the tour, and opened no stop since."""
    return OVER in _said(request)


def _said(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE, "")[: 3 * len(STOPS)].split(".")


def guided(request: HttpRequest) -> dict[str, Any]:
    """For templates: `waypoint`, where a visitor is on the tour; none where he is not on it."""
    stops = seen(request)
    if not stops or is_over(request) or not invented():
        return {"waypoint": None}
    number = stops[-1]
    stop, match = STOPS[number - 1], request.resolver_match
    waypoint = Waypoint(
        number=number,
        stop=stop,
        here=match is not None and match.view_name == stop.view,
        onward=STOPS[number] if number < len(STOPS) else None,
    )
    return {"waypoint": waypoint}
