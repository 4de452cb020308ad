"""A folder's `manifest.json`: checked from end to end before anything of it is delivered."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from yuexin.base.dates import SHANGHAI
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.deliveries.types import Intent

MANIFEST: Final = "manifest.json"
# What is chained is read back from the database: only what it holds may be said.
MOST_ROWS: Final = 2**63
SHA256: Final = re.compile("[0-9a-fA-F]{64}")

_NOT_TEXT: Final = Text("应为非空文字", "is no text, or empty")
_NOT_ROWS: Final = Text("应为 0 至 2^63-1 的整数", "is no whole number from 0 to 2^63-1")
_NOT_DIGEST: Final = Text("应为 64 位十六进制数", "is no digest of 64 hexadecimal digits")
_OUTSIDE: Final = Text("位于目录之外", "lies outside the folder")
_NO_FILE: Final = Text("不是目录中的普通文件", "is no regular file of the folder")
_MISSING: Final = Text("缺失", "is missing")
_UNKNOWN: Final = Text("不是已知的键", "is no known key")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file to deliver, and what is said of it."""

    path: Path
    resource: str
    agency: str
    rows: int | None = None
    sha256: str = ""
    sent_at: dt.datetime | None = None
    secrecy: str = ""
    intent: Intent = "report"


def manifest_items(folder: Path) -> list[Item]:
    """The files of the folder by its manifest. Raises a `Refusal` for the first entry amiss."""
    entries = _read(folder)
    if not isinstance(entries, list) or not entries:
        raise _refusal(folder, Text("应为非空的列表", "it is no list, or an empty one"))
    return [_item(folder, number, entry) for number, entry in enumerate(entries, start=1)]


def _read(folder: Path) -> Any:
    manifest = folder / MANIFEST
    try:
        if not manifest.is_file():
            raise _refusal(folder, Text("不存在", "it is missing"))
        return json.loads(manifest.read_text("utf-8-sig"))
    except OSError as error:
        raise _refusal(folder, Text("无法读取", "it cannot be read")) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _refusal(folder, Text("不是 UTF-8 的 JSON", "it is no JSON in UTF-8")) from error


def _item(folder: Path, number: int, entry: object) -> Item:
    if not isinstance(entry, dict):
        what = Text(f"第 {number} 项不是对象", f"entry {number} is no object")
        raise _refusal(folder, what)

    def amiss(key: str, why: Text) -> Refusal:
        what = Text(f"第 {number} 项的 {key} {why.zh}", f"entry {number}: {key} {why.en}")
        return _refusal(folder, what)

    if "file" not in entry:
        raise amiss("file", _MISSING)
    path = _path(folder, entry["file"])
    if isinstance(path, Text):
        raise amiss("file", path)
    for key, value in entry.items():
        if key not in _KEYS:
            raise amiss(key[:40], _UNKNOWN)
        if (why := _KEYS[key](value)) is not None:
            raise amiss(key, why)
    for key in ("resource", "agency"):
        if key not in entry:
            raise amiss(key, _MISSING)
    return _said_of(path, entry)


def _said_of(path: Path, entry: Mapping[str, Any]) -> Item:
    return Item(
        path=path,
        resource=entry["resource"],
        agency=entry["agency"],
        rows=entry.get("declared_rows"),
        sha256=entry.get("sha256", ""),
        sent_at=moment_of(entry.get("sent_at", "")),
        secrecy=entry.get("secrecy", ""),
    )


def moment_of(text: str) -> dt.datetime | None:
    """The moment of ISO 8601 that a text is, in Beijing's time where it names no zone."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _path(folder: Path, name: object) -> Path | Text:
    """The file of that name, or why there is none."""
    if not isinstance(name, str) or not name:
        return _NOT_TEXT
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            return _OUTSIDE
        return path if path.is_file() else _NO_FILE
    except (OSError, RuntimeError, ValueError):
        # Too long, a loop of links, NUL, half a character: no file has such a name.
        return _NO_FILE


def _text(value: object) -> Text | None:
    return None if isinstance(value, str) and value else _NOT_TEXT


def _rows(value: object) -> Text | None:
    if value is None or (type(value) is int and 0 <= value < MOST_ROWS):
        return None
    return _NOT_ROWS


def _digest(value: object) -> Text | None:
    if isinstance(value, str) and (not value or SHA256.fullmatch(value)):
        return None
    return _NOT_DIGEST


def _moment(value: object) -> Text | None:
    if isinstance(value, str) and (not value or moment_of(value)):
        return None
    return Text("应为 ISO 8601 时间", "is no moment of ISO 8601")


def _mark(value: object) -> Text | None:
    return None if isinstance(value, str) else Text("应为文字", "is no text")


_KEYS: Final[Mapping[str, Callable[[object], Text | None]]] = {
    "file": _text,
    "resource": _text,
    "agency": _text,
    "declared_rows": _rows,
    "sha256": _digest,
    "sent_at": _moment,
    "secrecy": _mark,
    # Written by `yuexin sample` for whoever studies it; nothing is done with it.
    "rows": _rows,
}


def _refusal(folder: Path, what: Text) -> Refusal:
    return Refusal(
        code="MANIFEST",
        what=Text(
            f"{MANIFEST}：{what.zh}，全部未交付", f"{what.en} ({MANIFEST}); nothing was taken"
        ),
        where=str(folder),
        remedy=Text(
            "更正后重试，或逐个文件交付并指明 --resource",
            "mend it, or deliver single files with --resource",
        ),
    )
