"""Every version of law after the first says what becomes of what began before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import based
from yuexin.engines.declare.source import declaration_error

CLAUSES = "{clause: old_law | milder | new_law, basis: <law>, confirmed: false}"


def carried_over(
    d: t.Declarations, place: str, versions: Sequence[t.LawVersion]
) -> Iterator[Refusal]:
    """A later version without a transition, a first one with one, and a transition without law."""
    first = min((one.valid_from for one in versions), default=None)
    for version in versions:
        where = f"{place} {version.valid_from} transition"
        if version.transition is None and version.valid_from != first:
            yield _silent(where, version)
        if version.transition and version.valid_from == first:
            yield _before_nothing(where, version)
        if version.transition:
            yield from based(d, where, [version.transition.basis], version.valid_to)


def _silent(where: str, version: t.LawVersion) -> Refusal:
    return declaration_error(
        place=where,
        what=Text(
            f"{version.valid_from} 起的版本没有写此前已经开始的适用何种规定；新规定应当写明衔接",
            f"the version from {version.valid_from} does not say what becomes of what began before "
            "it, as each later version of law has to",
        ),
        remedy=Text(
            f"补写 transition: {CLAUSES}；没有确认的按较轻的执行",
            f"add transition: {CLAUSES}; while nobody confirmed it the milder holds",
        ),
    )


def _before_nothing(where: str, version: t.LawVersion) -> Refusal:
    return declaration_error(
        place=where,
        what=Text(
            f"{version.valid_from} 起的版本是第一个，此前没有可以衔接的",
            f"the version from {version.valid_from} is the first: nothing began before it",
        ),
        remedy=Text("去掉 transition", "take transition out"),
    )
