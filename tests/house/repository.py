"""The files of this repository, for the tests of its constitution."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yuexin"
DECLARATIONS = ROOT / "declarations"


@cache
def tracked() -> tuple[Path, ...]:
    """What git holds or would take in."""
    command = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def with_suffix(*suffixes: str) -> Iterator[Path]:
    return (path for path in tracked() if path.suffix in suffixes)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def source_trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product, parsed."""
    return ((path, tree(path)) for path in with_suffix(".py") if path.is_relative_to(SOURCE))
