"""What is delivered under fire: registers and licences in which every row has a known place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tests.cast import entity
from tests.stories.province import as_csv

from yuexin.sample.bench_files import valid_codes, write_licences, write_register

NAMELESS = 3
# Three such texts make more than a mebibyte, of which a first part is written as the rest comes.
LONG_TEXT = "示例经营。" * 25_000


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file, and how many of its rows are new or rejected when it comes for the first time."""

    path: Path
    resource: str
    new: int
    rejected: int = 0

    @property
    def words(self) -> tuple[str | Path, ...]:
        """How it is delivered."""
        return ("deliver", self.path, "--resource", self.resource, "--json")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def large_register(folder: Path, *, seed: int, subjects: int) -> Sent:
    """One that takes a while to arrive."""
    return register(folder, seed=seed, subjects=subjects, scope=LONG_TEXT)


def register(
    folder: Path, *, seed: int, subjects: int, encoding: str = "utf-8", scope: str = "示例。"
) -> Sent:
    """A register of subjects nobody else has, and a few rows without a name."""
    path = folder / f"register-{seed}.csv"
    write_register(path, subjects, seed)
    nameless = [
        entity(1_000 * seed + n).registration(名称="", 经营范围=scope) for n in range(NAMELESS)
    ]
    header, rows = as_csv("registration", nameless).split("\n", 1)
    with path.open("r+", encoding="utf-8", newline="") as stream:
        assert stream.readline().strip() == header.strip()
        stream.seek(0, 2)
        stream.write(rows)
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    return Sent(path=path, resource="registration", new=subjects, rejected=NAMELESS)


def licences(folder: Path, *, rows: int, seed: int, subjects: int) -> Sent:
    """Licences of the register of this seed; they wait for it when they come first."""
    path = folder / f"licences-{seed}.csv"
    write_licences(path, rows, seed, codes=valid_codes(rows=subjects, seed=seed))
    return Sent(path=path, resource="licences_2018", new=rows)
