"""A share of a year's filings, drawn at random for a check: announced first, then drawn, then open
to everybody who wants to draw it again."""

from __future__ import annotations

import datetime as dt
import hmac
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from yuexin.base.dates import SHANGHAI, today
from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.lots import drawn, packed_members, population_digest, seed_digest, share_of
from yuexin.base.text import Text
from yuexin.domains.hall.filing.models import Draw, DrawResult
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import agencies_acted_for, require_room
from yuexin.engines.access.types import OPERATOR, Actor
from yuexin.engines.declare.types import Declarations, Filing
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Office
from yuexin.home.folder import Home

DRAW_LOCK: Final = 0x59584452
SECRET: Final = "draws"
ANNOUNCED: Final = "draw_announced"
MADE: Final = "draw_made"
LEAST_WAIT: Final = dt.timedelta(hours=1)
"""So long an announcement stands before it is drawn, so that it can be kept by others."""
POPULATION: Final = """
SELECT DISTINCT s.code FROM public_row p JOIN subject s ON s.id = p.subject
WHERE p.kind = %(kind)s AND p.agency = %(agency)s AND p.body->>%(field)s = %(period)s
ORDER BY s.code
"""


@dataclass(frozen=True, kw_only=True)
class DrawView:
    """A draw as everybody may read it; what of it is only known after it is empty before."""

    number: int
    filing: Filing
    period: int
    permille: int
    seed_sha256: str
    announced_at: dt.datetime
    drawn_at: dt.datetime | None = None
    seed: str = ""
    population_count: int = 0
    population_sha256: str = ""
    drawn: tuple[str, ...] = ()
    holds: bool = True

    @property
    def may_be_drawn_from(self) -> dt.datetime:
        return self.announced_at + LEAST_WAIT


def announce(
    *,
    declarations: Declarations,
    actor: Actor,
    home: Home,
    filing: str,
    period: int,
    now: dt.datetime,
) -> DrawView:
    """Announce that the declared share of a year's filings will be drawn, and bind the seed."""
    declared = _require(declarations, actor, filing)
    share = next((one for one in declared.shares if one.in_force(today(now))), None)
    known = declared.version_of(period) is not None
    if share is None or not declared.yearly or not known or period >= today(now).year:
        raise _refusal("DRAW_YEAR", "没有这一年度的抽查比例", "no share is declared for this year")
    with transaction.atomic():
        _hold()
        if Draw.objects.filter(filing=filing, period=period, result=None).exists():
            raise _refusal(
                "DRAW_ANNOUNCED", "这一年度已有公告、尚未抽取", "one is announced and not drawn yet"
            )
        number = (Draw.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        draw = Draw.objects.create(
            number=number, filing=filing, period=period, permille=share.permille,
            seed_sha256=seed_digest(seed=_seed(home, number)), announced_at=now,
            announced_by=actor.id,
        )  # fmt: skip
        note(
            stream="change", actor=actor, action="draw.announced", thing=f"draw/{number}", now=now,
            seed_sha256=draw.seed_sha256,
        )  # fmt: skip
        view = _view(declarations, draw)
        opens = view.may_be_drawn_from.astimezone(SHANGHAI)
        _tell(declarations, view, ANNOUNCED, now, time=f"{opens:%Y-%m-%d %H:%M}")
    return view


def draw_now(
    *, declarations: Declarations, actor: Actor, home: Home, number: int, now: dt.datetime
) -> DrawView:
    """Draw what was announced, from those whose filing is public now. Nobody draws what he
    announced himself."""
    with transaction.atomic():
        _hold()
        draw = Draw.objects.filter(number=number).first()
        if draw is None:
            raise _refusal("DRAW_UNKNOWN", "没有这次抽取", "there is no such draw")
        declared = _require(declarations, actor, draw.filing)
        if DrawResult.objects.filter(draw=draw).exists():
            return _view(declarations, draw)
        if actor.id == draw.announced_by:
            raise _announced_it(declarations)
        if now < draw.announced_at + LEAST_WAIT:
            raise _refusal(
                "DRAW_EARLY", "公告满一小时后才能抽取", "an announcement stands for an hour first"
            )
        members = _population(declarations, declared, draw.period)
        seed = _seed(home, number)
        count = share_of(count=len(members), permille=draw.permille)
        found = drawn(members=members, seed=seed, count=count)
        DrawResult.objects.create(
            draw=draw, seed=seed, population=zlib.compress(packed_members(members), 9),
            population_sha256=population_digest(members=members), population_count=len(members),
            drawn=list(found), drawn_count=len(found),
            drawn_sha256=sha256_hex("\n".join(found).encode()), drawn_at=now, drawn_by=actor.id,
        )  # fmt: skip
        note(
            stream="change", actor=actor, action="draw.drawn", thing=f"draw/{number}", now=now,
            population=len(members), drawn=len(found),
        )  # fmt: skip
        view = _view(declarations, draw)
        _tell(declarations, view, MADE, now, count=f"{len(found):,}")
    return view


def draws(*, declarations: Declarations, most: int) -> tuple[DrawView, ...]:
    """So many draws at most, the latest first, each drawn again to see that it holds."""
    rows = Draw.objects.select_related("result").order_by("-number")[:most]
    return tuple(_view(declarations, row) for row in rows if row.filing in declarations.filings)


def draw_of(*, declarations: Declarations, number: int) -> DrawView | None:
    """One draw."""
    row = Draw.objects.select_related("result").filter(number=number).first()
    return _view(declarations, row) if row and row.filing in declarations.filings else None


def population_of(*, number: int) -> bytes | None:
    """The members that were drawn from, one a line; none before the draw."""
    row = DrawResult.objects.filter(draw=number).first()
    return zlib.decompress(bytes(row.population)) if row else None


def drawers(*, declarations: Declarations) -> tuple[Text, ...]:
    """The roles in which an officer of the office announces draws, or makes those of another."""
    roles = declarations.roles.values()
    return tuple(one.label for one in roles if one.holder == "officer" and "cases" in one.rooms)


def own_announcements(*, actor: Actor) -> frozenset[int]:
    """The draws that the actor announced, so that another has to draw them."""
    rows = Draw.objects.filter(announced_by=actor.id, result=None)
    return frozenset(rows.values_list("number", flat=True))


def announces(*, declarations: Declarations, actor: Actor) -> tuple[Filing, ...]:
    """The filings of which an officer announces and makes draws."""
    own = agencies_acted_for(declarations=declarations, actor=actor)
    found = (one for one in declarations.filings.values() if one.shares and one.keeper in own)
    return tuple(found)


def _view(declarations: Declarations, row: Draw) -> DrawView:
    result: DrawResult | None = DrawResult.objects.filter(draw=row.number).first()
    filing = declarations.filings[row.filing]
    plain = DrawView(
        number=row.number, filing=filing, period=row.period, permille=row.permille,
        seed_sha256=row.seed_sha256, announced_at=row.announced_at,
    )  # fmt: skip
    if result is None:
        return plain
    members = zlib.decompress(bytes(result.population)).decode("utf-8").split()
    found = drawn(members=members, seed=result.seed, count=result.drawn_count)
    return DrawView(
        number=row.number, filing=filing, period=row.period, permille=row.permille,
        seed_sha256=row.seed_sha256, announced_at=row.announced_at, drawn_at=result.drawn_at,
        seed=result.seed, population_count=result.population_count,
        population_sha256=result.population_sha256, drawn=found,
        holds=_holds(row, result, members, found),
    )  # fmt: skip


def _holds(row: Draw, result: DrawResult, members: Sequence[str], found: Sequence[str]) -> bool:
    return (
        seed_digest(seed=result.seed) == row.seed_sha256
        and population_digest(members=members) == result.population_sha256
        and share_of(count=len(members), permille=row.permille) == result.drawn_count
        and sha256_hex("\n".join(found).encode()) == result.drawn_sha256
    )


def _population(declarations: Declarations, filing: Filing, period: int) -> list[str]:
    resource = declarations.resources[filing.resource]
    values = {
        "kind": resource.kind, "agency": filing.keeper, "period": str(period),
        "field": resource.by_header[filing.period].field,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(POPULATION, values)
        return [code for (code,) in cursor.fetchall()]


def _seed(home: Home, number: int) -> str:
    """The seed of a draw: of this home, which nobody outside knows, and of its number."""
    return hmac.digest(home.secret(SECRET), f"draw/{number}".encode(), "sha256").hex()


def _require(declarations: Declarations, actor: Actor, filing: str) -> Filing:
    declared = declarations.filings.get(filing)
    if declared is None or not declared.shares:
        raise _refusal("DRAW_FILING", "这种填报没有抽查比例", "no share of this filing is declared")
    if actor != OPERATOR:
        require_room(declarations=declarations, actor=actor, room="cases")
        own = agencies_acted_for(declarations=declarations, actor=actor)
        if declared.keeper not in own:
            raise _refusal("DRAW_OFFICE", "只有登记机关抽取", "only who keeps the register draws")
    return declared


def _tell(
    declarations: Declarations, view: DrawView, notice: str, now: dt.datetime, **values: str
) -> None:
    """Tell the office whose officers draw and check."""
    number = str(view.number)
    tell(
        declarations=declarations, notice=notice, to=Office(agency=view.filing.keeper),
        values={
            "number": number, "what": view.filing.label, "year": str(view.period), **values,
        },
        about=f"draw/{number}", key=f"{notice}/{number}", now=now,
    )  # fmt: skip


def _announced_it(declarations: Declarations) -> Refusal:
    roles = drawers(declarations=declarations)
    return Refusal(
        code="DRAW_SAME",
        what=Text("公告人不能自己抽取，请由另一人抽取", "another person has to draw"),
        rule="declarations/roles",
        remedy=Text(
            f"请本部门另一位{'、'.join(one.zh for one in roles)}抽取",
            f"let another officer of your body draw it: {', '.join(one.en for one in roles)}",
        ),
    )


def _refusal(code: str, zh: str, en: str) -> Refusal:
    remedy = Text("请核对后再办", "check it, then try again")
    return Refusal(code=code, what=Text(zh, en), remedy=remedy)


def _hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DRAW_LOCK])
