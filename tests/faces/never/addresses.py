"""Every address of the platform, filled with all that there is to ask for.

An address that takes something of which `KNOWN` has no values fails the test: whoever adds one says
what it is asked with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from tests.cast import COMPANY, TRADER
from tests.faces.never.planted import OTHER, World
from tests.state import all_rows

from yuexin.faces.gateway.api import api

CODES: Final = (COMPANY.uscc, OTHER.uscc, TRADER.uscc)
# What ends a session, or is only sent to: an address that answers to a form alone is asked once.
LEFT_OUT: Final = ("/sign-out", "/account/sign-out", "/static/")
NUMBERED: Final = {
    "counter/cases": "SELECT number FROM case_file", "desk/cases": "SELECT number FROM case_file",
    "desk/handling": "SELECT number FROM handling_check",
    "desk/deliveries": "SELECT number FROM delivery", "desk/trials": "SELECT id FROM what_if",
    "desk/corrections": "SELECT 1", "desk/draws": "SELECT 1", "account/corrections": "SELECT 1",
    "draws": "SELECT 1", "tour": "SELECT 1", "deliveries": "SELECT number FROM delivery",
    "checks": "SELECT number FROM handling_check", "corrections": "SELECT 1",
    "liftings": "SELECT 1",
}  # fmt: skip
KNOWN: Final = {
    "record": "SELECT id FROM record", "delivery": "SELECT number FROM delivery",
    "row": "SELECT generate_series(1, 3)", "paper": "SELECT id FROM case_paper",
    "notice": "SELECT id FROM notice", "content": "SELECT gen_random_uuid()", "pk": "SELECT 1",
    "grant": "SELECT id FROM access_grant", "check": "SELECT number FROM handling_check",
}  # fmt: skip
DECLARED: Final[dict[str, Sequence[str]]] = {
    "code": CODES, "other": CODES, "agency": ("environment", "market_regulation"),
    "kind": ("penalty", "annual_report", "registration"), "resource": ("penalties_2018",),
    "regime": ("serious_dishonesty", "tax_grade_a"), "filing": ("annual_report",),
    "thing": ("2025", "2024"), "screen": ("contact",), "channel": ("sms",),
    "process": ("objection", "penalty_repair", "look_delay", "abnormal_listing"),
    "key": ("none",), "uidb36": ("none",),
    "provider": ("province",), "subject": CODES, "measure": ("none",),
}  # fmt: skip
QUERIES: Final[dict[str, Sequence[str]]] = {
    "/search": tuple(f"q={one}" for one in (COMPANY.name, OTHER.name, COMPANY.uscc)),
    "/suggest.json": (f"q={COMPANY.name[:4]}",), "/search.csv": (f"q={COMPANY.name}",),
    "/desk/subjects": (f"q={COMPANY.name}",), "/desk/subjects.csv": (f"q={COMPANY.name}",),
    "/desk/cases": ("state=all", "state=troubled", "state=open"),
    "/desk/checks": ("source=draws", "source=lists"), "/desk/handling": ("owing=1",),
    "/desk/lists/proposed": ("left=1",),
    "/desk/journal": ("stream=look", *(f"stream=look&subject={one}" for one in CODES)),
    "/api/v1/subjects": (f"q={COMPANY.name}",),
}  # fmt: skip


def addresses(world: World) -> tuple[str, ...]:
    """All of them, each once."""
    found = [*_pages(world), *_operations(world)]
    found += [f"{path}?{query}" for path, queries in QUERIES.items() for query in queries]
    return tuple(dict.fromkeys(one for one in found if not one.startswith(LEFT_OUT)))


def _pages(world: World) -> Iterator[str]:
    for path, names in _patterns(get_resolver().url_patterns, ""):
        if not path.startswith("api/v1/"):
            yield from _filled(world, path, names)


def _operations(world: World) -> Iterator[str]:
    for path, said in api.get_openapi_schema()["paths"].items():
        if "get" in said:
            names = {one["name"]: f"{{{one['name']}}}" for one in _in_path(said["get"])}
            yield from _filled(world, path.removeprefix("/"), names)


def _in_path(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in operation.get("parameters", ()) if one["in"] == "path"]


def _patterns(
    some: Sequence[URLPattern | URLResolver], before: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each address as it is declared, with the names of what it takes, as they stand in it."""
    for one in some:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, path)
            continue
        converters = one.pattern.converters
        names = {name: name for name in converters}
        for name in converters:
            start = next(p for p in (f":{name}>", f"<{name}>") if p in path)
            begin = path.rindex("<", 0, path.index(start) + 1)
            names[name] = path[begin : path.index(start) + len(start)]
        yield path, names


def _filled(world: World, path: str, names: dict[str, str]) -> Iterator[str]:
    whose = dict(all_rows("SELECT r.id, s.code FROM record r JOIN subject s ON s.id = r.subject"))
    for values in product(*(_values(world, path, name) for name in names)):
        said = dict(zip(names, values, strict=True))
        # A record is asked for under its own code, and under one that is not its own.
        if {"code", "record"} <= said.keys() and said["code"] not in (
            whose[said["record"]],
            TRADER.uscc,
        ):
            continue
        filled = path
        for placed, value in zip(names.values(), values, strict=True):
            filled = filled.replace(placed, str(value))
        yield f"/{filled}"


def _values(world: World, path: str, name: str) -> Sequence[object]:
    if name == "token":
        return world.tokens
    if name == "number":
        begins = [one for one in NUMBERED if path.removeprefix("api/v1/").startswith(one)]
        return [value for (value,) in all_rows(NUMBERED[max(begins, key=len)])]
    if name in DECLARED:
        return DECLARED[name]
    return [value for (value,) in all_rows(KNOWN[name])]
