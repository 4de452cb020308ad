"""Which body of a city stands below another one."""

from __future__ import annotations

from collections.abc import Iterator

from yuexin.engines.declare.types import Declarations


def bodies_of_cities(*, declarations: Declarations) -> Iterator[tuple[str, str, str]]:
    """The body above, the city, the body there: one for each city, the first by its id."""
    seen = set()
    for name, one in sorted(declarations.agencies.items()):
        place = (one.parent, one.division)
        above = declarations.agencies.get(one.parent)
        if above and above.division != one.division and place not in seen:
            seen.add(place)
            yield (*place, name)


def local_body(*, declarations: Declarations, above: str, city: str) -> str:
    """The body of a city below another one; that one itself, where the city has none."""
    found = bodies_of_cities(declarations=declarations)
    return next((name for parent, place, name in found if (parent, place) == (above, city)), above)


def heirs(*, declarations: Declarations) -> Iterator[tuple[str, str]]:
    """Each body that has ended, and the one that does its work now."""
    for name in declarations.agencies:
        if (heir := heir_of(declarations=declarations, agency=name)) != name:
            yield name, heir


def heir_of(*, declarations: Declarations, agency: str) -> str:
    """The body that does the work of one now: itself, or whoever took over in the end."""
    seen = {agency}
    while (found := declarations.agencies.get(agency)) and found.successor not in {"", *seen}:
        agency = found.successor
        seen.add(agency)
    return agency
