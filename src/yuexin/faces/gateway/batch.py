"""A batch of codes or names, however many: read from a file in groups, answered as it is read.

What a line names is asked of the same look-up as the public page of lists asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any, Final

from yuexin.base.codes import Verdict, check_uscc
from yuexin.domains.credit import queries
from yuexin.domains.credit.lists import Match
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.gateway import codes
from yuexin.faces.gateway.answers import dumped
from yuexin.faces.gateway.problems import repeatable

MOST_BYTES: Final = 64 << 20
GROUP: Final = 500


def answered(file: IO[bytes], content_type: str, *, now: dt.datetime) -> Iterator[bytes]:
    """A line of JSON for each line asked for, a group at a time. Closes the file in the end.

    The files are public ones: to look further is to look for a purpose, at one subject at a time.
    """
    with file:
        asked = enumerate(codes.READERS[content_type](file), start=1)
        while group := list(islice(asked, GROUP)):
            yield _group(group, now)


def _group(group: list[tuple[int, codes.Asked]], now: dt.datetime) -> bytes:
    texts = [one.text for _, one in group if one.fault is None]
    matches = dict(zip(texts, queries.matches(actor=PUBLIC, lines=texts), strict=True))
    wanted = {match.codes[0] for match in matches.values() if match.state == "matched"}
    found = queries.documents(actor=PUBLIC, codes=wanted, now=now)
    return b"".join(_line(number, one, matches.get(one.text), found) for number, one in group)


def _line(
    number: int, asked: codes.Asked, match: Match | None, found: Mapping[str, bytes]
) -> bytes:
    said: dict[str, Any] = {"line": number, "asked": repeatable(asked.text)}
    if asked.fault is not None:
        fault = {"code": "LINE", **asked.fault._asdict()}
        return dumped({**said, "state": "broken", "faults": [fault]}) + b"\n"
    assert match is not None
    if match.state == "matched" and match.codes[0] in found:
        head = dumped({**said, "state": "found", "code": match.codes[0], "by": match.by})
        # The document is JSON already, and most of the line.
        return b'%s, "document": %s}\n' % (head[:-1], found[match.codes[0]])
    return dumped({**said, **_not_found(match, check_uscc(asked.text))}) + b"\n"


def _not_found(match: Match, verdict: Verdict) -> dict[str, Any]:
    """Why a line is not answered by one file: more than one, none under its code, or no code."""
    why = {"reason": match.reason._asdict()}
    if match.state == "several":
        return {"state": "several", "codes": match.codes, "count": match.count, **why}
    if verdict.valid:
        return {"state": "unknown", "code": verdict.code, **why}
    faults = [
        {"code": problem.code, **problem.text._asdict()}
        for problem in verdict.problems
        if problem.severity == "error"
    ]
    return {"state": "invalid", "faults": faults, "suggestion": match.suggestion, **why}
