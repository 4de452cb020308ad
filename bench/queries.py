"""300 queries as people type them: is the right one first? Made with a seed from real names.

A query is left out where nothing in it could tell two firms apart: what was meant, or what was
typed, fits another name as well. How many were left out is told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from bench.crossed import real
from bench.figure import Figure
from bench.province import empty
from bench.register import register_file
from bench.search import product
from yuexin.base.hanzi import initials, readings, sound
from yuexin.base.text import normalise_name
from yuexin.domains.subjects.sounding import brand_of, place_of

QUERIES = 300
SEED = 17
FIRST, IN_THREE = 0.90, 0.97
FORM = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|公司|\(有限合伙\)|\(普通合伙\))$")

Fits = Callable[[str], bool]


@dataclass(frozen=True)
class Typed:
    """What is typed, and which names it was meant for."""

    text: str
    meant: Fits


def figures() -> Iterator[Figure]:
    with empty() as bench:
        bench.yuexin("deliver", "--resource", "register_extract", str(register_file()))
        yield from measured(url=bench.url)


def measured(*, url: str) -> Iterator[Figure]:
    """The figures of a database to which the extract was delivered."""
    find, names = product(url, by_name=True), [row.name for row in real()]
    results: dict[str, list[int]] = {kind: [] for kind in KINDS}
    excluded = 0
    for kind, name, typed in _queries(names):
        if typed is None:
            excluded += 1
            continue
        found = [normalise_name(one) for one in find(typed.text)]
        results[kind].append(found.index(name) + 1 if name in found else 0)
    for kind, places in results.items():
        yield _figure(f"queries_{kind}", places)
    every = [place for places in results.values() for place in places]
    yield _figure("queries", every, left_out=excluded)


def _figure(name: str, places: list[int], **detail: int) -> Figure:
    first = sum(place == 1 for place in places) / len(places)
    three = sum(0 < place <= 3 for place in places) / len(places)
    return Figure(
        name=name,
        value=100 * first,
        unit="% first",
        reference="90 % first, 97 % among the first three",
        ratio=min(first / FIRST, three / IN_THREE),
        detail={"in_three_percent": round(100 * three, 1), "queries": len(places), **detail},
    )


def _queries(names: list[str]) -> Iterator[tuple[str, str, Typed | None]]:
    """As many of each kind as of any other; none stands for one that is left out."""
    dice = random.Random(SEED)
    for kind, distort in KINDS.items():
        made = 0
        while made < QUERIES // len(KINDS):
            name = dice.choice(names)
            typed = distort(dice, name)
            if typed is None:
                continue
            unique = _unique(names, name, typed)
            made += unique
            yield kind, name, typed if unique else None


def _unique(names: list[str], name: str, typed: Typed) -> bool:
    text = typed.text.upper()
    return not any(other != name and (typed.meant(other) or text in other) for other in names)


# --- as people type ---


@cache
def _core(name: str) -> str:
    """Brand and trade, without place and legal form."""
    return FORM.sub("", brand_of(name))


def _holding(text: str) -> Typed:
    return Typed(text, lambda name: text in name)


def _fragment(dice: random.Random, name: str) -> Typed | None:
    size = dice.randint(3, 6)
    start = dice.randrange(max(1, len(name) - size + 1))
    return _holding(name[start : start + size])


def _two_fragments(dice: random.Random, name: str) -> Typed | None:
    place, core = place_of(name)[:2], _core(name)
    if not place or len(core) < 4:
        return None
    part = core[: dice.randint(2, 4)]
    return Typed(f"{place} {part}", lambda other: place in other and part in other)


def _signboard(dice: random.Random, name: str) -> Typed | None:
    del dice
    return _holding(_core(name)) if len(_core(name)) >= 4 else None


def _city_signboard(dice: random.Random, name: str) -> Typed | None:
    """The city without 市, and what stands on the sign."""
    del dice
    place, core = place_of(name), _core(name)
    if not place.endswith("市") or len(core) < 4:
        return None
    city = place.removesuffix("市")
    return Typed(f"{city}{core}", lambda other: city in other and core in other)


def _off(change: Callable[[random.Random, str, int], str]) -> Callable[..., Typed | None]:
    """What stands on the sign, with one error."""

    def distort(dice: random.Random, name: str) -> Typed | None:
        core = _core(name)
        if len(core) < 4:
            return None
        wrong = change(dice, core, dice.randrange(len(core)))
        return Typed(wrong, lambda other: core in other) if wrong != core else None

    return distort


def _homophone(dice: random.Random, core: str, at: int) -> str:
    read = readings(core[at])
    same = [one for one in USUAL if read and readings(one)[:1] == read[:1] and one != core[at]]
    return core[:at] + dice.choice(same) + core[at + 1 :] if same else core


def _wrong(dice: random.Random, core: str, at: int) -> str:
    return core[:at] + dice.choice(USUAL) + core[at + 1 :]


def _missing(dice: random.Random, core: str, at: int) -> str:
    del dice
    return core[:at] + core[at + 1 :]


def _extra(dice: random.Random, core: str, at: int) -> str:
    return core[:at] + dice.choice(USUAL) + core[at:]


def _swapped(dice: random.Random, core: str, at: int) -> str:
    del dice
    return core[:at] + core[at : at + 2][::-1] + core[at + 2 :]


def _pinyin(dice: random.Random, name: str) -> Typed | None:
    return _spelled(_core(name)[: dice.randint(3, 5)], sound)


def _mixed(dice: random.Random, name: str) -> Typed | None:
    """The first characters in full, the rest by first letters."""
    cut = dice.randint(1, 2)
    return _spelled(_core(name)[:6], lambda text: sound(text[:cut]) + initials(text[cut:]))


def _initials(dice: random.Random, name: str) -> Typed | None:
    return _spelled(_core(name)[: dice.randint(5, 8)], initials)


def _spelled(part: str, spell: Callable[[str], str]) -> Typed | None:
    if len(part) < 3 or not all(map(readings, part)):
        return None
    text, size = spell(part), len(part)

    def meant(other: str) -> bool:
        core = _core(other)[:size]
        return initials(core[:1]) == text[0] and spell(core) == text

    return Typed(text, meant)


USUAL = "".join(
    bytes((0xB0 + row, 0xA1 + column)).decode("gb2312", "ignore")
    for row in range(40)
    for column in range(94)
)
"""Characters of everyday use (GB 2312, level 1)."""

KINDS: dict[str, Callable[[random.Random, str], Typed | None]] = {
    "fragment": _fragment,
    "two_fragments": _two_fragments,
    "signboard": _signboard,
    "city_signboard": _city_signboard,
    "homophone": _off(_homophone),
    "wrong": _off(_wrong),
    "missing": _off(_missing),
    "extra": _off(_extra),
    "swapped": _off(_swapped),
    "pinyin": _pinyin,
    "mixed": _mixed,
    "initials": _initials,
}
