"""Three million names that repeat nothing and are rare and common like real ones.

Each is the first half of a real name and the second half of another, chosen with a seed. They are
made from the extract at each run, and never enter the repository.
"""

from __future__ import annotations

import csv
import gzip
import os
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import polars as pl
import psycopg

from bench.province import Bench, empty
from bench.register import register_file
from yuexin.base.regions import DIVISIONS
from yuexin.base.text import normalise_name
from yuexin.domains.subjects.linkage.parts import cores
from yuexin.domains.subjects.sounding import cues

NAMES = int(os.environ.get("YUEXIN_BENCH_NAMES", "3000000"))
SEED = 4
SHORTEST = 4
AT_ONCE = 100_000

RAW = """
CREATE UNLOGGED TABLE raw (id serial, name text, est date, city text, capital text, cues text[],
                           core text, sound text)
"""
COPY = "COPY raw (name, est, city, capital, cues, core, sound) FROM STDIN"
DROP_INDEXES = """
DROP INDEX subject_name_grams, subject_name_rank, subject_name_key, subject_name_core,
    subject_name_sound
"""
SUBJECTS = """
INSERT INTO subject (id, code, name, sole_trader, named_after_person, entity_type, city,
                     est_date, authority, prominence, delivery, row)
SELECT digest_id(id::text), '91' || lpad(id::text, 16, '0'), name, false, false, '1130', city,
    est, 0, prominence(false, capital, est, false), 0, id
FROM raw
"""
SUBJECT_NAMES = """
INSERT INTO subject_name (subject, key, name, known_at, delivery, row, searchable, rank, grams,
                          core, sound)
SELECT digest_id(r.id::text), r.name, r.name, now(), 0, r.id, true,
    name_rank(prominence(false, capital, est, false), false, r.name), grams || cues, core, sound
FROM raw r CROSS JOIN LATERAL bigrams(r.name) AS grams
"""
INDEXES = (
    "SET maintenance_work_mem = '1GB'",
    "CREATE INDEX subject_name_grams ON subject_name USING gin (grams)",
    "CREATE INDEX subject_name_key ON subject_name USING hash (key)",
    "CREATE INDEX subject_name_core ON subject_name (core)",
    "CREATE INDEX subject_name_sound ON subject_name (sound)",
    "CREATE INDEX subject_name_rank ON subject_name (rank, key) INCLUDE (subject) WHERE searchable",
    "DROP TABLE raw",
    "VACUUM ANALYZE subject_name",
    "VACUUM ANALYZE subject",
)


@dataclass(frozen=True)
class Row:
    name: str
    est: str
    city: str
    capital: str


@contextmanager
def crossed() -> Iterator[Bench]:
    """A data folder whose subjects are called by the crossed names."""
    with empty() as bench:
        bench.yuexin("doctor")
        fill(bench.url)
        yield bench


def fill(url: str) -> None:
    """Let an empty database hold the crossed names, with all that a search reads."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(RAW)
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            names = _crossed()
            while rows := list(islice(names, AT_ONCE)):
                parts = cores(pl.Series("key", [row.name for row in rows]))
                told = zip(rows, parts["core"].to_list(), parts["sound"].to_list(), strict=True)
                for row, core, sound in told:
                    found = list(cues(row.name))
                    copy.write_row((row.name, row.est, row.city, row.capital, found, core, sound))
        for statement in (DROP_INDEXES, SUBJECTS, SUBJECT_NAMES, *INDEXES):
            connection.execute(statement.encode())


def real() -> list[Row]:
    """The rows of the extract, by normal name."""
    cities = {one.name.zh.removesuffix("市"): one.code for one in DIVISIONS.values()}
    with gzip.open(register_file(), "rt", encoding="utf-8", newline="") as stream:
        return [
            Row(
                normalise_name(row["企业名称"]),
                row["注册日期"],
                cities.get(row["地区"].removesuffix("市"), ""),
                _capital(row["注册资金"]),
            )
            for row in csv.DictReader(stream)
        ]


def _capital(text: str) -> str:
    found = re.match(r"([\d.,]+)", text)
    return str(float(found[1].replace(",", "")) * 10_000) if found else "0"


def _crossed() -> Iterator[Row]:
    dice, rows, seen = random.Random(SEED), real(), set[str]()
    while len(seen) < NAMES:
        one, other = dice.choice(rows), dice.choice(rows)
        name = one.name[: len(one.name) // 2] + other.name[len(other.name) // 2 :]
        if len(name) >= SHORTEST and name not in seen:
            seen.add(name)
            yield Row(name, other.est, one.city, other.capital)
