"""A repair is decided: how long until the penalty is absent from every outlet, while others read.

Measured from the signature, which is an act of a case, through the worker, which makes a delivery
of it, to the first moment at which no outlet answers with the document any more.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bench import online
from bench.figure import Figure, within
from bench.freshness import AGENCY, RESOURCE, readers
from bench.lookup import served
from bench.province import Bench, province
from yuexin.base.dates import add_months, today
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import keep_paper, open_case, take_step
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

ROWS = int(os.environ.get("YUEXIN_BENCH_WITHDRAWALS", "40"))
GOAL_SECONDS = 2.0
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 60.0
CLERK = Actor(id="bench-clerk", role="clerk", agency=AGENCY, purpose="enforcement")
SIGNER = Actor(id="bench-signer", role="signing_officer", agency=AGENCY, purpose="enforcement")
PROOF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
FIRMS = """
SELECT s.code, s.name, s.id FROM subject s
WHERE NOT s.sole_trader AND s.joined_to IS NULL AND EXISTS (
    SELECT FROM public_row p WHERE p.subject = s.id AND p.kind = 'registration')
ORDER BY s.id LIMIT %s
"""
RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """A penalty that is public, and where it is."""

    code: str
    name: str
    subject: UUID
    document: str
    record: UUID

    @property
    def outlets(self) -> tuple[str, ...]:
        return (
            f"/s/{self.code}", f"/s/{self.code}/timeline", f"/s/{self.code}.json",
            f"/s/{self.code}/records/{self.record}", f"/api/v1/subjects/{self.code}",
            f"/search.csv?q={self.code}", f"/today?agency={AGENCY}",
            f"/agencies/{AGENCY}/penalty",
        )  # fmt: skip


def figures() -> Iterator[Figure]:
    with province() as bench:
        os.environ.update(bench.environment)
        online.point(bench.url)
        home = Home.at(path=bench.home)
        decided = add_months(today(dt.datetime.now(dt.UTC)), -5)
        penalties = _told(bench, decided)
        codes = [one.code for one in penalties]
        with served(bench.environment, "--work") as port, readers(port, codes):
            seen = [_withdrawn(port, home, one) for one in penalties]
        connection.close()
    yield within(
        GOAL_SECONDS,
        seen,
        name="withdrawal",
        unit="s from the signature until absent from every outlet",
        beside="16 readers, the worker running",
        decisions=len(seen),
        outlets=len(penalties[0].outlets),
    )


def _told(bench: Bench, decided: dt.date) -> list[Penalty]:
    """As many penalties, told in one file, of firms that the register knows."""
    with connection.cursor() as cursor:
        cursor.execute(FIRMS, [ROWS])
        firms = cursor.fetchall()
    example = current().resources[RESOURCE].examples[0].row
    rows = [
        {
            **example, "CF_XDR_MC": name, "CF_XDR_SHXYM": code, "CF_JDRQ": decided.isoformat(),
            "CF_WSH": f"粤环示例罚〔{decided.year}〕修复{place:03}号",
        }
        for place, (code, name, _) in enumerate(firms)
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = bench.home / "penalties.csv"
    path.write_text(text.getvalue(), "utf-8")
    bench.yuexin("deliver", "--resource", RESOURCE, "--agency", AGENCY, str(path))
    found = []
    for row, (code, name, subject) in zip(rows, firms, strict=True):
        with connection.cursor() as cursor:
            cursor.execute(RECORD, [row["CF_WSH"]])
            (record,) = cursor.fetchone() or (None,)
        if record:
            found.append(
                Penalty(
                    code=code, name=name, subject=subject, document=row["CF_WSH"], record=record
                )
            )
    return found


def _withdrawn(port: int, home: Home, penalty: Penalty) -> float:
    """Seconds from the signature under a repair until no outlet answers with the penalty."""
    if penalty.document not in _answer(port, penalty.outlets[0]):
        raise SystemExit(f"{penalty.document} was never shown")
    case = _accepted(home, penalty)
    begun = time.perf_counter()
    _step(case, "grant", SIGNER, 2)
    left = list(penalty.outlets)
    while left and time.perf_counter() - begun < PATIENCE_SECONDS:
        left = [one for one in left if penalty.document in _answer(port, one)]
        if left:
            time.sleep(LOOK_SECONDS)
    if left:
        raise SystemExit(f"{penalty.document} still stands at {left}")
    return time.perf_counter() - begun


def _accepted(home: Home, penalty: Penalty) -> str:
    owner = Actor(id=f"owner-{penalty.code}", role="owner", subject_code=penalty.code)
    paper = keep_paper(home=home, stream=io.BytesIO(PROOF), slot="proof", name="缴款凭证.pdf")
    case = open_case(
        declarations=current(), actor=owner, process="penalty_repair", subject=penalty.subject,
        record=penalty.record, form={
            "performed_on": today(dt.datetime.now(dt.UTC)).isoformat(),
            "correction": "已整改并缴清罚款", "commitment": "true", "contact": "陈示例",
            "phone": "13800000000",
        },
        papers=[paper], reason="", now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    _step(case, "accept", CLERK, 1)
    return case


def _step(case: str, step: str, actor: Actor, seen: int) -> None:
    take_step(
        declarations=current(), actor=actor, case=case, step=step, seen=seen, form={}, papers=(),
        reason="", now=dt.datetime.now(dt.UTC),
    )  # fmt: skip


def _answer(port: int, path: str) -> str:
    """What is answered; JSON unescaped, so that it can be searched."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
            text: str = response.read().decode()
            if "json" in (response.headers.get("Content-Type") or ""):
                return json.dumps(json.loads(text), ensure_ascii=False)
            return text
    except urllib.error.HTTPError as error:
        return error.read().decode()
