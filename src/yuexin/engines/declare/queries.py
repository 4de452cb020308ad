"""Reads: the snapshot this process works with."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from yuexin.engines.declare.snapshot import load, load_folder, pack, unpack
from yuexin.engines.declare.types import Declarations

__all__ = [
    "Declarations",
    "current",
    "declarations_folder",
    "load",
    "load_folder",
    "pack",
    "unpack",
]


def declarations_folder() -> Path:
    """`YUEXIN_DECLARATIONS`, or the folder that stands beside `src`."""
    given = os.environ.get("YUEXIN_DECLARATIONS")
    return Path(given) if given else Path(__file__).resolve().parents[4] / "declarations"


@cache
def current() -> Declarations:
    """What is declared in the folder now; read once in a process."""
    return load_folder(declarations_folder())
