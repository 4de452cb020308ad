"""Rows a second out of each format of the same penalties, against a plain loop over the best-kept
reader of that format, in child processes that are taken in turn.

The reader of the platform decodes, checks shapes and gives columns of text; the loop gives rows.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.penalties import FORMS, write_penalties
from yuexin.engines.deliveries.types import Format

ROWS = int(os.environ.get("YUEXIN_BENCH_ROWS", "500000"))
ROUNDS = 3
MEMORY_LIMIT_MB = 2_000
LOOPS: dict[Format, tuple[str, ...]] = {
    "csv": ("csv.DictReader",),
    "xlsx": ("python-calamine iter_rows",),
    "json": ("json.load", "ijson.items"),
    "ndjson": ("json.loads by line",),
    "xml": ("lxml.etree.iterparse",),
    "parquet": ("pyarrow to_pylist",),
}


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="yuexin-bench-") as folder:
        files = {form: Path(folder) / f"penalties.{form}" for form in FORMS}
        write_penalties(files, ROWS)
        of_csv = 0.0
        for form, path in files.items():
            ours, loops, peak = _measured(form, path)
            name, theirs = min(loops.items(), key=lambda item: item[1])
            of_csv = of_csv or ROWS / ours
            yield Figure(
                name=f"formats_{form}",
                value=ROWS / ours,
                unit="rows/s",
                reference=f"a plain loop over {name}: {ROWS / theirs:.0f} rows/s",
                ratio=theirs / ours,
                detail={
                    "rows": ROWS,
                    "of_csv": round(ROWS / ours / of_csv, 2),
                    "peak_mb": round(peak),
                    "memory_ratio": round(MEMORY_LIMIT_MB / peak, 2),
                    "file_mb": round(path.stat().st_size / 1e6, 1),
                },
            )


def _measured(form: Format, path: Path) -> tuple[float, dict[str, float], float]:
    """Median seconds of our reader and of each loop, and our reader's peak memory."""
    mine: list[float] = []
    others: dict[str, list[float]] = {name: [] for name in LOOPS[form]}
    peak = 0.0
    for _ in range(ROUNDS):
        ours = _child("ours", form, path)
        mine.append(ours["seconds"])
        peak = max(peak, ours["peak_mb"])
        for name, seconds in others.items():
            seconds.append(_child(name, form, path)["seconds"])
    return (
        statistics.median(mine),
        {name: statistics.median(seconds) for name, seconds in others.items()},
        peak,
    )


def _child(reader: str, form: Format, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.readers", reader, form, str(path), str(ROWS)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
