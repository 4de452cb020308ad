"""Who lives in the town of the stories, and what agencies told of its firms before today."""

from __future__ import annotations

from tests.cast import entity
from tests.intake import Row
from tests.stories.province import ago

LATE, FINED, TARDY, GOOD, FALLEN, OWES, WRONGED, RIVAL = (entity(n) for n in range(8101, 8109))
"""Late with its report; punished and repaired; punished, and told of too late; of grade A; of grade
A and a debtor; a debtor; of whom something wrong is told; who hears of somebody else's case."""
FIRMS = (LATE, FINED, TARDY, GOOD, FALLEN, OWES, WRONGED, RIVAL)
NOBODY = entity(8199)
OLD, YOUNG, HELD_BACK, MISTAKEN, FOREIGN = (
    f"粤环示例罚〔2026〕{n}号" for n in (811, 812, 813, 814, 815)
)
MISTAKE, TRUTH = "罚款人民币二十万元", "罚款人民币二万元"
PAST: tuple[tuple[int, str, tuple[Row, ...]], ...] = (
    (220, "registration", tuple(firm.registration() for firm in FIRMS)),
    # The first of a source is stock: no clock runs for it.
    (210, "penalties_2018", (RIVAL.penalty(CF_WSH="粤环示例罚〔2026〕800号", CF_JDRQ=ago(215)),)),
    (100, "penalties_2018", (FINED.penalty(CF_WSH=OLD, CF_JDRQ=ago(103)),)),
    (40, "penalties_2018", (
        TARDY.penalty(CF_WSH=HELD_BACK, CF_JDRQ=ago(80)),
        WRONGED.penalty(CF_WSH=MISTAKEN, CF_JDRQ=ago(44), CF_NR=MISTAKE, CF_NR_FK="20"),
        WRONGED.penalty(CF_WSH=FOREIGN, CF_JDRQ=ago(43)),
    )),
    (12, "penalties_2018", (FINED.penalty(CF_WSH=YOUNG, CF_JDRQ=ago(14)),)),
)  # fmt: skip
"""What was delivered so many days ago."""
OFFICERS = {
    "registrar": ("signing_officer", "market_regulation"),
    "env.clerk": ("clerk", "environment"),
    "env.head": ("signing_officer", "environment"),
    "buyer": ("clerk", "housing"),
    "other.buyer": ("clerk", "commerce"),
    "chief": ("chief", "data_bureau"),
}
OWNERS = {
    "late": LATE, "fined": FINED, "good": GOOD, "wronged": WRONGED, "rival": RIVAL,
}  # fmt: skip
SYSTEMS = (
    "market_regulation", "guangzhou_market_regulation", "environment", "high_court", "tax",
)  # fmt: skip
"""Whose systems deliver."""
READERS = {"copier": "housing", "elsewhere": "commerce"}
"""Systems that keep copies of what they read, and of which body."""
RATE = 6000
"""Requests a minute: a story asks until something holds."""
