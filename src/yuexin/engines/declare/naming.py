"""What teaches a subject's names and numbers, and what else tells who it is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

LEARNED_SCHEMES = ("org_code", "reg_no")
EVIDENCE = ("person", "address", "phone", "city", "established")
FACETS = ("industry",)


@dataclass(frozen=True, kw_only=True)
class Names:
    """The fields in which a state says what its subject is called, while it holds.

    `former` lists names of before, `numbers` gives a field to each scheme. Where `operator`
    names a sole trader, an equal name is a person's own. A subject of whom `state` says a code of
    `ended` is found after those that stand, and one with more `capital` before one with less; for
    one of `gone` nobody acts any more.
    """

    name: str
    former: str = ""
    operator: str = ""
    numbers: dict[str, str] = dataclasses.field(default_factory=dict)
    state: str = ""
    ended: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    capital: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        named = (self.name, self.former, self.operator, *self.numbers.values())
        return tuple(name for name in named if name)


@dataclass(frozen=True, kw_only=True)
class Renames:
    """Where `item` equals a code, the subject was called `before` until the day `on`, and `after`
    from then."""

    item: str
    equals: str
    before: str
    after: str
    on: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.item, self.before, self.after, self.on)
