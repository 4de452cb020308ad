"""Names in declarations lead to what is declared, and laws hold as long as what rests on them."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.source import declaration_error


def based(
    d: t.Declarations, place: str, bases: Collection[str], until: dt.date | None
) -> Iterator[Refusal]:
    """What holds until a day rests on laws that are declared and do not end before it."""
    yield from known(place, "basis", laws_of(bases), d.laws)
    for law in (d.laws[name] for name in laws_of(bases) if name in d.laws):
        if law.valid_to and law.valid_to < (until or dt.date.max):
            yield declaration_error(
                place=place,
                what=Text(
                    f"依据“{law.zh}”已于 {law.valid_to} 失效",
                    f"its basis “{law.id}” ended on {law.valid_to}",
                ),
                remedy=Text("写明 valid_to 或改依据", "write valid_to, or name another basis"),
            )


def laws_of(bases: Collection[str]) -> list[str]:
    """The laws of some bases, without their articles."""
    return [basis.partition(":")[0] for basis in bases]


def known(
    place: str, what: str, names: Collection[str], declared: Collection[str]
) -> Iterator[Refusal]:
    """What of these names is not declared, with what may have been meant."""
    for name in names:
        if name in declared:
            continue
        near = difflib.get_close_matches(name, declared, n=3) or list(declared)[:8]
        yield declaration_error(
            place=place,
            what=Text(f"{what}“{name}”没有声明", f"{what} “{name}” is not declared"),
            remedy=Text(f"应为：{'、'.join(near)}", f"write one of: {', '.join(near)}"),
        )
