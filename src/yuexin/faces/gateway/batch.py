"""A batch of codes, however many: read from a file in groups, and answered as it is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, Final

from yuexin.base.codes import Verdict, check_uscc
from yuexin.domains.credit import queries
from yuexin.engines.access.types import PUBLIC
from yuexin.faces.gateway import codes
from yuexin.faces.gateway.answers import dumped
from yuexin.faces.gateway.problems import repeatable

MOST_BYTES: Final = 64 << 20
GROUP: Final = 500


def answered(file: IO[bytes], content_type: str, *, now: dt.datetime) -> Iterator[bytes]:
    """A line of JSON for each code asked for, a group at a time. Closes the file in the end.

    The files are public ones: to look further is to look for a purpose, at one subject at a time.
    """
    with file:
        asked = enumerate(codes.READERS[content_type](file), start=1)
        while group := list(islice(asked, GROUP)):
            yield _group(group, now)


def _group(group: list[tuple[int, codes.Asked]], now: dt.datetime) -> bytes:
    verdicts = {number: check_uscc(one.text) for number, one in group if one.fault is None}
    wanted = {verdict.code for verdict in verdicts.values() if verdict.valid}
    found = queries.documents(actor=PUBLIC, codes=wanted, now=now)
    return b"".join(_line(number, one, verdicts.get(number), found) for number, one in group)


def _line(number: int, asked: codes.Asked, verdict: Verdict | None, found: Any) -> bytes:
    said: dict[str, Any] = {"line": number, "asked": repeatable(asked.text)}
    if asked.fault is not None:
        fault = {"code": "LINE", **asked.fault._asdict()}
        return dumped({**said, "state": "broken", "faults": [fault]}) + b"\n"
    assert verdict is not None
    if not verdict.valid:
        return dumped({**said, **_invalid(verdict)}) + b"\n"
    if verdict.code not in found:
        return dumped({**said, "state": "unknown", "code": verdict.code}) + b"\n"
    head = dumped({**said, "state": "found", "code": verdict.code})
    # The document is JSON already, and most of the line.
    return b'%s, "document": %s}\n' % (head[:-1], found[verdict.code])


def _invalid(verdict: Verdict) -> dict[str, Any]:
    faults = [
        {"code": problem.code, **problem.text._asdict()}
        for problem in verdict.problems
        if problem.severity == "error"
    ]
    return {"state": "invalid", "faults": faults, "suggestion": verdict.suggestion or ""}
