"""How checks are answered for, in numbers and without any subject: by month, body and scene."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.base.dates import today
from yuexin.engines.access.queries import counts_handling_of, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

MOST_MONTHS: Final = 24
COUNTED: Final = """
WITH asked AS (
    SELECT number, to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, agency, scene,
        subjects, due
    FROM handling_check
    WHERE at >= %(since)s AND (%(everything)s OR agency = ANY(%(agencies)s))
), called AS (
    SELECT c.number, count(*) FILTER (WHERE NOT t.incentive) AS triggered,
        count(*) FILTER (WHERE t.incentive) AS eased, count(f.id) AS reported,
        count(*) FILTER (WHERE f.applied AND NOT t.incentive) AS punished,
        count(*) FILTER (WHERE f.applied AND t.incentive) AS rewarded,
        count(*) FILTER (WHERE f.id IS NULL AND c.due < %(today)s) AS overdue,
        count(n.told_at) AS told, count(l.at) AS released,
        sum(extract(epoch FROM l.at - n.told_at) / 86400) AS days, count(l.at - n.told_at) AS timed
    FROM asked c JOIN handling_trigger t ON t.check_no_id = c.number
    LEFT JOIN handling_feedback f ON f.trigger_id = t.id
    LEFT JOIN LATERAL (
        SELECT min(told_at) AS told_at FROM notice WHERE key = 'lifting/' || f.id
    ) n ON true
    LEFT JOIN handling_act l ON l.check_no_id = c.number AND l.kind = 'lifting_confirmed'
        AND l.subject = t.subject AND l.measure = t.measure
    GROUP BY c.number
)
SELECT a.month, a.agency, a.scene, count(*), sum(a.subjects), coalesce(sum(c.triggered), 0),
    coalesce(sum(c.eased), 0), coalesce(sum(c.reported), 0), coalesce(sum(c.punished), 0),
    coalesce(sum(c.rewarded), 0), coalesce(sum(c.overdue), 0), coalesce(sum(c.told), 0),
    coalesce(sum(c.released), 0), sum(c.days) / nullif(sum(c.timed), 0)
FROM asked a LEFT JOIN called c USING (number)
GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
"""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one body's checks of a scene in a month came to.

    `triggered` measures were called for and `eased` opened, of which so many are `reported`,
    `punished` and `rewarded` (applied), `overdue` (not reported in time). Of those that were `told`
    to be ended so many were `released`, after `release_days` on average, none where none was. What
    was ended before anybody told it is `released` without having taken days.
    """

    month: str
    agency: str
    scene: str
    checks: int
    subjects: int
    triggered: int
    eased: int
    reported: int
    punished: int
    rewarded: int
    overdue: int
    told: int
    released: int
    release_days: float | None

    @property
    def called(self) -> int:
        """What feedback is due on: measures called for and easings opened."""
        return self.triggered + self.eased

    @property
    def feedback_rate(self) -> float | None:
        """反馈率: reported of what was called for or opened."""
        return _share(self.reported, self.called)

    @property
    def punishment_rate(self) -> float | None:
        """惩戒率: applied of the measures that were called for."""
        return _share(self.punished, self.triggered)

    @property
    def incentive_rate(self) -> float | None:
        """激励率: granted of the easings that were opened."""
        return _share(self.rewarded, self.eased)


def counted(*, declarations: Declarations, actor: Actor, now: dt.datetime) -> tuple[Counted, ...]:
    """The last two years of the actor's own body, or of all in his reach, the last month first."""
    require_room(declarations=declarations, actor=actor, room="handling")
    scope = counts_handling_of(declarations=declarations, actor=actor)
    values: dict[str, Any] = {
        "everything": scope.everything, "agencies": [*scope.agencies], "today": today(now),
        "since": now - dt.timedelta(days=31 * MOST_MONTHS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, values)
        rows = cursor.fetchall()
    return tuple(_counted(*row) for row in rows)


def _counted(month: str, agency: str, scene: str, *numbers: object) -> Counted:
    *whole, days = numbers
    names = (
        "checks", "subjects", "triggered", "eased", "reported", "punished", "rewarded", "overdue",
        "told", "released",
    )  # fmt: skip
    counts = {name: int(str(value)) for name, value in zip(names, whole, strict=True)}
    return Counted(
        month=month, agency=agency, scene=scene, **counts,
        release_days=float(str(days)) if days is not None else None,
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
