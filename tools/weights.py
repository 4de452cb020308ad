"""Learn what levels of agreement weigh, and write the shares into `declarations/linkage/`.

`YUEXIN_REGISTER=… python -m tools.weights`: the sample province and the register are delivered into
a data folder of its own; rows of both, damaged by us, are compared with the candidates that the
blocking gives. Shares u are counted on random pairs. Shares m are estimated by expectation and
maximisation without any truth: a row is one of its candidates, or none. The words of trades are
those that many names end in.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from bench import mentions
from bench.online import opened
from bench.province import empty
from bench.register import register_file
from django.db.backends.utils import CursorWrapper

from yuexin.domains.subjects.linkage import blocking, queries
from yuexin.domains.subjects.linkage.comparison import told
from yuexin.domains.subjects.linkage.estimation import (
    Shares,
    by_chance,
    others_expected,
    settled,
    with_shares,
)
from yuexin.domains.subjects.linkage.model import FIELDS, Model
from yuexin.engines.declare.queries import current

DECLARED = Path(__file__).resolve().parents[1] / "declarations" / "linkage" / "subjects.yaml"
SUBJECTS, ROWS, RANDOM_PAIRS, SEED = "5000", 12_000, 500_000, 11
BORNE = (("borne", "within"), ("borne", "before"), ("borne", "after"))
OFTEN, LEFT, ONE_LEFT, ROUNDS_OF_WORDS = 40, 15, 0.4, 4


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        yuexin = str(Path(sys.executable).with_name("yuexin"))
        subprocess.run([yuexin, "sample", "--subjects", SUBJECTS, "--out", sample], check=True)
        with delivered(sample) as cursor:
            model, subjects = learned(cursor, mentions.numbered(told_rows(sample)))
    DECLARED.write_text(written(DECLARED.read_text("utf-8"), model, subjects), "utf-8")


def learned(cursor: CursorWrapper, rows: pl.DataFrame) -> tuple[Model, int]:
    """The model of today with shares learned anew, and the number of subjects it was learned on."""
    model = Model.of(current())
    words = trades(names_of(cursor, model)["stem"].to_list())
    model = replace(model, declared=replace(model.declared, trades=" ".join(words)))
    mentions.keep(cursor, rows)
    cursor.execute("ANALYZE subject")
    cursor.execute("SELECT id::text FROM subject ORDER BY id")
    subjects = [subject for (subject,) in cursor.fetchall()]
    levels = pl.concat(queries.levels_of_candidates(cursor=cursor, model=model))
    asked = pl.concat(queries.prepared_mentions(cursor=cursor, model=model))
    by_lot = random_levels(cursor, asked, subjects, levels, model)
    declared = with_shares(model.declared, u=by_chance(levels=by_lot, model=model.declared))
    declared = with_shares(declared, u=rare_names(names_of(cursor, model), len(subjects)))
    declared = settled(levels=levels, model=declared, subjects=len(subjects), fields=FIELDS)
    return replace(model, declared=declared), len(subjects)


def told_rows(sample: Path) -> list[mentions.Row]:
    """Rows of the sample, and as many of the register, damaged."""
    dice = random.Random(SEED)
    register = mentions.register_rows(register_file())
    damage = mentions.Damage(seed=SEED, names=[row["企业名称"] for row in register])
    rows = list(mentions.of_sample(sample))
    taken = dice.sample(rows, min(ROWS, len(rows)))
    return taken + [damage.row(row) for row in dice.sample(register, ROWS)]


def rare_names(borne: pl.DataFrame, subjects: int) -> Shares:
    """How many others bear a name that one subject is known to bear, by the rule of Good and
    Turing: twice the names that two bear, over the names that one bears."""
    whole = borne.select(pl.concat_str("core", "region", "county", "form", separator="|"))
    texts = {"whole": whole.to_series(), "same": borne["core"], "brand": borne["brand"]}
    rare = {("name", level): others_expected(one) / subjects for level, one in texts.items()}
    # Of two that bore one name in turn, a day falls to either alike.
    return rare | dict(zip(BORNE, (0.5, 0.25, 0.25), strict=True))


# --- pairs ---


def random_levels(
    cursor: CursorWrapper,
    mentions: pl.DataFrame,
    subjects: list[str],
    levels: pl.DataFrame,
    model: Model,
) -> pl.DataFrame:
    """The levels of mentions and subjects put together by lot.

    Pairs of one number lie beside them, so that a number of somebody else is seen as such.
    """
    dice = np.random.default_rng(SEED)
    ids = mentions["mention"].gather(dice.integers(len(mentions), size=RANDOM_PAIRS))
    drawn = pl.Series(subjects).gather(dice.integers(len(subjects), size=RANDOM_PAIRS))
    lot = pl.DataFrame({"mention": ids, "subject": drawn, "by_number": False})
    numbered = levels.filter(pl.col("number") == "same").select("mention", "subject")
    pairs = pl.concat([numbered.with_columns(by_number=True), lot])
    pairs = pairs.unique(["mention", "subject"], keep="first", maintain_order=True)
    cursor.execute(blocking.TABLES)
    cursor.execute(
        "INSERT INTO candidate SELECT m, s, false FROM unnest(%s::uuid[], %s::uuid[]) p(m, s)",
        [pairs["mention"].to_list(), pairs["subject"].to_list()],
    )
    found = queries.levels_of(cursor=cursor, pairs=pairs, mentions=mentions, model=model)
    return found.filter(pl.col("number") != "same")


def names_of(cursor: CursorWrapper, model: Model) -> pl.DataFrame:
    """The parts of every name of a subject."""
    cursor.execute("SELECT DISTINCT key FROM subject_name ORDER BY key")
    keys = pl.Series("key", [key for (key,) in cursor.fetchall()], dtype=pl.String)
    return told(keys, model.trades)


@contextmanager
def delivered(sample: Path) -> Iterator[CursorWrapper]:
    """A database that the sample and the register were delivered to, or `YUEXIN_DATABASE_URL`."""
    if given := os.environ.get("YUEXIN_DATABASE_URL"):
        with opened(given) as cursor:
            yield cursor
        return
    with empty() as bench:
        bench.yuexin("deliver", "--resource", "register_extract", str(register_file()))
        bench.yuexin("deliver", str(sample))
        with opened(bench.url) as cursor:
            yield cursor


# --- the declaration ---


def written(text: str, model: Model, subjects: int) -> str:
    """The declaration with the learned numbers in its lines, and all else as it was."""
    lines, field = [], ""
    for line in text.splitlines():
        if opening := re.match(r"  - id: (\w+)$", line):
            field = opening[1]
        level = re.match(r"      - \{id: (\w+),", line)
        if level and field in model.declared.by_field:
            one = model.declared.by_field[field].by_level[level[1]]
            line = re.sub(r"m: [^,}]+, u: [^,}]+", f"m: {one.m:.3g}, u: {one.u:.3g}", line)
        elif line.startswith("subjects_learned:"):
            line = f"subjects_learned: {subjects}"
        elif line.startswith("trades:"):
            line = f"trades: {model.declared.trades}"
        lines.append(line)
    return "\n".join(lines) + "\n"


# --- words of trades ---


def trades(stems: Iterable[str]) -> list[str]:
    """Words that many names end in, behind many different characters: the most usual first."""
    rest, found = [stem for stem in stems if len(stem) > 3], Counter[str]()
    for _ in range(ROUNDS_OF_WORDS):
        found |= _endings(rest)
        pattern = re.compile(f"(?:{'|'.join(sorted(found, key=len, reverse=True))})$")
        cut = [pattern.sub("", stem) for stem in rest]
        rest = [
            one for one, before in zip(cut, rest, strict=True) if one != before and len(one) > 2
        ]
    tails = {word for word in found if any(word[at:] in found for at in range(1, len(word) - 1))}
    return [word for word, _ in found.most_common() if word not in tails and word.isalpha()]


def _endings(stems: list[str]) -> Counter[str]:
    seen: Counter[str] = Counter()
    left: dict[str, Counter[str]] = {}
    for stem in stems:
        for length in (2, 3, 4):
            if len(stem) > length + 1:
                seen[stem[-length:]] += 1
                left.setdefault(stem[-length:], Counter())[stem[-length - 1]] += 1
    return Counter({
        word: count for word, count in seen.items()
        if count >= OFTEN and len(left[word]) >= LEFT
        and left[word].most_common(1)[0][1] < ONE_LEFT * count
    })  # fmt: skip


if __name__ == "__main__":
    main()
