"""`make bench`: one line of JSON for each figure. `ONLY=name` prints one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from bench import (
    batch,
    changed,
    checks,
    formats,
    freshness,
    handling,
    intake,
    lawful_year,
    linkage,
    lookup,
    pairs,
    phone,
    queries,
    register,
    search,
    typeahead,
    verdicts,
    whatif,
    withdrawal,
)
from bench.figure import Figure

FIGURES: dict[str, Callable[[], Iterator[Figure]]] = {
    "register": register.figures,
    "checks": checks.figures,
    "intake": intake.figures,
    "lookup": lookup.figures,
    "formats": formats.figures,
    "freshness": freshness.figures,
    "changed": changed.figures,
    "phone": phone.figures,
    "batch": batch.figures,
    "search": search.figures,
    "typeahead": typeahead.figures,
    "queries": queries.figures,
    "linkage": linkage.figures,
    "pairs": pairs.figures,
    "check": handling.single,
    "batch-check": handling.batch,
    "lawful-year": lawful_year.figures,
    "withdrawal": withdrawal.figures,
    "verdicts": verdicts.figures,
    "whatif": whatif.figures,
}


def main() -> None:
    names = sys.argv[1:] or list(FIGURES)
    for name in names:
        for figure in FIGURES[name]():
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
