"""The English catalogue: `python tools/messages.py check` or `… compile`.

Chinese is the language of the templates, so a message is its own Chinese text, and the catalogue
holds the English. `check` finds messages without English, English without a message, and
placeholders that differ; `compile` makes the file that Django reads.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "yuexin"
TEMPLATES = frozenset({".html", ".txt"})
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
ABSENT = "%(absent)s"


def messages(*, source: Path = SOURCE) -> dict[str, str]:
    """Every message of the templates and the faces' code, with the first place that uses it."""
    found: dict[str, str] = {}
    templates = (path for path in source.rglob("templates/**/*") if path.suffix in TEMPLATES)
    for path in sorted(templates):
        _gather(found, path, templatize(path.read_text(encoding="utf-8"), origin=str(path)))
    for path in sorted((source / "faces").rglob("*.py")):
        _gather(found, path, path.read_text(encoding="utf-8"))
    return found


def _gather(found: dict[str, str], path: Path, code: str) -> None:
    for line, message, _, _ in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        # A plural message is a pair whose two Chinese forms are the same.
        one = message if isinstance(message, str) else message[0]
        found.setdefault(one, f"{path.name}:{line}")


def catalogue(*, path: Path = ENGLISH) -> Catalog:
    """The English catalogue as written."""
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def problems(*, used: dict[str, str], english: Catalog) -> Iterator[str]:
    """What is missing, unused or different between the messages and their English."""
    known = {_singular(message): message for message in english if message.id}
    for text, place in used.items():
        if text not in known:
            yield f"{place}: no English for “{text}”"
    for text, message in known.items():
        if text not in used:
            yield f"{ENGLISH.name}:{message.lineno}: nothing uses “{text}”"
        for translation in _translations(message):
            if set(PLACEHOLDER.findall(translation)) != set(PLACEHOLDER.findall(text)):
                yield f"{ENGLISH.name}:{message.lineno}: empty, or other placeholders: “{text}”"


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _translations(message: Message) -> tuple[str, ...]:
    # Placeholders may both be none, so an absent or unsure text must fail by itself.
    if message.fuzzy or not message.string:
        return (ABSENT,)
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(text or ABSENT for text in message.string)


def compile_catalogue(*, path: Path = ENGLISH) -> Path:
    """Write the machine form beside the catalogue and return its path."""
    target = path.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, catalogue(path=path))
    return target


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        print(compile_catalogue())
        return 0
    if arguments == ["check"]:
        found = list(problems(used=messages(), english=catalogue()))
        print("\n".join(found) or f"{len(messages())} messages, all in English")
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
