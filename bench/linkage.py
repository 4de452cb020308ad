"""Linkage on truth: the sample's rows, rows of the real register damaged by us, and neighbours that
must not be linked. `ERRORS=path` writes the twenty worst errors of the sample there.
"""

from __future__ import annotations

import os
import random
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db.backends.utils import CursorWrapper

from bench import mentions, people
from bench.figure import Figure, watch
from bench.online import opened
from bench.province import empty
from bench.register import register_file
from yuexin.domains.subjects.linkage.decision import decide
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.queries import candidates
from yuexin.engines.declare.queries import current

SUBJECTS, DAMAGED, NEIGHBOURS = "5000", 20_000, 10_000
WITHOUT_CODE = 100_000
SEED = 2_026
SHOWN = 3
PRECISION, RECALL, ASKED, MEMORY, MINUTES = 0.999, 0.95, 0.05, 2e9, 5.0
WORST = 20
APART = """
UPDATE mention SET not_subjects = ARRAY[s.id]
FROM unnest(%s::uuid[], %s::text[]) t(mention, code) JOIN subject s USING (code)
WHERE t.mention = mention.mention
"""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What became of rows whose subject is known: their verdict, and at which place it stood."""

    rows: pl.DataFrame
    seconds: float

    @property
    def linked(self) -> pl.DataFrame:
        return self.rows.filter(pl.col("verdict") == "link")

    @property
    def wrong(self) -> int:
        return self.linked.filter(pl.col("code") != pl.col("truth")).height

    @property
    def asked(self) -> int:
        return self.rows.filter(pl.col("verdict") == "ask").height

    @property
    def precision(self) -> float:
        return 1 - self.wrong / max(1, self.linked.height)

    @property
    def recall(self) -> float:
        """Linked rightly, or shown to a person among the first."""
        shown = (pl.col("verdict") == "ask") & (pl.col("place") <= SHOWN)
        right = (pl.col("verdict") == "link") & (pl.col("code") == pl.col("truth"))
        return self.rows.filter(shown | right).height / max(1, self.rows.height)

    @property
    def asked_share(self) -> float:
        return self.asked / max(1, self.rows.height)


def figures() -> Iterator[Figure]:
    with empty() as bench:
        sample = bench.home / "sample"
        bench.yuexin("sample", "--subjects", SUBJECTS, "--out", str(sample))
        bench.yuexin("deliver", "--resource", "register_extract", str(register_file()))
        bench.yuexin("deliver", str(sample))
        with opened(bench.url) as cursor:
            cursor.execute("ANALYZE")
            yield from _of_sample(cursor, sample)
            yield from _of_register(cursor)
    yield people.figure()


def _of_sample(cursor: CursorWrapper, sample: Path) -> Iterator[Figure]:
    rows = mentions.numbered(list(mentions.of_sample(sample)))
    judged = _judged(cursor, rows)
    yield _figure("linkage_sample", judged, "all rows of the sample whose subject is registered")
    coded = pl.col("faults").str.contains("code") | pl.col("uscc").is_null()
    uncoded = Judged(rows=judged.rows.filter(coded), seconds=judged.seconds)
    yield _figure("linkage_sample_codes", uncoded, "those without their code, or with another")
    if path := os.environ.get("ERRORS"):
        Path(path).write_text(_worst(judged), "utf-8")


def _of_register(cursor: CursorWrapper) -> Iterator[Figure]:
    register = mentions.register_rows(register_file())
    damage = mentions.Damage(seed=SEED, names=[row["企业名称"] for row in register])
    dice = random.Random(SEED)
    rows = mentions.numbered([damage.row(row) for row in dice.sample(register, DAMAGED)])
    yield _figure("linkage_register", _judged(cursor, rows), "rows of the register, damaged by us")
    stranger = _judged(cursor, rows, apart=True)
    yield _strangers(
        "linkage_strangers", stranger, "the same, their firms being no candidates", most=20
    )
    near = mentions.hard_negatives(register, seed=SEED, count=NEIGHBOURS)
    neighbours = _judged(cursor, mentions.numbered(list(near)), apart=True)
    yield _strangers("linkage_neighbours", neighbours, "same city, same first three characters")
    plain = [
        damage.told(row, row["企业名称"], {}) | {"faults": ""}
        for row in dice.sample(register, min(WITHOUT_CODE, len(register)))
    ]
    yield _volume(_judged(cursor, mentions.numbered(plain)))


def _judged(cursor: CursorWrapper, rows: pl.DataFrame, *, apart: bool = False) -> Judged:
    """The verdicts on rows whose subject there is; `apart` hides it from the candidates."""
    mentions.keep(cursor, rows)
    if apart:
        cursor.execute(APART, [rows["mention"].to_list(), rows["truth"].to_list()])
    model = Model.of(current())
    with watch() as taken:
        found = candidates(cursor=cursor, model=model)
        decided = decide(candidates=found, model=model)
    cursor.execute("SELECT id::text, code FROM subject")
    schema = {"subject": pl.String, "code": pl.String}
    codes = pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
    ranked = found.with_columns(place=1 + pl.int_range(pl.len()).over("mention"))
    ranked = ranked.select("mention", "subject", "place").join(codes, on="subject")
    place = ranked.select("mention", "place", truth="code")
    best = found.unique("mention", keep="first", maintain_order=True)
    best = best.select("mention", "levels", best_name="name")
    judged = (
        rows.filter(pl.col("truth").is_in(codes["code"].implode()))
        .join(decided, on="mention", how="left")
        .join(codes, on="subject", how="left")
        .join(place, on=["mention", "truth"], how="left")
        .join(best, on="mention", how="left")
        .with_columns(pl.col("verdict").fill_null("none"))
    )
    return Judged(rows=judged, seconds=taken.seconds)


def _figure(name: str, judged: Judged, of: str) -> Figure:
    """The ratio is that of the bound which is nearest to being broken."""
    ratio = min(
        judged.precision / PRECISION,
        judged.recall / RECALL,
        ASKED / max(judged.asked_share, 1e-9),
    )
    return Figure(
        name=name,
        value=judged.precision,
        unit="precision of what is linked",
        reference=f"{of}; precision {PRECISION}, recall {RECALL}, asked {ASKED} at most",
        ratio=ratio,
        detail={
            "rows": judged.rows.height,
            "linked": judged.linked.height,
            "wrong": judged.wrong,
            "recall": round(judged.recall, 4),
            "asked": round(judged.asked_share, 4),
            "seconds": round(judged.seconds, 1),
        },
    )


def _strangers(name: str, judged: Judged, of: str, *, most: int = 0) -> Figure:
    """The extract holds some firms twice, under two codes: a few strangers are none."""
    return Figure(
        name=name,
        value=judged.linked.height,
        unit="rows linked to somebody",
        reference=f"{judged.rows.height} rows: {of}; at most {most}",
        ratio=(most + 1) / (judged.linked.height + 1),
        detail={"asked": round(judged.asked_share, 4), "seconds": round(judged.seconds, 1)},
    )


def _volume(judged: Judged) -> Figure:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Figure(
        name="linkage_volume",
        value=judged.seconds / 60,
        unit="minutes",
        reference=f"{judged.rows.height} rows without any code; {MINUTES:g} minutes, 2 GB",
        ratio=min(MINUTES * 60 / judged.seconds, MEMORY / peak),
        detail={"peak_gb": round(peak / 1e9, 2), "wrong": judged.wrong},
    )


def _worst(judged: Judged) -> str:
    """Wrong links, then what was found nowhere, then what a person is asked, one a line."""
    right = (pl.col("verdict") == "link") & (pl.col("code") == pl.col("truth"))
    order = {"link": 0, "none": 1, "ask": 2}
    errors = judged.rows.filter(~right).with_columns(
        grave=pl.col("verdict").replace_strict(order), far=pl.col("place").fill_null(99)
    )
    errors = errors.sort("grave", "far", "weight", descending=[False, True, True]).head(WORST)
    told = ("verdict", "why", "faults", "source", "name", "uscc", "city", "agency_city", "place")
    lines = [
        "; ".join(f"{key} {row[key]}" for key in told if row[key] is not None)
        + f"; best {row['best_name']}; {_agreement(row['levels'])}"
        for row in errors.iter_rows(named=True)
    ]
    return "\n".join(lines) + "\n"


def _agreement(levels: dict[str, str] | None) -> str:
    said = (levels or {}).items()
    return ", ".join(f"{field} {level}" for field, level in said if level != "none")
