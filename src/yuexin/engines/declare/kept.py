"""Snapshots that were adopted keep the words of their day: they are read as what those said.

What is written now is never read so: in the folder an old word is refused as any unknown one is.
"""

from __future__ import annotations

from collections.abc import Callable

from yuexin.engines.declare.source import Mapping, Node, Scalar, Sequence

Entries = dict[str, Node]


def as_now(name: str, node: Node) -> Node:
    """What a file of a kept snapshot declares, in the words of now."""
    change = _CHANGES.get(name.partition("/")[0])
    if change is None or not isinstance(node, Mapping):
        return node
    versions = node.entries.get("versions")
    if not isinstance(versions, Sequence):
        return node
    items = tuple(
        Mapping(place=one.place, entries=change(dict(one.entries)))
        if isinstance(one, Mapping)
        else one
        for one in versions.items
    )
    changed = Sequence(place=versions.place, items=items)
    return Mapping(place=node.place, entries={**node.entries, "versions": changed})


def _term(version: Entries) -> Entries:
    """Before decision 33 a version of a term reached back where it said so, and else did not."""
    said = version.pop("applies_to_old", None)
    if isinstance(said, Scalar) and said.value == "true":
        version["transition"] = _transition(
            said, "new_law", version["law"], version.get("confirmed")
        )
    return version


def _regime(version: Entries) -> Entries:
    """Before decision 33 a list had a clause without a law, in doubt with the version itself."""
    said, doubt = version.get("transition"), version.pop("doubt", None)
    if not isinstance(said, Scalar):
        return version
    confirmed, basis = version.get("confirmed"), version.get("basis")
    if isinstance(doubt, Scalar) and doubt.value == "transition":
        version.pop("confirmed", None)
    law = basis.items[0] if isinstance(basis, Sequence) and basis.items else said
    version["transition"] = _transition(said, said.value, law, confirmed)
    return version


def _transition(said: Scalar, clause: str, basis: Node, confirmed: Node | None) -> Mapping:
    sure = confirmed or Scalar(place=said.place, value="true")
    entries = {"clause": Scalar(place=said.place, value=clause), "basis": basis, "confirmed": sure}
    return Mapping(place=said.place, entries=entries)


_CHANGES: dict[str, Callable[[Entries], Entries]] = {"terms": _term, "regimes": _regime}
