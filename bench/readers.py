"""One reading of one file in a process of its own: its seconds and its peak memory."""

from __future__ import annotations

import csv
import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import ijson
import pyarrow.parquet as pq
from lxml import etree
from python_calamine import CalamineWorkbook

from bench.figure import watch
from bench.penalties import RESOURCE
from yuexin.domains.collection.reading.batches import opened
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.types import Format


def _ours(path: Path, form: Format) -> int:
    declared = current().resources[RESOURCE]
    with (
        tempfile.TemporaryDirectory(prefix="yuexin-bench-") as folder,
        opened(path=path, form=form, resource=declared, scratch=Path(folder)) as batches,
    ):
        return sum(rows.frame.height for rows in batches)


def _csv(path: Path) -> Iterable[object]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _calamine(path: Path) -> Iterable[object]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()
    header = next(rows)
    for row in rows:
        yield dict(zip(header, row, strict=True))


def _json(path: Path) -> Iterable[object]:
    with path.open(encoding="utf-8") as stream:
        yield from json.load(stream)


def _ijson(path: Path) -> Iterable[object]:
    with path.open("rb") as stream:
        yield from ijson.items(stream, "item")


def _ndjson(path: Path) -> Iterable[object]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _lxml(path: Path) -> Iterable[object]:
    for _, row in etree.iterparse(str(path), tag="row"):
        yield {field.tag: field.text for field in row}
        row.clear()
        while row.getprevious() is not None:
            del cast(Any, row.getparent())[0]


def _parquet(path: Path) -> Iterable[object]:
    for batch in pq.ParquetFile(path).iter_batches():
        yield from batch.to_pylist()


LOOPS: dict[str, Callable[[Path], Iterable[object]]] = {
    "csv.DictReader": _csv,
    "python-calamine iter_rows": _calamine,
    "json.load": _json,
    "ijson.items": _ijson,
    "json.loads by line": _ndjson,
    "lxml.etree.iterparse": _lxml,
    "pyarrow to_pylist": _parquet,
}


def main() -> None:
    reader, form, path, rows = sys.argv[1:]
    current()
    with watch() as taken:
        if reader == "ours":
            count = _ours(Path(path), cast(Format, form))
        else:
            count = sum(1 for _ in LOOPS[reader](Path(path)))
    assert count == int(rows), (count, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken.seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
