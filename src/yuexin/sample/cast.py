"""The cast: subjects that are given a certain part, so that every case occurs in every province."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Part = Literal[
    "minor_penalty", "natural_person_number", "natural_person_phone", "natural_person_home",
    "warning_penalty", "simple_procedure_penalty", "expired_penalty", "repaired_penalty",
    "annulled_penalty", "sealed_penalty", "over_age_penalty", "namesake",
    "ends_tomorrow", "ended_yesterday", "decided_today", "late", "contradicted",
    "licence_ends_in_30_days", "licence_ended_yesterday",
]  # fmt: skip

PLANTED: Final[tuple[Part, ...]] = (
    "minor_penalty", "natural_person_number", "natural_person_phone", "natural_person_home",
    "warning_penalty", "simple_procedure_penalty", "expired_penalty", "repaired_penalty",
    "annulled_penalty", "sealed_penalty", "over_age_penalty", "namesake",
)  # fmt: skip
"""Parts whose facts must never be shown."""

EDGES: Final[tuple[Part, ...]] = (
    "ends_tomorrow", "ended_yesterday", "decided_today", "late", "contradicted",
    "licence_ends_in_30_days", "licence_ended_yesterday",
)  # fmt: skip
"""Parts on the edge of a term, and one fact that two agencies tell differently."""

EACH: Final = 2
LEAST_SUBJECTS: Final = EACH * (len(PLANTED) + len(EDGES)) + 2

_SOLE_TRADERS: Final = frozenset({"natural_person_home", "namesake"})


class Role(NamedTuple):
    """A part, and which of the `EACH` subjects that play it, counted from 0."""

    part: Part
    nth: int

    @property
    def kind(self) -> Literal["company", "sole_trader"]:
        return "sole_trader" if self.part in _SOLE_TRADERS else "company"


def roles(count: int) -> dict[int, Role]:
    """Which subject plays what, spread evenly over the province.

    Raises `ValueError` below `LEAST_SUBJECTS`.
    """
    if count < LEAST_SUBJECTS:
        raise ValueError(f"a sample province has at least {LEAST_SUBJECTS} subjects, not {count}")
    cast = [Role(part, nth) for nth in range(EACH) for part in (*PLANTED, *EDGES)]
    return {(n + 1) * count // (len(cast) + 1): role for n, role in enumerate(cast)}
